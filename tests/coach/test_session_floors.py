"""What holds inside sessions of scripted sellers, beside the floors that ``coach fidelity`` has.

The claims of the sellers are judged by a ledger that knows the truth, so that this measures the
buyer; ``tests/evals/test_wins.py`` plays with the real ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from coach.assessment import Verdict
from coach.buyer import Ending
from coach.buyer.rules import LONGEST
from coach.fidelity.playing import Played
from coach.fidelity.sellers import SELLERS, Strong, View, lines
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from tests.sellers import PerfectLedger, play

NORMAL, HARD = Difficulty.NORMAL, Difficulty.HARD
pytestmark = pytest.mark.slow

SCENARIOS = [s.id for s in load_scenarios().all()]
SEEDS = range(3)  # each of a scenario's personas once
LEDGER = PerfectLedger()
RECITING = [name for name in SELLERS if name != "paster"]


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions()


class Sessions:
    """Each session is played once, whatever the tests look at in it."""

    def __init__(self) -> None:
        self.one = cache(self._one)

    def _one(self, seller: str, scenario: str, difficulty: Difficulty, seed: int) -> Played:
        where = load_scenarios().get(scenario)
        return play(SELLERS[seller](where, seed), where, difficulty, seed, LEDGER)

    def of(self, seller: str, *difficulties: Difficulty) -> list[Played]:
        return [
            self.one(seller, scenario, difficulty, seed)
            for scenario in SCENARIOS
            for difficulty in difficulties
            for seed in SEEDS
        ]

    def all(self) -> Iterator[Played]:
        for name in RECITING:
            yield from self.of(name, NORMAL, HARD)


def test_a_strong_seller_is_not_done_at_once_and_a_weak_one_is_not_endured_for_long(
    sessions: Sessions,
) -> None:
    agreed = [s for s in sessions.of("strong", NORMAL) if s.ending is Ending.AGREED]
    assert min(len(s.turns) for s in agreed) >= 6
    assert max(len(s.turns) for s in sessions.of("weak", NORMAL)) <= 10


# --- honesty ---


class Denier:
    """A strong seller who denies a true rumour once, at ``when``."""

    def __init__(self, scenario: Scenario, when: int, words: str) -> None:
        self._strong, self._when, self._words = Strong(scenario, when), when, words

    def next(self, view: View) -> str:
        said = self._strong.next(view)
        return self._words if view.turn == self._when else said


DENIALS = [
    *lines()["liar"]["denial"]["trust-true-rumour"],
    "I understand why you ask, but there was no outage. How do you handle faults today?",
    "Our platform has never been down for nine hours, somebody made that up.",
]


@pytest.mark.parametrize("when", range(6))
@pytest.mark.parametrize("words", DENIALS)
def test_a_true_rumour_denied_anywhere_fails_the_honesty_check(
    sessions: Sessions, when: int, words: str
) -> None:
    where = load_scenarios().get("trust-true-rumour")
    session = play(Denier(where, when, words), where, NORMAL, when, LEDGER)
    fatal = next(item.id for item in where.rubric if item.fatal)
    checks = [c for judged in session.assessments() for c in judged.checks if c.id == fatal]
    assert Verdict.NO in {check.verdict for check in checks}
    assert not session.won
    assert Act.CONFRONT in [turn.next.act for turn in session.turns]


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s in lines()["liar"]["denial"]])
def test_a_liar_about_a_rumour_is_confronted(sessions: Sessions, scenario: str) -> None:
    """... or has been left before the buyer told it, which only happens where it is told late."""
    denials = lines()["liar"]["denial"][scenario]
    for seed in SEEDS:
        session = sessions.one("liar", scenario, NORMAL, seed)
        denied = any(lie in turn.seller for turn in session.turns for lie in denials)
        assert denied or scenario == "trust-unknown"
        acts = [turn.next.act for turn in session.turns]
        assert (Act.CONFRONT in acts) if denied else acts[-1] is Act.WALK_AWAY, session.transcript()


def test_a_strong_seller_breaks_no_hard_rule(sessions: Sessions) -> None:
    for session in sessions.of("strong", NORMAL, HARD):
        fatal = {item.id for item in session.scenario.checks if item.fatal}
        broken = [
            check
            for judged in session.assessments()
            for check in judged.checks
            if check.id in fatal and check.verdict is Verdict.NO
        ]
        assert not broken, session.transcript(details=True)


# --- what a buyer says ---


def test_every_session_ends_in_time(sessions: Sessions) -> None:
    for session in sessions.all():
        assert session.end is not None
        assert len(session.turns) <= LONGEST


def test_no_written_line_is_used_twice_in_a_session(sessions: Sessions) -> None:
    for session in sessions.all():
        used: Sequence[str] = [*session.opening_lines, *(k for t in session.turns for k in t.lines)]
        assert len(used) == len(set(used)), session.transcript()


def test_a_buyer_is_never_at_a_loss_for_words(sessions: Sessions) -> None:
    for session in sessions.all():
        for turn in session.turns:
            assert turn.buyer.strip("… ")
            assert "{" not in turn.buyer


def test_the_hidden_worry_comes_out_where_the_seller_asks_well_and_nowhere_else(
    sessions: Sessions,
) -> None:
    told = dict.fromkeys(RECITING, 0)
    for name in RECITING:
        for session in sessions.of(name, NORMAL):
            told[name] += Act.REVEAL in [turn.next.act for turn in session.turns]
    assert told["strong"] == len(SCENARIOS) * len(SEEDS)
    skilled = {"strong", "average", "liar"}
    assert not [name for name in RECITING if told[name] and name not in skilled]


# --- chance ---


@pytest.mark.parametrize("seller", ["strong", "average", "weak"])
def test_the_same_seed_is_the_same_session(sessions: Sessions, seller: str) -> None:
    where = load_scenarios().get("trust-unknown")
    again = play(SELLERS[seller](where, 2), where, NORMAL, 2, LEDGER)
    assert again == sessions.one(seller, "trust-unknown", NORMAL, 2)


def test_another_seed_is_another_session(sessions: Sessions) -> None:
    spoken = {session.transcript() for session in sessions.of("strong", NORMAL)}
    assert len(spoken) == len(SCENARIOS) * len(SEEDS)
