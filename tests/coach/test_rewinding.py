"""Taking a moment again: what a branch carries over, how attempts are counted and compared."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.errors import BadInput, NotFound
from coach.events import TurnCompleted
from coach.rewinding.attempts import Family
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Caller, Parent, Session, Status
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.coach.store.samples import START, new_session
from tests.fakes import FixedClock, MemoryStore

pytestmark = pytest.mark.anyio

OWNED = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not "
    "call for nine hours. What would that have meant for you?"
)
ASKED = "That must have been a long night. What else have you heard?"
DENIED = "There was no outage. That is just a rumour our competitors spread."
LINES = (
    OWNED,
    ASKED,
    DENIED,
    "I understand. Who would have had to answer for it?",
    "Shall we meet on Tuesday with Nordhavn Clinics on the line?",
    "We run two active sites now, audited by Keller Voss.",
    "Buy today and I give you 20% off.",
    "ok",
)


class Ticking(FixedClock):
    """Goes on a little with every look, as clocks do."""

    def __call__(self) -> object:  # type: ignore[override]
        self.advance(milliseconds=1)
        return self.now


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def service(
    book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> CoachService:
    """One for all: each test plays sessions of its own."""
    return CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=retriever,
        embedder=embedder,
        clock=Ticking(),  # type: ignore[arg-type]
    )


async def played(service: CoachService, *texts: str, seed: int = 7) -> Session:
    started = await service.start(
        LOCAL, "trust-true-rumour", seed=seed, difficulty=Difficulty.NORMAL
    )
    return await say(service, started, *texts)


async def say(service: CoachService, session: Session, *texts: str) -> Session:
    """Says them while the buyer listens; the session as it then is."""
    for text in texts:
        events = [event async for event in await service.take_turn(LOCAL, session.id, text)]
        assert isinstance(events[-1], TurnCompleted)
        if events[-1].exchange.status is not Status.ACTIVE:
            break
    return await service.session(LOCAL, session.id)


async def test_a_branch_is_the_talk_as_it_was_then(service: CoachService) -> None:
    """Turns, verdicts and hints before that turn, the buyer's mood and memory, seed and scenario;
    the old session stays as it was."""
    first = await played(service, OWNED)
    await service.hint(LOCAL, first.id)
    before = await say(service, first, ASKED, DENIED)
    branch = await service.rewinding.branch(LOCAL, before.id, 3)
    assert branch == await service.session(LOCAL, branch.id)
    assert branch.parent == Parent(before.id, 3)
    assert branch.turns == before.turns[:3]
    assert branch.turns[1].assessment == before.turns[1].assessment
    assert branch.state == before.turns[2].state
    assert branch.hints == before.hints
    assert (branch.status, branch.turn_count, branch.debrief) == (Status.ACTIVE, 3, None)
    same = ("scenario", "scenario_version", "scenario_fingerprint", "persona", "difficulty", "seed")
    assert [getattr(branch, n) for n in same] == [getattr(before, n) for n in same]
    assert await service.session(LOCAL, before.id) == before


async def test_hints_after_that_turn_stay_behind(service: CoachService) -> None:
    """What was asked later belongs to the other attempt."""
    session = await played(service, OWNED)
    await service.hint(LOCAL, session.id)
    assert (await service.rewinding.branch(LOCAL, session.id, 1)).hints == ()


async def test_a_buyers_turn_stands_for_its_answer(service: CoachService) -> None:
    """Answering turn 2 anew is taking turn 3 again; the last words may be answered twice, too."""
    session = await played(service, OWNED, ASKED)
    for buyer, seller in ((0, 1), (2, 3), (4, 5)):
        branch = await service.rewinding.branch(LOCAL, session.id, buyer)
        assert branch.parent == Parent(session.id, seller)
        assert branch.turns == session.turns[:seller]


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_the_same_words_get_the_same_reply(service: CoachService, data: st.DataObject) -> None:
    """Whatever was said, said again in a branch from any turn it goes the same way to the end."""
    texts = data.draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=4))
    seed = data.draw(st.integers(0, 2**31 - 1))

    async def both() -> None:
        old = await played(service, *texts, seed=seed)
        turn = data.draw(st.sampled_from(range(1, old.turn_count, 2)))
        branch = await service.rewinding.branch(LOCAL, old.id, turn)
        again = [t.text for t in old.turns[turn::2]]
        new = await say(service, branch, *again)
        assert [_told(t) for t in new.turns] == [_told(t) for t in old.turns]
        assert (new.state, new.status) == (old.state, old.status)

    asyncio.run(both())


def _told(turn: object) -> object:
    return [getattr(turn, name) for name in ("text", "act", "reason", "assessment", "state")]


async def test_an_ended_session_can_be_taken_up_again(service: CoachService) -> None:
    """The branch runs on and has a debrief of its own over its whole path; the parent's debrief
    stays."""
    session = await played(service, OWNED, DENIED)
    failed = await service.end(LOCAL, session.id)
    branch = await service.rewinding.branch(LOCAL, session.id, 3)
    await say(service, branch, ASKED)
    better = await service.end(LOCAL, branch.id)
    assert failed.failed
    assert not better.failed
    assert better.score is not None
    assert failed.score is not None
    assert better.score > failed.score
    assert [s["turn"] for s in better.buyer["state_by_turn"]] == [0, 2, 4]
    assert await service.debrief(LOCAL, session.id) == failed


async def test_words_that_ended_the_talk_are_not_answered(service: CoachService) -> None:
    """Who has left has left: an earlier turn is taken again."""
    session = await played(service, DENIED, DENIED, DENIED, DENIED, DENIED, DENIED)
    assert session.status is Status.WALKED_AWAY
    with pytest.raises(BadInput, match="ended the talk"):
        await service.rewinding.branch(LOCAL, session.id, session.turn_count - 1)
    last = await service.rewinding.branch(LOCAL, session.id, session.turn_count - 2)
    assert last.status is Status.ACTIVE


@pytest.mark.parametrize("turn", [-1, 3, 4, 99])
async def test_a_turn_that_never_was(service: CoachService, turn: int) -> None:
    """The error names the turns there are."""
    session = await played(service)
    if turn == 3:
        session = await say(service, session, OWNED)
        turn = 5
    with pytest.raises(BadInput, match="turns 0 to"):
        await service.rewinding.branch(LOCAL, session.id, turn)


async def test_nobody_branches_or_compares_what_is_not_theirs(service: CoachService) -> None:
    """To another caller there is no such session."""
    session = await played(service, OWNED)
    branch = await service.rewinding.branch(LOCAL, session.id, 1)
    stranger = Caller("ben", "elsewhere")
    with pytest.raises(NotFound):
        await service.rewinding.branch(stranger, session.id, 1)
    with pytest.raises(NotFound):
        await service.rewinding.compare(stranger, session.id, branch.id)


async def test_a_branch_outlives_its_parent(service: CoachService) -> None:
    """It is read, played on, compared with its siblings and debriefed."""
    session = await played(service, OWNED, ASKED)
    one, two = [await service.rewinding.branch(LOCAL, session.id, 3) for _ in range(2)]
    await service.delete(LOCAL, session.id)
    one, two = await say(service, one, ASKED), await say(service, two, DENIED)
    compared = await service.rewinding.compare(LOCAL, one.id, two.id)
    assert compared.parted_at == 3
    assert (await service.end(LOCAL, one.id)).score is not None
    family = await service.rewinding.family(LOCAL, one)
    assert [a.number for a in family.attempts()] == [2, 3]


async def test_two_attempts_side_by_side(service: CoachService) -> None:
    """From where they part: both replies and answers, and what each did to the buyer."""
    session = await played(service, OWNED, DENIED)
    branch = await service.rewinding.branch(LOCAL, session.id, 3)
    branch = await say(service, branch, ASKED, OWNED)
    compared = await service.rewinding.compare(LOCAL, session.id, branch.id)
    assert compared.parted_at == 3
    assert compared.shared == session.turns[:3]
    assert [a.attempt.number for a in compared.sides] == [1, 2]
    left, right = (side.exchanges for side in compared.sides)
    assert [e.seller.text for e in left] == [DENIED]
    assert [e.seller.text for e in right] == [ASKED, OWNED]
    assert left[0].gained.trust < -20 < right[0].gained.trust
    assert left[0].mood.trust == pytest.approx(compared.mood.trust + left[0].gained.trust, abs=0.02)


async def test_what_is_hidden_stays_hidden_side_by_side(service: CoachService) -> None:
    """Only concerns that the buyer has told are compared."""
    session = await played(service, OWNED)
    branch = await say(service, await service.rewinding.branch(LOCAL, session.id, 1), DENIED)
    compared = await service.rewinding.compare(LOCAL, session.id, branch.id)
    told = {w.id for side in compared.sides for e in side.exchanges for w in e.worries}
    assert told == {"outage", "support"}


async def test_strangers_are_not_compared(service: CoachService) -> None:
    """Two talks of their own, or one with itself."""
    one, two = await played(service, OWNED), await played(service, OWNED)
    for other in (two, one):
        with pytest.raises(BadInput, match="same talk"):
            await service.rewinding.compare(LOCAL, one.id, other.id)


class TestFamily:
    """Sessions a to e: b and c from a at 3, d from b at 5, e from d at 3."""

    @staticmethod
    def session(name: str, parent: str = "", turn: int = 0, count: int = 7) -> Session:
        return new_session(
            id=name,
            turn_count=count,
            parent=Parent(parent, turn) if parent else None,
            root="a" if parent else "",
            created_at=START + timedelta(minutes=ord(name)),
        )

    @pytest.fixture
    def members(self) -> list[Session]:
        return [
            self.session("a"),
            self.session("b", "a", 3),
            self.session("c", "a", 3),
            self.session("d", "b", 5),
            self.session("e", "d", 3),
        ]

    def test_attempts_are_counted_where_the_talk_parts(self, members: list[Session]) -> None:
        """A branch of a branch at a shared turn is one more attempt at that same moment."""
        found = {a.session.id: (a.turn, a.number) for a in Family(members).attempts()}
        assert found == {"a": (None, 1), "b": (3, 2), "c": (3, 3), "d": (5, 2), "e": (3, 4)}

    def test_the_attempts_at_each_turn(self, members: list[Session]) -> None:
        """Seen from a session: those at its own turns and at the turns it shares."""
        found = {
            turn: [(a.session.id, a.number) for a in attempts]
            for turn, attempts in Family(members).at_turns("d").items()
        }
        assert found == {
            3: [("a", 1), ("b", 2), ("c", 3), ("e", 4)],
            5: [("b", 1), ("d", 2)],
        }

    def test_whose_turn_it_was(self, members: list[Session]) -> None:
        """A shared turn was said in the session that it was shared from."""
        family = Family(members)
        assert [family.owner("d", turn) for turn in (1, 3, 5)] == ["a", "b", "d"]

    def test_a_deleted_ancestor_keeps_its_number(self, members: list[Session]) -> None:
        """Attempt 1 is gone and the others are called what they were."""
        left = Family([one for one in members if one.id != "a"])
        assert [a.number for a in left.attempts()] == [2, 3, 2, 4]
        assert [a.session.id for a in left.at_turns("d")[3]] == ["b", "c", "e"]

    def test_a_family_of_one(self) -> None:
        """Nothing was taken again."""
        assert Family([replace(self.session("a"))]).at_turns("a") == {}
