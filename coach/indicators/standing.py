"""How far a goal is on a day. Pure; totals are added up here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.indicators.goal import Counting, Direction, Goal, Horizon, Number


class Standing(StrEnum):
    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    MISSED = "missed"
    NO_NUMBERS = "no_numbers"
    NO_TARGET = "no_target"
    UNDER_WAY = "under_way"  # a target without a day by which to reach it


@dataclass(frozen=True)
class Progress:
    """``now`` is the total or the latest number, ``share`` the part of the way that is done and
    ``elapsed`` the part of the time that is over: 0 to 1, or None where it can't be said."""

    standing: Standing
    now: float | None = None
    share: float | None = None
    elapsed: float | None = None


@dataclass(frozen=True)
class Side:
    """The goals of one horizon that have a target and numbers, and how many are on their way."""

    goals: int
    judged: int
    well: int


def progress_of(goal: Goal, numbers: Sequence[Number], today: date) -> Progress:
    """``numbers`` of this goal, by day."""
    until = min(today, goal.due or today)
    own = [n for n in numbers if (goal.since is None or n.day >= goal.since) and n.day <= until]
    values = [n.value for n in own if n.value is not None]
    if not values:
        return Progress(Standing.NO_NUMBERS)
    is_sum = goal.counting is Counting.SUM
    now, start = (sum(values), 0.0) if is_sum else (values[-1], values[0])
    if goal.target is None:
        return Progress(Standing.NO_TARGET, now)
    elapsed = _elapsed(goal, own[0].day, today)
    if is_sum and goal.direction is Direction.LESS:
        return Progress(_of_limit(goal, now, today), now, None, elapsed)
    share = _share(start, now, goal.target)
    return Progress(_standing(goal, now, share, elapsed, today), now, share, elapsed)


def _elapsed(goal: Goal, first: date, today: date) -> float | None:
    begin = goal.since or first
    if goal.due is None or goal.due <= begin:
        return None
    return min((today - begin) / (goal.due - begin), 1.0)


def _share(start: float, now: float, target: float) -> float | None:
    return None if target == start else min(max((now - start) / (target - start), 0.0), 1.0)


def _of_limit(goal: Goal, now: float, today: date) -> Standing:
    """A total that should stay below its target, such as customers lost."""
    if goal.target is not None and now > goal.target:
        return Standing.MISSED
    return Standing.REACHED if goal.due and today > goal.due else Standing.ON_TRACK


def _standing(
    goal: Goal, now: float, share: float | None, elapsed: float | None, today: date
) -> Standing:
    assert goal.target is not None  # noqa: S101  # asked only where there is one
    is_less = goal.direction is Direction.LESS
    if now <= goal.target if is_less else now >= goal.target:
        return Standing.REACHED
    if goal.due and today > goal.due:
        return Standing.MISSED
    if elapsed is None or share is None:
        return Standing.UNDER_WAY
    return Standing.ON_TRACK if share >= elapsed else Standing.BEHIND


WELL = (Standing.REACHED, Standing.ON_TRACK)
JUDGED = (*WELL, Standing.BEHIND, Standing.MISSED)


def side_of(horizon: Horizon, found: Sequence[tuple[Goal, Progress]]) -> Side:
    standings = [progress.standing for goal, progress in found if goal.horizon is horizon]
    return Side(
        len(standings),
        sum(one in JUDGED for one in standings),
        sum(one in WELL for one in standings),
    )


def balance_of(short: Side, long: Side) -> str:
    """The two sides in one sentence, as far as the numbers carry it."""
    if not (short.goals or long.goals):
        return "No goals are set yet."
    for side, name, other in ((short, "short", "long"), (long, "long", "short")):
        if not side.goals:
            return f"Only {other}-term goals are set; nothing says how the {name} term goes."
    told = [
        f"{side.well} of {side.judged} {name}-term goals on their way"
        for side, name in ((short, "short"), (long, "long"))
        if side.judged
    ]
    if len(told) < 2:
        known = f"{told[0]}; " if told else ""
        return f"{known}a target, a day and numbers are needed on both sides to weigh them."
    return f"{told[0]}, {told[1]}{_lean(short, long)}."


def _lean(short: Side, long: Side) -> str:
    gap = short.well / short.judged - long.well / long.judged
    if abs(gap) < 0.25:
        return ": the two are in balance"
    return f": the {'long' if gap > 0 else 'short'} term lags behind"
