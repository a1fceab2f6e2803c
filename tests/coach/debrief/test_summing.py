"""The debrief adds up in code, names the hard rule that was broken, and shows the hidden card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.assessment import Assessment, Check, Verdict
from coach.buyer import Decision, DecisionKind, Next, Standing, opening_state
from coach.debrief import FAILED_SCORE, Corrections, Debrief, debrief_of
from coach.rubric import RubricItem
from coach.scenario import Act, Difficulty, Scenario
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
MISSED = "acknowledges-first"  # judged reply by reply


def test_the_score_is_the_mean_share_of_yes() -> None:
    """One check half kept, one kept; what had to be done by the end and wasn't counts as well."""
    verdicts = [{FATAL: Verdict.YES, MISSED: Verdict.YES}, {MISSED: Verdict.NO}]
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
        session([{MISSED: Verdict.YES}, {MISSED: Verdict.NO}, {MISSED: Verdict.NO}]),
        SCENARIO,
        Status.ENDED,
    )
    summary = next(c for c in found.checks if c.id == MISSED)
    assert (summary.yes, summary.no, summary.missed_turn) == (1, 2, 3)
    assert summary.best_quote == "well"


def test_a_verdict_that_a_trainer_set_counts_in_place_of_the_judges() -> None:
    """The same session, told anew: the miss is gone, and the check says that it was overruled."""
    made = session([{MISSED: Verdict.YES}, {MISSED: Verdict.NO}])
    set_right = Corrections(overruled={(3, MISSED): Verdict.YES})
    before, after = (
        next(c for c in debrief_of(made, SCENARIO, Status.ENDED, given).checks if c.id == MISSED)
        for given in (Corrections(), set_right)
    )
    assert (before.yes, before.no, before.overruled) == (1, 1, 0)
    assert (after.yes, after.no, after.overruled, after.missed_turn) == (2, 0, 1, None)


def test_a_hard_rule_broken_only_for_the_judge_no_longer_fails_the_session() -> None:
    made = session([{**dict.fromkeys(IDS, Verdict.YES), FATAL: Verdict.NO}])
    set_right = Corrections(overruled={(1, FATAL): Verdict.NOT_OBSERVABLE})
    assert debrief_of(made, SCENARIO, Status.ENDED).failed
    assert not debrief_of(made, SCENARIO, Status.ENDED, set_right).failed


def test_an_advisory_check_is_shown_and_leaves_the_score() -> None:
    made = session([dict.fromkeys(IDS, Verdict.YES) | {MISSED: Verdict.NO}])
    found = debrief_of(made, SCENARIO, Status.ENDED, Corrections(advisory={MISSED}))
    shown = next(c for c in found.checks if c.id == MISSED)
    assert (found.score, shown.no, shown.advisory) == (100, 1, True)
    assert found.drill is None


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


# --- how it ended ---


@pytest.mark.parametrize("before", [Status.ACTIVE, Status.ENDED])
def test_a_debrief_made_anew_gives_the_same_reason(before: Status) -> None:
    """Also when the session had long ended, as after a verdict was overruled."""
    made = replace(session([{}]), status=before)
    assert debrief_of(made, SCENARIO, Status.ENDED).outcome_reason == "You ended the session."


def needless(told: bool, act: Act, reason: str = "why") -> tuple[Session, Scenario]:
    """A session with a buyer who has no need, after the last ``act``."""
    where = load_scenarios().get("interest")
    seed = next(n for n in range(100) if not where.needed(n))
    made = session([{}], where)
    state = opening_state(where, where.personas[0], Difficulty.NORMAL, seed)
    assert state.instead is not None
    if told:
        found = replace(state.concerns[state.instead], standing=Standing.RESOLVED)
        made_decision = Decision(DecisionKind.PARTED, state.instead, reason)
        state = replace(
            state,
            concerns={**state.concerns, state.instead: found},
            decisions=(made_decision,),
        )
    last = replace(made.turns[-1], act=act.value, reason=reason, state=state)
    turns = (*made.turns[:-1], last)
    return replace(made, turns=turns, state=state, status=Status.ENDED), where


def test_an_honest_no_where_there_is_no_need_is_a_success() -> None:
    """The status stays what it was; the debrief says that it was right."""
    made, where = needless(told=True, act=Act.NOT_A_FIT)
    found = debrief_of(made, where, Status.ENDED)
    assert (found.outcome, found.ending, found.success) == ("ended", "honest_no", True)


def test_a_lucky_guess_and_a_need_let_go_are_none() -> None:
    guessed = debrief_of(*needless(told=False, act=Act.NOT_A_FIT), Status.ENDED)
    assert (guessed.ending, guessed.success) == ("guessed_no", False)
    let_go = session([{}])
    last = replace(let_go.turns[-1], act=Act.NOT_A_FIT.value)
    missed = debrief_of(replace(let_go, turns=(*let_go.turns[:-1], last)), SCENARIO, Status.ENDED)
    assert (missed.ending, missed.success) == ("need_missed", False)


def test_checks_of_a_sale_do_not_count_where_there_is_no_need() -> None:
    """Nobody is blamed for a next step that would have been wrong."""
    found = debrief_of(*needless(told=True, act=Act.NOT_A_FIT), Status.ENDED)
    sale = [c for c in found.checks if c.id in ("agrees-next-step", "tailors-the-demonstration")]
    assert [(c.yes, c.no) for c in sale] == [(0, 0), (0, 0)]
    assert next(c for c in found.checks if c.id == "checks-the-need").no == 1


def test_a_broken_hard_rule_is_no_success() -> None:
    made = session([{FATAL: Verdict.NO}])
    last = replace(made.turns[-1], act=Act.AGREE.value)
    found = debrief_of(replace(made, turns=(*made.turns[:-1], last)), SCENARIO, Status.WON)
    assert (found.ending, found.success) == ("agreed", False)


def test_what_the_buyer_decided_is_told_with_its_reason() -> None:
    found = debrief_of(*needless(told=True, act=Act.NOT_A_FIT, reason="said so"), Status.ENDED)
    (made,) = found.buyer["decisions"]
    assert (made["turn"], made["kind"], made["reason"]) == (2, "parted", "said so")
    assert made["label"]


def test_an_excused_no_to_a_hard_rule_does_not_fail_the_session() -> None:
    """A first figure without a source is a miss, and no more than that."""
    made = session([dict.fromkeys(IDS, Verdict.YES), {FATAL: Verdict.NO}])
    turns = [
        turn
        if turn.assessment is None
        else replace(
            turn,
            assessment=replace(
                turn.assessment,
                checks=tuple(
                    replace(c, excused=c.verdict is Verdict.NO) for c in turn.assessment.checks
                ),
            ),
        )
        for turn in made.turns
    ]
    found = debrief_of(replace(made, turns=tuple(turns)), SCENARIO, Status.ENDED)
    summary = next(c for c in found.checks if c.id == FATAL)
    assert (summary.no, summary.broken, found.failed) == (1, False, "")
    assert found.score is not None
    assert found.score > FAILED_SCORE


def test_a_debrief_of_before_is_still_read() -> None:
    """What older versions stored lacks how it ended; a win was a success."""
    raw = debrief_of(session([{FATAL: Verdict.YES}]), SCENARIO, Status.WON).as_record()
    since = {"ending", "success", "claims_made", "hints", "drill", "rubrics"}
    young = {"best_turn", "missed_why", "tip", "advisory", "overruled"}
    old = {key: value for key, value in raw.items() if key not in since}
    old["checks"] = [{k: v for k, v in c.items() if k not in young} for c in old["checks"]]
    old["buyer"] = {"concerns": raw["buyer"]["concerns"], "state_by_turn": []}
    read = Debrief.from_record(old)
    assert read.success
    assert Debrief.from_record(read.as_record()) == read
