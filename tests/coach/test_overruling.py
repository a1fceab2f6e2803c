"""A trainer overrules a verdict: what counts changes, what was said stays."""

from __future__ import annotations

import pytest

from coach.assessment import Verdict
from coach.calibration import Agreement, Kappa
from coach.errors import BadInput, NotFound, Refused
from coach.overruling.referee import LONGEST_REASON
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Caller, Session
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore

pytestmark = pytest.mark.anyio

DENIED = "There was no outage. That is just a rumour our competitors spread."
HARD, ASKS = "true-rumour-not-denied", "asks-before-answering"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def service(
    store: MemoryStore, book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> CoachService:
    return CoachService(
        scenarios=book, store=store, retriever=retriever, embedder=embedder, clock=FixedClock()
    )


async def talked(service: CoachService, *texts: str, caller: Caller = LOCAL) -> Session:
    session = await service.start(caller, "trust-true-rumour", seed=7, difficulty=Difficulty.NORMAL)
    for text in texts:
        async for _ in await service.take_turn(caller, session.id, text):
            pass
    return session


async def test_a_hard_rule_that_was_not_broken_after_all(service: CoachService) -> None:
    """The debrief fails nobody any more, also one that was stored; withdrawn, it is as before."""
    session = await talked(service, DENIED)
    before = await service.end(LOCAL, session.id)
    assert before.failed
    place = (session.id, 1, HARD)
    ruling = await service.referee.overrule(LOCAL, place, Verdict.NOT_OBSERVABLE, "He was joking.")
    assert (ruling.machine, ruling.author) == (Verdict.NO, "local")
    after = await service.debrief(LOCAL, session.id)
    assert HARD not in [check.id for check in after.checks if check.broken]
    assert next(check for check in after.checks if check.id == HARD).overruled == 1
    await service.referee.withdraw(LOCAL, place)
    assert await service.debrief(LOCAL, session.id) == before


async def test_what_the_coach_said_is_kept(service: CoachService) -> None:
    """The turn still holds its verdict, and the ruling says who, when, why and instead of what."""
    session = await talked(service, DENIED)
    await service.referee.overrule(LOCAL, (session.id, 1, ASKS), Verdict.YES, " It \n asked. ")
    stored = (await service.session(LOCAL, session.id)).turns[1].assessment
    assert stored
    assert next(check for check in stored.checks if check.id == ASKS).verdict is Verdict.NO
    [ruling] = await service.referee.rulings(LOCAL, session.id)
    assert (ruling.verdict, ruling.machine, ruling.reason) == (
        Verdict.YES,
        Verdict.NO,
        "It asked.",
    )
    assert ruling.at == FixedClock().now


async def test_it_changes_progress(service: CoachService) -> None:
    """What was missed is kept, and no drill comes of it."""
    session = await talked(service, DENIED)
    mastery = await service.progress.mastery(LOCAL, ASKS)
    assert mastery
    assert (mastery.kept, mastery.seen) == (0, 1)
    await service.referee.overrule(LOCAL, (session.id, 1, ASKS), Verdict.YES, "It asked.")
    found = await service.progress.progress(LOCAL)
    assert next(one for one in found.masteries if one.check == ASKS).kept == 1
    assert ASKS not in [one.check for one in found.drills]


WRONG = [
    (1, ASKS, Verdict.NO, "Why.", BadInput),  # the coach said so too
    (1, ASKS, Verdict.YES, "  ", BadInput),
    (1, ASKS, Verdict.YES, "x" * (LONGEST_REASON + 1), BadInput),
    (1, "no-such-check", Verdict.YES, "Why.", NotFound),
    (2, ASKS, Verdict.YES, "Why.", NotFound),  # the buyer's turn
    (99, ASKS, Verdict.YES, "Why.", NotFound),
]


async def test_what_cant_be_overruled(service: CoachService) -> None:
    """Says what is wrong, and changes nothing."""
    session = await talked(service, DENIED)
    for turn, check, verdict, reason, error in WRONG:
        with pytest.raises(error):
            await service.referee.overrule(LOCAL, (session.id, turn, check), verdict, reason)
    assert await service.referee.rulings(LOCAL, session.id) == []


async def test_only_a_trainer_overrules(service: CoachService) -> None:
    """A rep doesn't, not even in a session of theirs; a stranger finds nothing to overrule."""
    rep = Caller("rita")
    session = await talked(service, DENIED, caller=rep)
    with pytest.raises(Refused):
        await service.referee.overrule(rep, (session.id, 1, ASKS), Verdict.YES, "I did.")
    with pytest.raises(Refused):
        await service.referee.withdraw(rep, (session.id, 1, ASKS))
    stranger = Caller("tess", roles=frozenset({"trainer"}))
    with pytest.raises(NotFound):
        await service.referee.overrule(stranger, (session.id, 1, ASKS), Verdict.YES, "Why.")
    with pytest.raises(NotFound):
        await service.referee.rulings(stranger, session.id)


async def test_an_advisory_check_leaves_the_score(
    service: CoachService, store: MemoryStore
) -> None:
    """Too few people agree with the coach on it; it is shown, and fails nobody."""
    weak = Kappa(40, 40, 0.6, 0.3, 0.1, 0.5)
    found = [Agreement(check, "Q?", weak, None, 1) for check in (HARD, ASKS)]
    store.keep_agreements(LOCAL.tenant, found, FixedClock().now)
    session = await talked(service, DENIED)
    debrief = await service.end(LOCAL, session.id)
    assert {check.id for check in debrief.checks if check.advisory} == {HARD, ASKS}
    assert HARD not in [check.id for check in debrief.checks if check.broken]


async def test_hints_fade_with_mastery(service: CoachService, store: MemoryStore) -> None:
    """Who asked well in their last sessions gets the question first; who never did, the move."""
    told, wanted = {}, {Verdict.YES: 3, Verdict.NO: None}
    for verdict in (Verdict.YES, Verdict.NO):
        caller = Caller(verdict.value, roles=frozenset({"rep", "trainer"}))
        for n in range(6):
            service._clock.advance(days=1)  # type: ignore[attr-defined]
            past = await talked(service, f"Tell me, {n}?", caller=caller)
            stored = (await service.session(caller, past.id)).turns[1].assessment
            for check in stored.checks if stored else ():
                if check.verdict is not verdict:
                    place = (past.id, 1, check.id)
                    await service.referee.overrule(caller, place, verdict, "As it was.")
        session = await talked(service, caller=caller)
        told[verdict] = await service.hint(caller, session.id, wanted[verdict])
        used = (await service.session(caller, session.id)).hints
        assert [(hint.level, hint.text) for hint in used] == [
            (told[verdict].level, told[verdict].text)
        ]
    assert told[Verdict.YES].level == 1
    assert told[Verdict.YES].text.startswith("You've handled this well lately")
    assert told[Verdict.NO].level == 2
    assert told[Verdict.NO].text.startswith("This has been hard for you lately")
