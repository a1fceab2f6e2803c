"""What if: suggestions played through the same buyer, so that what is promised would have been."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from coach.debrief import Debrief, ahead
from coach.debrief.ahead import Ahead, Reply
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Session
from coach.suggestion import Advice
from coach.suggestion.grounding import uncovered
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore

BAD = (
    "Our platform has many modules and a modern interface.",
    "I understand that nine hours is a long time. Our uptime has been 100% since 2011.",
    "Sign today, the offer ends tonight.",
)


@pytest.fixture(scope="module")
def ended(
    book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> tuple[CoachService, Session, Debrief]:
    """A session that went badly, and its debrief."""
    service = CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=retriever,
        embedder=embedder,
        clock=FixedClock(),
    )

    async def played() -> tuple[CoachService, Session, Debrief]:
        made = await service.start(LOCAL, "trust-true-rumour", seed=3, difficulty=Difficulty.NORMAL)
        for words in BAD:
            await said(service, made.id, words)
        debrief = await service.end(LOCAL, made.id)
        return service, await service.session(LOCAL, made.id), debrief

    return asyncio.run(played())


async def said(service: CoachService, session: str, words: str) -> None:
    async for _ in await service.take_turn(LOCAL, session, words):
        pass


def test_at_most_two_turns_are_told_in_their_order(
    ended: tuple[CoachService, Session, Debrief],
) -> None:
    _, session, debrief = ended
    turns = [entry["turn"] for entry in debrief.what_if]
    assert turns == sorted(set(turns))
    assert len(turns) == 2
    assert all(session.turns[turn].speaker == "seller" for turn in turns)


def test_what_is_suggested_stands_in_quotes(ended: tuple[CoachService, Session, Debrief]) -> None:
    """The same grounding as for suggestions: no figure or name of its own."""
    _, session, debrief = ended
    for entry in debrief.what_if:
        quotes = [claim["quote"] for claim in entry["claims"]]
        assert not uncovered(entry["suggestion"], quotes, session.turns[entry["turn"] - 1].text)


def test_whoever_says_it_in_a_branch_gets_what_was_promised(
    ended: tuple[CoachService, Session, Debrief],
) -> None:
    """A counterfactual and no guess: the moment is taken again, and trust moves as it said."""
    service, session, debrief = ended
    entry = max(debrief.what_if, key=lambda e: e["played"]["trust"]["would_be"])

    async def again() -> float:
        branch = await service.rewinding.branch(LOCAL, session.id, entry["turn"])
        before = branch.state.trust
        await said(service, branch.id, entry["suggestion"])
        after = (await service.session(LOCAL, branch.id)).state.trust
        return after - before

    moved = asyncio.run(again())
    assert round(moved) == entry["played"]["trust"]["would_be"]
    assert moved > entry["played"]["trust"]["was"]


def test_what_was_played_while_the_session_went_on_is_not_played_at_its_end(
    ended: tuple[CoachService, Session, Debrief], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end waits for nothing, and the debrief is what it would have been."""
    service, _, debrief = ended
    monkeypatch.setattr(ahead, "QUIET", 0.0)
    advise, asked = service._advisor.advise, []

    def counted(words: str, *rest: Any, **more: Any) -> Advice:
        asked.append(words)
        return advise(words, *rest, **more)

    async def played() -> Debrief:
        made = await service.start(LOCAL, "trust-true-rumour", seed=3, difficulty=Difficulty.NORMAL)
        for words in BAD:
            await said(service, made.id, words)
        await service.what_if.ahead.settle()
        monkeypatch.setattr(service._advisor, "advise", counted)
        return await service.end(LOCAL, made.id)

    assert asyncio.run(played()).what_if == debrief.what_if
    assert asked == []


def test_what_was_played_with_other_evidence_is_played_anew(
    ended: tuple[CoachService, Session, Debrief],
) -> None:
    """No debrief cites what has gone since."""
    _, session, _ = ended
    evidence = ["an item"]
    reply = Reply(None, None, None)  # type: ignore[arg-type]  # nothing looks into it
    shelf = SimpleNamespace(listing=lambda *_: list(evidence))
    played = Ahead(lambda *_: (reply,), shelf)  # type: ignore[arg-type]

    async def seen() -> None:
        played.see(replace(session, turns=session.turns[:1]), None, 1)  # type: ignore[arg-type]
        played.wait_for_quiet()
        await played.settle()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "QUIET", 0.0)
        asyncio.run(seen())
    assert played.replies(session.id, 1) == (reply,)
    assert played.replies(session.id, 3) is None
    evidence.append("another")
    assert played.replies(session.id, 1) is None


def test_facts_to_say_have_their_source(
    ended: tuple[CoachService, Session, Debrief], retriever: HybridRetriever
) -> None:
    _, _, debrief = ended
    assert debrief.facts
    for fact in debrief.facts:
        item = retriever.get(fact["evidence"])
        assert item is not None
        assert fact["quote"] in item.text
        assert fact["source"]


def test_the_debrief_is_stored_whole(ended: tuple[CoachService, Session, Debrief]) -> None:
    """Asked for again, it is the same; nothing is played anew."""
    service, session, debrief = ended
    assert asyncio.run(service.debrief(LOCAL, session.id)) == debrief
    assert debrief.rubrics[0].startswith("trust-true-rumour@")


# --- the judge ---


def test_the_assessment_never_steers_the_buyer(
    ended: tuple[CoachService, Session, Debrief], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judge that fails on every reply leaves each word and each state as they were."""
    service, session, _ = ended

    def broken(*_: object) -> None:
        raise RuntimeError("no verdict")

    async def again() -> Session:
        made = await service.start(LOCAL, "trust-true-rumour", seed=3, difficulty=Difficulty.NORMAL)
        monkeypatch.setattr("coach.turn.assess", broken)
        for words in BAD:
            await said(service, made.id, words)
        return await service.session(LOCAL, made.id)

    other = asyncio.run(again())
    assert not any(t.assessment.scored for t in other.turns if t.assessment)
    assert [(t.text, t.state) for t in other.turns] == [(t.text, t.state) for t in session.turns]
