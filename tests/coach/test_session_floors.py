"""Is the simulation honest? Scripted sellers against every scenario, difficulty and persona.

The claims of the sellers are judged by a ledger that knows the truth, so that this measures the
buyer; at the end the real ledger, over the sample knowledge base, takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from coach.assessment import Verdict
from coach.buyer.rules import LONGEST
from coach.claims import ClaimChecker
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from knowledge.chunking import sentences
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from tests.sellers import (
    HOPELESS,
    SELLERS,
    Check,
    PerfectLedger,
    Played,
    Strong,
    embedder,
    lines,
    play,
)

EASY, NORMAL, HARD = Difficulty.EASY, Difficulty.NORMAL, Difficulty.HARD
pytestmark = pytest.mark.slow

SCENARIOS = [s.id for s in load_scenarios().all()]
SEEDS = range(6)  # each of a scenario's personas twice
FEW = range(3)  # ... once, where only shares count
LEDGER = PerfectLedger()


@cache
def played(seller: str, scenario: str, difficulty: Difficulty, seed: int) -> Played:
    """Each session is played once, whatever the tests look at in it."""
    where = load_scenarios().get(scenario)
    return play(SELLERS[seller](where, seed), where, difficulty, seed, LEDGER)


def sessions(
    seller: str,
    *difficulties: Difficulty,
    scenarios: Sequence[str] = SCENARIOS,
    seeds: Sequence[int] | None = None,
) -> list[Played]:
    seeds = (FEW if seller in ("average", "deaf") else SEEDS) if seeds is None else seeds
    wanted = [(seller, s, d, seed) for s in scenarios for d in difficulties for seed in seeds]
    return [played(*one) for one in wanted]


def share_won(all_of_them: Sequence[Played]) -> float:
    return sum(session.won for session in all_of_them) / len(all_of_them)


def everything() -> Iterator[Played]:
    for name in SELLERS:
        yield from sessions(name, NORMAL, HARD)


# --- who wins ---


@pytest.mark.parametrize("seller", HOPELESS)
@pytest.mark.parametrize("difficulty", [NORMAL, HARD])
def test_who_does_not_sell_never_reaches_a_next_step(seller: str, difficulty: Difficulty) -> None:
    won = [s.transcript(details=True) for s in sessions(seller, difficulty) if s.won]
    assert not won, won[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strong_seller_wins_every_scenario_at_normal(seed: int) -> None:
    lost = [s for s in SCENARIOS if not played("strong", s, NORMAL, seed).won]
    assert not lost, played("strong", lost[0], NORMAL, seed).transcript(details=True)


def test_a_strong_seller_wins_at_easy_and_often_at_hard() -> None:
    assert share_won(sessions("strong", EASY, seeds=FEW)) >= 0.8
    assert share_won(sessions("strong", HARD)) >= 0.4


def test_an_average_seller_lies_between() -> None:
    strong = sessions("strong", NORMAL, HARD)
    average = sessions("average", NORMAL, HARD)
    assert 0 < share_won(average) < share_won(strong) - 0.2
    assert share_won(sessions("average", HARD)) < share_won(sessions("average", NORMAL))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_tells_strong_from_weak(scenario: str) -> None:
    for difficulty in (NORMAL, HARD):
        strong = share_won(sessions("strong", difficulty, scenarios=[scenario]))
        weak = share_won(sessions("weak", difficulty, scenarios=[scenario]))
        assert strong >= weak + 0.5


def test_a_strong_seller_is_not_done_at_once_and_a_weak_one_is_not_endured_for_long() -> None:
    assert min(len(s.turns) for s in sessions("strong", NORMAL) if s.won) >= 6
    assert max(len(s.turns) for s in sessions("weak", NORMAL)) <= 10


# --- honesty ---


class Denier:
    """A strong seller who denies a true rumour once, at ``when``."""

    def __init__(self, scenario: Scenario, when: int, words: str) -> None:
        self._strong, self._when, self._words = Strong(scenario, when), when, words

    def next(
        self, scenario: Scenario, act: Act, concern: str | None, need: str | None, turn: int
    ) -> str:
        said = self._strong.next(scenario, act, concern, need, turn)
        return self._words if turn == self._when else said


DENIALS = [
    *lines()["liar"]["denial"]["trust-true-rumour"],
    "I understand why you ask, but there was no outage. How do you handle faults today?",
    "Our platform has never been down for nine hours, somebody made that up.",
]


@pytest.mark.parametrize("when", range(6))
@pytest.mark.parametrize("words", DENIALS)
def test_a_true_rumour_denied_anywhere_fails_the_honesty_check(when: int, words: str) -> None:
    where = load_scenarios().get("trust-true-rumour")
    session = play(Denier(where, when, words), where, NORMAL, when, LEDGER)
    fatal = next(item.id for item in where.rubric if item.fatal)
    checks = [c for turn in session.turns for c in turn.assessment.checks if c.id == fatal]
    assert Verdict.NO in {check.verdict for check in checks}
    assert not session.won
    assert Act.CONFRONT in [turn.next.act for turn in session.turns]


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s in lines()["liar"]["denial"]])
def test_a_liar_about_a_rumour_is_confronted(scenario: str) -> None:
    for session in sessions("liar", NORMAL, scenarios=[scenario]):
        assert Act.CONFRONT in [turn.next.act for turn in session.turns], session.transcript()


def test_a_strong_seller_breaks_no_hard_rule() -> None:
    for session in sessions("strong", NORMAL, HARD):
        fatal = {item.id for item in session.scenario.rubric if item.fatal}
        for turn in session.turns:
            broken = [
                c for c in turn.assessment.checks if c.id in fatal and c.verdict is Verdict.NO
            ]
            assert not broken, session.transcript(details=True)


# --- what a buyer says ---


def test_every_session_ends_in_time() -> None:
    for session in everything():
        assert session.end is not None
        assert len(session.turns) <= LONGEST


def test_no_line_is_spoken_twice_in_a_session() -> None:
    for session in everything():
        used = Counter(session.opening_lines)
        said: Counter[str] = Counter()
        for turn in session.turns:
            used.update(turn.lines)
            said.update(_sentences(turn.buyer))
        assert max(used.values()) == 1
        assert not [s for s, times in said.items() if times > 1], session.transcript()


def _sentences(text: str) -> list[str]:
    """Those long enough to be noticed, without the seller's words in quotation marks."""
    found = [text[start:end] for start, end in sentences(text)]
    return [s for s in found if len(s.split()) >= 4 and "“" not in s]


def test_a_buyer_is_never_at_a_loss_for_words() -> None:
    for session in everything():
        for turn in session.turns:
            assert turn.buyer.strip("… ")
            assert "{" not in turn.buyer


def test_a_hidden_worry_is_not_mentioned_before_it_was_earned() -> None:
    for session in everything():
        hidden = {c.id: c for c in session.scenario.concerns if c.hidden}
        told: set[str] = set()
        assert not _of(hidden, session.opening_lines)
        for turn in session.turns:
            if turn.next.act is Act.REVEAL:
                told.add(turn.next.concern or "")
            assert _of(hidden, turn.lines) <= told, session.transcript(details=True)


def _of(hidden: object, used: frozenset[str]) -> set[str]:
    assert isinstance(hidden, dict)
    return {line.split(".")[0] for line in used} & set(hidden)


def test_the_hidden_worry_comes_out_where_the_seller_asks_well_and_nowhere_else() -> None:
    told = dict.fromkeys(SELLERS, 0)
    for name in SELLERS:
        for session in sessions(name, NORMAL):
            told[name] += Act.REVEAL in [turn.next.act for turn in session.turns]
    assert told["strong"] == len(SCENARIOS) * len(SEEDS)
    assert not [name for name in set(HOPELESS) - {"liar"} if told[name]]


# --- chance ---


@pytest.mark.parametrize("seller", ["strong", "average", "weak"])
def test_the_same_seed_is_the_same_session(seller: str) -> None:
    where = load_scenarios().get("trust-unknown")
    again = play(SELLERS[seller](where, 2), where, NORMAL, 2, LEDGER)
    assert again == played(seller, "trust-unknown", NORMAL, 2)


def test_another_seed_is_another_session() -> None:
    spoken = {played("strong", s, NORMAL, seed).transcript() for s in SCENARIOS for seed in SEEDS}
    assert len(spoken) == len(SCENARIOS) * len(SEEDS)


# --- with the real ledger ---


@pytest.fixture(scope="module")
def check(copy_of_sample: Callable[[], Path]) -> Iterator[Check]:
    index = KnowledgeIndex(copy_of_sample() / "index", embedder())
    try:
        today = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        retriever = HybridRetriever(index, embedder())
        checker = ClaimChecker(retriever, embedder(), lambda: today, "Corvane")
        yield cache(lambda *said: tuple(checker.check(*said)))
    finally:
        index.close()


def _played_really(seller: str, check: Check, scenarios: Sequence[str] = SCENARIOS) -> list[Played]:
    found = [load_scenarios().get(scenario) for scenario in scenarios]
    return [play(SELLERS[seller](s, 1), s, NORMAL, 1, check) for s in found]


def test_a_liar_is_caught_by_the_real_ledger(check: Check) -> None:
    plain = [s for s in SCENARIOS if s not in lines()["liar"]["denial"]]
    assert not [s.scenario.id for s in _played_really("liar", check, plain) if s.won]


def test_a_strong_seller_wins_with_the_real_ledger(
    check: Check,
) -> None:
    won = [s.scenario.id for s in _played_really("strong", check) if s.won]
    assert len(won) >= 5, won
