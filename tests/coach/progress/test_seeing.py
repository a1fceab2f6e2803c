"""When a check counts: the rules of the debrief, over stored verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.overruling import Overruling
from coach.progress import Seen
from coach.progress.seeing import once_each, seen_in
from coach.rubric import When
from coach.scenario import Scenario
from coach.scenario_book import load_scenarios
from coach.session import Status
from tests.coach.progress.log import NO, NONE, NOW, YES, judged, practised

SCENARIO = load_scenarios().get("trust-true-rumour")
EACH, FORBIDS, BY_END = (
    next(item.id for item in SCENARIO.checks if wanted(item))
    for wanted in (
        lambda item: item.when is When.ON_CLAIM and item.yes,
        lambda item: not item.yes,
        lambda item: item.when is When.BY_END,
    )
)


def told(found: tuple[Seen, ...], check: str) -> list[tuple[int, bool]]:
    return [(one.turn, one.kept) for one in found if one.check == check]


def test_each_yes_and_no_counts_and_nothing_else() -> None:
    """Not observable says nothing, and what is excused fails nobody."""
    turns = [
        judged(1, (EACH, YES)),
        judged(3, (EACH, NONE)),
        judged(5, (EACH, NO)),
        judged(7, (EACH, NO), excused=[EACH]),
    ]
    assert told(seen_in(practised(), SCENARIO, turns, {}), EACH) == [(1, True), (5, False)]


@pytest.mark.parametrize(("status", "missed"), [(Status.ENDED, True), (Status.ACTIVE, False)])
def test_what_was_never_done_is_missed_when_the_session_is_over(
    status: Status, missed: bool
) -> None:
    """Once, at the last reply, with no quote; a session that goes on has time left."""
    turns = [judged(1, (BY_END, NONE)), judged(3, (BY_END, NONE))]
    found = seen_in(practised(status=status), SCENARIO, turns, {})
    assert told(found, BY_END) == ([(3, False)] if missed else [])
    assert not any(one.quote for one in found)


def test_what_has_to_be_done_once_is_kept_once() -> None:
    """However often it was done."""
    turns = [judged(n, (BY_END, YES)) for n in (1, 3, 5)]
    assert told(seen_in(practised(), SCENARIO, turns, {}), BY_END) == [(1, True)]


def test_a_rule_that_only_forbids_is_kept_by_silence() -> None:
    """Once for a session; each time it is broken counts."""
    clean, broken = (
        [judged(1, (FORBIDS, NONE))],
        [judged(1, (FORBIDS, NO)), judged(3, (FORBIDS, NO))],
    )
    assert told(seen_in(practised(), SCENARIO, clean, {}), FORBIDS) == [(1, True)]
    assert told(seen_in(practised(), SCENARIO, broken, {}), FORBIDS) == [(1, False), (3, False)]


def test_a_trainers_verdict_counts_instead() -> None:
    """Yes for no; and a reply that kept it after all leaves nothing missed at the end."""
    turns = [judged(1, (EACH, NO), (BY_END, NONE))]
    rulings = {
        (1, check): Overruling("s1", 1, check, YES, NO, "It did.", "tess", NOW)
        for check in (EACH, BY_END)
    }
    found = seen_in(practised(), SCENARIO, turns, rulings)
    assert told(found, EACH) == told(found, BY_END) == [(1, True)]
    assert all(one.by_trainer for one in found)


def test_a_trainer_may_say_that_there_was_no_occasion() -> None:
    """Then nothing counts."""
    rulings = {(1, EACH): Overruling("s1", 1, EACH, NONE, NO, "No claim.", "tess", NOW)}
    assert told(seen_in(practised(), SCENARIO, [judged(1, (EACH, NO))], rulings), EACH) == []


@pytest.mark.parametrize("scenario", [None, SCENARIO])
def test_verdicts_of_a_scenario_that_is_gone_still_count(scenario: Scenario | None) -> None:
    """As do those of a check that its rubric no longer has."""
    turns = [judged(1, ("an-old-check", NO))]
    assert told(seen_in(practised(), scenario, turns, {}), "an-old-check") == [(1, False)]


def test_what_branches_share_was_said_once() -> None:
    """A reply of a session and of its branch is one; a trainer's verdict on either counts."""
    turns = [judged(1, (EACH, NO))]
    old = seen_in(practised("old"), SCENARIO, turns, {})
    branch = seen_in(practised("branch"), SCENARIO, [*turns, judged(3, (EACH, YES))], {})
    ruled = tuple(replace(one, kept=True, by_trainer=True) for one in old)
    each = [one for one in once_each([*old, *branch]) if one.check == EACH]
    assert [one.kept for one in each] == [False, True]
    assert [one.kept for one in once_each([*branch, *ruled]) if one.check == EACH] == [True, True]


@pytest.mark.parametrize("needed", [True, False])
def test_what_is_about_the_other_kind_of_buyer_is_left_out(needed: bool) -> None:
    """In the sessions in which there is no need, and in those in which there is."""
    scenario = load_scenarios().get("interest")
    seed = next(n for n in range(100) if scenario.needed(n) is needed)
    turns = [judged(1, ("checks-the-need", NONE), ("agrees-next-step", NONE))]
    found = seen_in(practised(seed=seed), scenario, turns, {})
    assert [one.check for one in found] == ["agrees-next-step" if needed else "checks-the-need"]
