"""Some buyers don't need what is sold: a rep finds out by asking, says so, and has succeeded."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from coach.assessment import Check, Reply, Verdict, assess
from coach.buyer import Ending, Standing, ending_of, opening_state
from coach.moves import MoveKind as M
from coach.perception import Perception
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import ScenarioBook
from tests.made_buyers import ASKS, NORMAL, PLAIN, PROPOSES, WINS, after, heard, said, scenario

NEEDLESS = scenario(need_exists=False)
SAYS_NO = heard(M.DISQUALIFY)
ASKS_TWICE = (ASKS, ASKS)


def ending(*messages: Perception, where: Scenario = NEEDLESS, **changes: float) -> Ending:
    state, planned = after(*messages, where=where, **changes)
    return ending_of(planned.act, state)


def test_what_there_is_instead_is_told_to_a_rep_who_asks() -> None:
    state, planned = after(*ASKS_TWICE, where=NEEDLESS)
    assert (planned.act, planned.concern) == (Act.REVEAL, "instead")
    assert state.knows_no_need
    assert "fear" not in state.concerns


def test_an_honest_no_to_who_has_no_need_is_a_success() -> None:
    assert ending(*ASKS_TWICE, SAYS_NO) is Ending.HONEST_NO
    assert Ending.HONEST_NO.success


def test_it_may_come_with_a_question_or_an_offer_to_somebody_else() -> None:
    assert ending(*ASKS_TWICE, heard(M.DISQUALIFY, M.NEXT_STEP, M.EXPLORE)) is Ending.HONEST_NO


@pytest.mark.parametrize("before", [(), (ASKS,)])
def test_a_guess_is_no_success(before: tuple[Perception, ...]) -> None:
    found = ending(*before, SAYS_NO)
    assert found is Ending.GUESSED_NO
    assert not found.success


def test_letting_go_of_who_has_the_need_is_no_success() -> None:
    found = ending(*ASKS_TWICE, SAYS_NO, where=PLAIN)
    assert found is Ending.NEED_MISSED
    assert not found.success


def test_who_was_caught_inventing_is_not_honest_any_more() -> None:
    found = ending(ASKS, heard(M.INVENT), ASKS, ASKS, SAYS_NO, trust=90.0)
    assert not found.success


@pytest.mark.parametrize("difficulty", Difficulty)
def test_nobody_buys_what_they_do_not_need(difficulty: Difficulty) -> None:
    """Whatever else was answered, and whether it was told or not."""
    for messages in (WINS, (*ASKS_TWICE, ASKS, *WINS)):
        _, planned = after(*messages, where=NEEDLESS, difficulty=difficulty, trust=90.0)
        assert planned.act in (Act.NOT_YET, Act.HESITATE)


def test_selling_on_after_it_was_told_costs_more_than_silence() -> None:
    sold, planned = after(*ASKS_TWICE, PROPOSES, where=NEEDLESS)
    silent, _ = after(*ASKS_TWICE, heard(), where=NEEDLESS)
    assert (planned.act, planned.concern) == (Act.NOT_YET, "instead")
    assert sold.trust < silent.trust


# --- the rubric ---


def checks(message: Perception, *before: Perception, where: Scenario = NEEDLESS) -> list[Check]:
    state, _ = after(*before, where=where)
    reply = Reply("x", message, (), Act.PRESS, "?", Act.PRESS, first=False, before=state)
    return list(assess(where, reply).checks)


def verdicts(message: Perception, *before: Perception, where: Scenario = NEEDLESS) -> list[Verdict]:
    return [check.verdict for check in checks(message, *before, where=where)]


def checked(message: Perception, *before: Perception) -> Check:
    """The check of inventions."""
    return checks(message, *before, where=PLAIN)[2]


def test_checks_give_nothing_away_before_it_was_told() -> None:
    """With or without a need the same words get the same verdicts."""
    for message in (PROPOSES, SAYS_NO):
        assert verdicts(message, ASKS) == verdicts(message, ASKS, where=PLAIN)
    assert verdicts(PROPOSES, ASKS)[:2] == [Verdict.YES, Verdict.NOT_OBSERVABLE]


def test_recommending_a_purchase_after_it_was_told_is_a_failed_check() -> None:
    assert verdicts(PROPOSES, *ASKS_TWICE)[:2] == [Verdict.NOT_OBSERVABLE, Verdict.NO]
    assert verdicts(SAYS_NO, *ASKS_TWICE)[1] is Verdict.YES
    assert verdicts(heard(M.DISQUALIFY, M.NEXT_STEP), *ASKS_TWICE)[1] is Verdict.YES


# --- scenarios ---


def test_the_seed_decides_whether_there_is_a_need() -> None:
    where = scenario(need_exists=0.75)
    found = [where.needed(seed) for seed in range(400)]
    assert 0.68 < sum(found) / len(found) < 0.82
    assert found == [where.needed(seed) for seed in range(400)]
    for seed, needed in enumerate(found[:20]):
        state = opening_state(where, where.personas[0], NORMAL, seed)
        assert (state.instead is None) == needed
        assert ("fear" in state.concerns) == needed


def test_two_scenarios_or_more_may_be_without_a_need(book: ScenarioBook) -> None:
    """Each says what there is instead, and fails who sells regardless."""
    open_ = [s for s in book.all() if s.need_exists is not True]
    assert len(open_) >= 2
    for found in open_:
        assert [c for c in found.concerns if c.when_needed is False and c.hidden]
        hard = [i for i in found.rubric if i.when_needed is False and i.fatal]
        assert [i for i in hard if M.NEXT_STEP in i.no]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"need_exists": False}, "go together"),
        ({"need_exists": 1.5}, "less than 1"),
        ({"kind": "strategic", "need_exists": 0.5}, "go together|nobody buys"),
    ],
)
def test_a_need_that_may_be_missing_is_written_in_full(
    changes: dict[str, object], fault: str
) -> None:
    with pytest.raises(ValidationError, match=fault):
        Scenario.model_validate({**PLAIN.model_dump(mode="json"), **changes})


def test_what_there_is_instead_must_be_found_out() -> None:
    raw = NEEDLESS.model_dump(mode="json")
    instead = next(c for c in raw["concerns"] if c["when_needed"] is False)
    instead["hidden"] = False
    with pytest.raises(ValidationError, match="must be hidden"):
        Scenario.model_validate(raw)


def test_a_settled_instead_is_resolved() -> None:
    state, _ = after(*ASKS_TWICE, SAYS_NO, where=NEEDLESS)
    assert state.concerns["instead"].standing is Standing.RESOLVED


# --- figures without a source ---


def test_a_first_figure_without_a_source_is_a_miss_that_fails_nobody() -> None:
    """It may be true and only not filed; the buyer asks, and that is the occasion to say so."""
    first = checked(heard(M.INVENT, strength=0.5), ASKS)
    assert (first.verdict, first.excused) == (Verdict.NO, True)


def test_a_contradicted_figure_or_another_one_after_being_asked_fails_the_session() -> None:
    contradicted = checked(said("Our uptime has been 100% since 2011.", M.INVENT), ASKS)
    again = checked(heard(M.INVENT, strength=0.5), ASKS, heard(M.INVENT, strength=0.5))
    assert not contradicted.excused
    assert not again.excused


def test_words_without_a_figure_or_a_name_that_seem_refuted_fail_nobody_at_once() -> None:
    """The ledger reads a "no deadline" wrongly at times; the buyer asks first."""
    first = checked(said("We have no deadline for you.", M.INVENT), ASKS)
    assert (first.verdict, first.excused) == (Verdict.NO, True)
