"""The debrief adds up in code, names the hard rule that was broken, and shows the hidden card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.assessment import Assessment, Check, Verdict
from coach.buyer import Next, opening_state
from coach.debrief import FAILED_SCORE, Debrief, debrief_of
from coach.scenario import Act, Difficulty, RubricItem, Scenario
from coach.scenario_book import load_scenarios
from coach.session import LOCAL, Engine, Session, Speaker, Status, Turn

SCENARIO = load_scenarios().get("trust-true-rumour")
AT = datetime(2026, 11, 23, tzinfo=UTC)


def check(item: RubricItem, verdict: Verdict) -> Check:
    seen = verdict is not Verdict.NOT_OBSERVABLE
    return Check(item.id, item.question, verdict, "well" if seen else "", (0, 4 * seen), "why")


def session(verdicts: list[dict[str, Verdict]], scenario: Scenario = SCENARIO) -> Session:
    """A session in which reply n got ``verdicts[n]``; unnamed checks weren't observable."""
    state = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, 1)
    turns = [Turn(0, Speaker.BUYER, "Is it true?", AT, act=Act.OPEN.value, state=state)]
    for n, given in enumerate(verdicts):
        checks = tuple(
            check(item, given.get(item.id, Verdict.NOT_OBSERVABLE)) for item in scenario.rubric
        )
        state = replace(state, trust=state.trust - 5 * n)
        seller = Turn(
            2 * n + 1, Speaker.SELLER, "well, so", AT, assessment=Assessment(True, checks=checks)
        )
        buyer = Turn(2 * n + 2, Speaker.BUYER, "Hm.", AT, Act.PRESS.value, "why", state=state)
        turns += [seller, buyer]
    return Session(
        id="s1",
        owner=LOCAL,
        scenario=scenario.id,
        scenario_version=1,
        persona=scenario.personas[0].id,
        difficulty=Difficulty.NORMAL,
        seed=1,
        status=Status.ACTIVE,
        engine=Engine("embedded", "embedded", "minilm"),
        created_at=AT,
        state=state,
        turns=tuple(turns),
        turn_count=len(turns),
    )


IDS = [item.id for item in SCENARIO.rubric]
FATAL = next(item.id for item in SCENARIO.rubric if item.fatal)


def test_the_score_is_the_mean_share_of_yes() -> None:
    """One check half kept, one kept: 75."""
    verdicts = [{FATAL: Verdict.YES, IDS[1]: Verdict.YES}, {IDS[1]: Verdict.NO}]
    found = debrief_of(session(verdicts), SCENARIO, Status.ENDED)
    by_end = [i.id for i in SCENARIO.rubric if i.when.value == "by_end" and i.id != FATAL]
    counted = [c for c in found.checks if c.id not in by_end]
    shares = [c.yes / (c.yes + c.no) for c in counted if c.yes + c.no]
    assert sorted(shares) == [0.5, 1.0]
    assert found.score == round(100 * 1.5 / (2 + len(by_end)))


def test_a_broken_hard_rule_caps_the_score_and_is_named() -> None:
    """Everything else went well; it still failed."""
    good = dict.fromkeys(IDS, Verdict.YES)
    found = debrief_of(session([good, {**good, FATAL: Verdict.NO}]), SCENARIO, Status.ENDED)
    assert found.score == FAILED_SCORE
    assert next(i.question for i in SCENARIO.rubric if i.id == FATAL) in found.failed


def test_without_a_scored_reply_there_is_no_score() -> None:
    """Nothing said is not a zero."""
    found = debrief_of(session([]), SCENARIO, Status.ENDED)
    assert found.score is None
    assert found.what_if == ()


def test_the_hidden_card_is_shown_even_if_it_was_never_found() -> None:
    """The rep learns what it was really about."""
    found = debrief_of(session([{}]), SCENARIO, Status.ENDED)
    hidden = [c for c in found.buyer["concerns"] if c["hidden"]]
    assert hidden
    assert hidden[0]["card"]
    assert not hidden[0]["found"]


def test_the_missed_moment_is_the_first_one() -> None:
    """``missed_turn`` points at the seller's turn."""
    found = debrief_of(
        session([{IDS[1]: Verdict.YES}, {IDS[1]: Verdict.NO}, {IDS[1]: Verdict.NO}]),
        SCENARIO,
        Status.ENDED,
    )
    summary = next(c for c in found.checks if c.id == IDS[1])
    assert (summary.yes, summary.no, summary.missed_turn) == (1, 2, 3)
    assert summary.best_quote == "well"


def test_what_if_names_the_turns_that_cost_most() -> None:
    """At most two, in order, each with something to try."""
    missed = {IDS[1]: Verdict.NO}
    found = debrief_of(session([missed] * 4), SCENARIO, Status.ENDED)
    assert [entry["turn"] for entry in found.what_if] == [5, 7]
    assert all(entry["suggestion"] for entry in found.what_if)


@pytest.mark.parametrize("status", list(Status))
def test_a_debrief_survives_storage(status: Status) -> None:
    """What is stored reads back equal."""
    found = debrief_of(session([{FATAL: Verdict.YES}]), SCENARIO, status)
    assert Debrief.from_record(found.as_record()) == found


def test_an_agreement_names_its_reason() -> None:
    """The outcome tells why the buyer did what they did."""
    won = session([{FATAL: Verdict.YES}])
    last = replace(won.turns[-1], reason=Next(Act.AGREE, "all settled").reason)
    found = debrief_of(
        replace(won, turns=(*won.turns[:-1], last), status=Status.WON), SCENARIO, Status.WON
    )
    assert found.outcome_reason == "All settled."
