"""How far a goal is, and how the two horizons weigh, is told from numbers and days alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coach.indicators.goal import Counting, Direction, Goal, Horizon, Number
from coach.indicators.standing import Side, Standing, balance_of, progress_of
from coach.indicators.together import together
from coach.indicators.weeks import by_week, last_weeks

START = date(2026, 1, 5)
GOAL = Goal(
    id="g",
    name="Deals closed",
    unit="deals",
    horizon=Horizon.SHORT,
    counting=Counting.SUM,
    direction=Direction.MORE,
    target=10,
    since=START,
    due=START + timedelta(days=100),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
SHARE = replace(GOAL, counting=Counting.LATEST, target=20.0)


def numbers(*values: float) -> list[Number]:
    """One a week from the start on."""
    days = [START + timedelta(days=7 * n) for n in range(len(values))]
    return [Number("g", f"day:{day}", day, value) for day, value in zip(days, values, strict=True)]


@pytest.mark.parametrize(
    ("goal", "values", "days", "standing", "now"),
    [
        (GOAL, (), 50, Standing.NO_NUMBERS, None),
        (GOAL, (3, 3), 50, Standing.ON_TRACK, 6),
        (GOAL, (2, 2), 50, Standing.BEHIND, 4),
        (GOAL, (6, 4), 50, Standing.REACHED, 10),
        (GOAL, (6, 3), 101, Standing.MISSED, 9),
        (replace(GOAL, target=None), (6, 3), 50, Standing.NO_TARGET, 9),
        (replace(GOAL, due=None), (6, 3), 50, Standing.UNDER_WAY, 9),
        (SHARE, (10, 16), 50, Standing.ON_TRACK, 16),
        (SHARE, (10, 12), 50, Standing.BEHIND, 12),
        (replace(SHARE, target=5.0, direction=Direction.LESS), (10, 4), 50, Standing.REACHED, 4),
        (replace(SHARE, target=5.0, direction=Direction.LESS), (10, 9), 50, Standing.BEHIND, 9),
        (replace(GOAL, target=5, direction=Direction.LESS), (2, 2), 50, Standing.ON_TRACK, 4),
        (replace(GOAL, target=5, direction=Direction.LESS), (3, 3), 50, Standing.MISSED, 6),
    ],
)
def test_standing(
    goal: Goal, values: tuple[float, ...], days: int, standing: Standing, now: float | None
) -> None:
    """A total counts up to its target, a level moves from its first number to it."""
    told = progress_of(goal, numbers(*values), START + timedelta(days=days))
    assert (told.standing, told.now) == (standing, now)


def test_only_its_own_days_count() -> None:
    """What was before `since` or after `due` doesn't count towards the target."""
    goal = replace(GOAL, since=START + timedelta(days=7), due=START + timedelta(days=14))
    assert progress_of(goal, numbers(1, 2, 4, 8), START + timedelta(days=60)).now == 6


@pytest.mark.parametrize(
    ("short", "long", "says"),
    [
        (Side(0, 0, 0), Side(0, 0, 0), "No goals are set yet."),
        (Side(2, 2, 1), Side(0, 0, 0), "Only short-term goals are set"),
        (Side(2, 2, 2), Side(2, 2, 0), "the long term lags behind"),
        (Side(2, 2, 0), Side(2, 2, 2), "the short term lags behind"),
        (Side(2, 2, 1), Side(2, 2, 1), "the two are in balance"),
        (Side(2, 0, 0), Side(1, 1, 1), "are needed on both sides"),
    ],
)
def test_balance(short: Side, long: Side, says: str) -> None:
    """One sentence that says no more than the numbers carry."""
    assert says in balance_of(short, long)


def test_weeks() -> None:
    """A week adds up counts, takes the last level, and is unknown without a number."""
    mondays = last_weeks(START + timedelta(days=16), 4)
    assert mondays[1:] == [START, START + timedelta(days=7), START + timedelta(days=14)]
    given = [replace(n, day=n.day + timedelta(days=d)) for n in numbers(2, 5) for d in (0, 6)]
    assert by_week(given, Counting.SUM, mondays) == [None, 4, 10, None]
    assert by_week(given, Counting.LATEST, mondays) == [None, 2, 5, None]


RISING = [1, 2, 3, 4, 5, 6, 7, 8]


def test_together() -> None:
    """Spearman's rho, ties sharing their rank, with an interval that holds it."""
    told = together(RISING, [2, 1, 4, 3, 7, 8, 6, 5])
    assert told.n == 8
    assert told.rho == pytest.approx(1 - 6 * 22 / (8 * 63))  # squared differences of rank: 22
    assert told.low is not None
    assert told.high is not None
    assert -0.1 < told.low < told.rho < told.high < 1
    tied = together([1, 1, 2, 2, 3, 3, 4, 4], [1, 2, 1, 2, 1, 2, 1, 2])
    assert tied.rho == pytest.approx(0)
    perfect = together(RISING, [-2.0 * x for x in RISING])
    assert perfect.rho == pytest.approx(-1)
    assert perfect.high is not None
    assert perfect.high < -0.9
    assert perfect.low == pytest.approx(-1)


def test_too_little_to_say() -> None:
    """Under eight weeks, or where one never changed, no number is given."""
    assert together(RISING[:7], RISING[:7]).why == "too few weeks to say"
    gaps = [None, *RISING[1:]]
    assert (together(RISING, gaps).rho, together(RISING, gaps).n) == (None, 7)
    assert together(RISING, [3.0] * 8).why == "one of the two never changed"
