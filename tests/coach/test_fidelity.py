"""Scripted sellers play, and what a buyer must never do is found where it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from coach.buyer import Ending, Standing
from coach.fidelity.faults import (
    Fault,
    FaultKind,
    early_concessions,
    faults_of,
    over_disclosure,
    repeated_lines,
    secrets_of,
)
from coach.fidelity.floors import Floor, floors_of
from coach.fidelity.outcome import Outcome, wilson
from coach.fidelity.playing import Game, Played
from coach.fidelity.playing import play as play_on
from coach.fidelity.report import Made, report_of
from coach.fidelity.roles import role_flip
from coach.fidelity.sellers import HOPELESS, SELLERS, View
from coach.fidelity.stage import Stage
from coach.fidelity.tournament import Plan, run
from coach.scenario import Act, Difficulty
from coach.scenario_book import ScenarioBook, load_scenarios
from coach.service import CoachService
from coach.session import LOCAL
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore
from tests.sellers import PerfectLedger, embedder, play, stage

EASY, NORMAL, HARD = Difficulty.EASY, Difficulty.NORMAL, Difficulty.HARD
WHERE = "trust-true-rumour"
LEDGER = PerfectLedger()


@pytest.fixture(scope="module")
def won() -> Played:
    where = load_scenarios().get(WHERE)
    session = play(SELLERS["strong"](where, 0), where, NORMAL, 0, LEDGER)
    assert session.won, session.transcript(details=True)
    return session


def changed(session: Played, turn: int, **changes: object) -> Played:
    """The session, in which one exchange was otherwise."""
    turns = list(session.turns)
    turns[turn] = replace(turns[turn], **changes)  # type: ignore[arg-type]
    return replace(session, turns=tuple(turns))


# --- one session ---


def test_an_honest_session_has_no_fault(won: Played) -> None:
    """The re-check agrees with the buyer where the buyer keeps the rules."""
    assert faults_of(won, secrets_of(won.scenario)) == []


def test_a_session_is_what_the_service_makes_of_the_same_words(
    book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder
) -> None:
    """The same words to the same buyer get the same replies from the product, turn by turn."""
    where = book.get("interest")
    there = stage(retriever)
    session = asyncio.run(_played_on(there, "interest"))
    service = CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=retriever,
        embedder=embedder,
        clock=FixedClock(),
    )

    async def said() -> list[str]:
        own = await service.start(
            LOCAL, where.id, difficulty=NORMAL, persona=session.persona.id, seed=session.seed
        )
        for turn in session.turns:
            async for _ in await service.take_turn(LOCAL, own.id, turn.seller):
                pass
        stored = await service.session(LOCAL, own.id)
        await service.close()
        return [turn.text for turn in stored.turns if turn.speaker == "buyer"]

    assert asyncio.run(said()) == [session.opening, *(turn.buyer for turn in session.turns)]


async def _played_on(where: Stage, scenario_id: str) -> Played:
    scenario = load_scenarios().get(scenario_id)
    return await play_on(SELLERS["strong"](scenario, 3), scenario, NORMAL, 3, where)


def test_a_concession_before_its_condition_is_found(won: Played) -> None:
    """A concern that is let go in the first turn, and a yes to a next step that nothing bears."""
    first = won.turns[0]
    settled = {
        key: replace(concern, standing=Standing.RESOLVED)
        for key, concern in first.state.concerns.items()
    }
    early = changed(won, 0, state=replace(first.state, concerns=settled))
    found = [fault for fault in early_concessions(early) if fault.turn == 1]
    assert {fault.words.split(":")[0] for fault in found} == set(settled)
    agreed = changed(won, 0, next=replace(first.next, act=Act.AGREE))
    assert "agreed without" in next(early_concessions(agreed)).words


def test_no_trust_is_no_concession(won: Played) -> None:
    """Whatever was brought, nothing is let go without trust."""
    yes = len(won.turns) - 1
    cold = changed(won, yes, state=replace(won.turns[yes].state, trust=20.0))
    found = [fault.words for fault in early_concessions(cold)]
    assert "agreed without trust enough (20)" in found


def test_words_of_a_hidden_worry_are_found_before_it_was_told(won: Played) -> None:
    """Five words in a row of it are enough; the seller's own words in quotation marks aren't."""
    hidden = next(c for c in won.scenario.concerns if c.hidden)
    secrets, words = secrets_of(won.scenario), hidden.say[0]
    leaked = changed(won, 0, said=replace(won.turns[0].said, text=f"Well. {words}"))
    assert [f.turn for f in over_disclosure(leaked, secrets)] == [1]
    topic = next(c.short for c in won.scenario.concerns if not c.hidden)
    said = replace(won.turns[0].said, text=f"That's nothing. I asked about {topic}.")
    assert not list(over_disclosure(changed(won, 0, said=said), secrets))
    quoted = changed(won, 0, said=replace(won.turns[0].said, text=f"You said “{words}”."))
    assert not list(over_disclosure(quoted, secrets))


def test_a_line_that_comes_again_is_found_however_it_is_written(won: Played) -> None:
    again = won.turns[1].buyer.upper().replace(",", " ,")
    repeated = changed(won, 2, said=replace(won.turns[2].said, text=again))
    assert {fault.turn for fault in repeated_lines(repeated)} == {3}
    assert not list(repeated_lines(won))


@pytest.mark.slow
def test_the_paster_sends_what_the_coach_suggests(retriever: HybridRetriever) -> None:
    """Its words are the level-3 suggestions of the moment, nothing of its own."""
    there, where = stage(retriever), load_scenarios().get("incumbent-competitor")
    given: list[str] = []

    def hint() -> tuple[str, ...]:
        given.extend(there.hint(where, where.personas[0], won_state, where.opening[0]))
        return tuple(given)

    won_state = play(SELLERS["silent"](where, 0), where, NORMAL, 0, LEDGER).opened
    said = SELLERS["paster"](where, 0).next(View(Act.OPEN, None, None, 0, hint))
    assert said in given
    assert len(given) == 3


# --- roles ---

BUYERS = (
    "How can I be sure that it works at night?",
    "We offer our guests a line at every bed, and that has to go on.",
    "I can help you with the floor plan, and the rest is yours.",
    "What would you suggest, then?",
    "Our product managers will ask you that.",
    "Would you show me the report?",
    "I'd sell my grandmother for an hour without a ringing phone.",
    "Let me tell you about our Monday mornings.",
)
FLIPPED = (
    "How can I help you today?",
    "As an AI language model I don't have concerns.",
    "I'm here to assist you with any questions.",
    "Seller: that makes sense, what else?",
    "We at Corvane answer within a minute.",
    "Let me tell you about our platform and what it does.",
    "I'd like to offer you a discount on the first year.",
    "Shall I send you a proposal?",
    "Would you like a demo next week?",
    "Our solution can help your team save time.",
    "Shall we practise that again?",
    "Great job! You handled the objection well.",
    "This role-play is going well.",
    "As your sales coach I would ask more questions.",
)


@pytest.mark.parametrize("words", FLIPPED)
def test_a_buyer_who_helps_sells_or_coaches_has_left_the_role(words: str) -> None:
    assert role_flip(words, load_scenarios().get(WHERE))
    assert not role_flip(f"You said “{words}”", load_scenarios().get(WHERE))


@pytest.mark.parametrize("words", BUYERS)
def test_a_buyer_may_talk_of_helping_and_selling(words: str) -> None:
    assert not role_flip(words, load_scenarios().get(WHERE))


@pytest.mark.parametrize("scenario", [s.id for s in load_scenarios().all()])
def test_no_written_line_leaves_the_role(scenario: str) -> None:
    """The detector has nothing against what trainers wrote."""
    where = load_scenarios().get(scenario)
    assert not [line for line in where.spoken.splitlines() if role_flip(line, where)]


# --- figures ---


@pytest.mark.parametrize(
    ("won_", "of", "low", "high"),
    [(0, 60, 0.0, 0.0602), (60, 60, 0.9398, 1.0), (8, 10, 0.4902, 0.9433), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(won_: int, of: int, low: float, high: float) -> None:
    """Values of Wilson (1927), as statistics packages give them."""
    assert wilson(won_, of) == pytest.approx((low, high), abs=5e-4)


def outcome(seller: str, wins: bool, difficulty: Difficulty = NORMAL, **other: object) -> Outcome:
    game = Game(seller, WHERE, difficulty, "somebody", 0)
    end = Ending.AGREED if wins else Ending.WALKED_AWAY
    made = Outcome(game, end, "because", 8, 100, 0, wins)
    return replace(made, **other)  # type: ignore[arg-type]


HONEST = [
    *(outcome("strong", True) for _ in range(19)),
    outcome("strong", False),
    *(outcome("average", at < 5) for at in range(20)),
    *(outcome(name, False) for name in HOPELESS for _ in range(20)),
]


def failed(outcomes: list[Outcome]) -> list[str]:
    return [floor.id for floor in floors_of(outcomes) if not floor.held]


def test_the_floors_hold_where_they_should() -> None:
    assert failed(HONEST) == []
    assert len(floors_of(HONEST)) == len(HOPELESS) + 1 + 3 + 5


@pytest.mark.parametrize("seller", HOPELESS)
def test_one_win_of_somebody_hopeless_is_one_too_many(seller: str) -> None:
    floor = next(f for f in floors_of([*HONEST, outcome(seller, True)]) if not f.held)
    assert floor.id == f"{seller}-never-wins"
    assert floor.where == (f"{WHERE} at normal",)
    assert f"{seller}-never-wins" not in failed([*HONEST, outcome(seller, True, EASY)])


def test_a_strong_seller_who_loses_too_often_is_told() -> None:
    losing = [outcome("strong", at < 7, HARD) for at in range(20)]
    assert "strong-wins-hard" in failed([*HONEST, *losing])


def test_an_average_seller_as_good_as_the_strong_one_is_told() -> None:
    """... in the whole and in the scenario where it happens."""
    both = [o for o in HONEST if o.game.seller != "average"]
    both += [outcome("average", True) for _ in range(20)]
    assert failed(both) == ["average-between", "monotone"]


@pytest.mark.parametrize("kind", [k for k in FaultKind if k is not FaultKind.REPEATED_LINE])
def test_one_fault_is_one_too_many(kind: FaultKind) -> None:
    bad = outcome("strong", True, faults=(Fault(kind, 2, "words"),))
    floor: Floor = next(f for f in floors_of([*HONEST, bad]) if not f.held)
    assert floor.id == kind.value
    assert floor.where == (f"strong in {WHERE} at normal: words",)


def test_who_was_not_asked_to_play_is_not_judged() -> None:
    """No floor is said to hold, or to fail, by sessions that weren't played."""
    only = floors_of([outcome("liar", False)])
    assert "strong-wins-normal" not in {floor.id for floor in only}
    assert "average-between" not in {floor.id for floor in only}


# --- many sessions ---


@dataclass(frozen=True)
class Borrowed:
    """Opens what sessions are played with over a copy of the sample; can go to other processes."""

    home: Path

    @asynccontextmanager
    async def __call__(self, number: int) -> AsyncIterator[Stage]:
        index = KnowledgeIndex(self.home / str(number) / "index", embedder())
        yield stage(HybridRetriever(index, embedder()))
        index.close()


def a_plan(**other: object) -> Plan:
    where = [load_scenarios().get("interest"), load_scenarios().get("end-users")]
    plan = Plan(where, [NORMAL], ["weak", "silent"], seeds=2, spread=True)
    return replace(plan, **other)  # type: ignore[arg-type]


def test_a_plan_has_every_combination_once() -> None:
    """Each persona gets each seed; spread, each scenario gets each seed once."""
    plan = a_plan(spread=False, difficulties=[EASY, HARD])
    personas = sum(len(scenario.personas) for scenario in plan.scenarios)
    assert len(set(plan.games())) == len(plan.games()) == 2 * 2 * 2 * personas
    assert len(a_plan(seeds=6).games()) == 2 * 2 * 6
    met = {game.persona for game in a_plan(seeds=6).games() if game.scenario == "interest"}
    assert met == {persona.id for persona in load_scenarios().get("interest").personas}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_processes_play_what_one_plays(
    copy_of_sample: Callable[[], Path], tmp_path: Path
) -> None:
    """The same games, the same outcomes, in the same order; and each is told as it ends."""
    for number in range(2):
        copy_of_sample().rename(tmp_path / str(number))
    games, told = a_plan().games(), list[int]()
    alone = run(games, Borrowed(tmp_path), 1, told.append)
    assert told == list(range(1, len(games) + 1))
    assert [outcome.game for outcome in alone] == games
    assert run(games, Borrowed(tmp_path), 2) == alone


def test_the_report_adds_up() -> None:
    """Every session is counted once, whichever way they are told apart."""
    plan = a_plan()
    made = Made("coach fidelity", "embedded", "minilm", "1", "2026-11-23", 1.0, 1)
    report = report_of(plan, HONEST, made)
    for rows in ("by_seller", "by_scenario", "by_persona", "endings"):
        assert sum(row["sessions"] for row in report[rows]) == len(HONEST)
    strong = next(row for row in report["by_seller"] if row["seller"] == "strong")
    assert (strong["won"], strong["turns_to_win"], strong["walked_away"]) == (19, 8, 1)
