"""Days into weeks, which begin on Monday. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.indicators.goal import Counting, Number, Practised

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PracticeWeek:
    """``skill`` is the mean score of that week's debriefed sessions, 0 to 100."""

    monday: date
    sessions: int
    tactical: int
    strategic: int
    skill: float | None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_weeks(today: date, count: int) -> list[date]:
    """Mondays, oldest first; the last is this week's."""
    this = monday_of(today)
    return [this - WEEK * back for back in range(count - 1, -1, -1)]


def by_week(
    numbers: Sequence[Number], counting: Counting, mondays: Sequence[date]
) -> list[float | None]:
    """One goal's numbers, which are by day; None for a week without any: unknown, not zero."""
    found: defaultdict[date, list[float]] = defaultdict(list)
    for number in numbers:
        if number.value is not None:
            found[monday_of(number.day)].append(number.value)
    one = sum if counting is Counting.SUM else _last
    return [float(one(found[monday])) if monday in found else None for monday in mondays]


def _last(values: Sequence[float]) -> float:
    return values[-1]


def practice_by_week(
    practised: Sequence[Practised], kinds: Mapping[str, str], mondays: Sequence[date]
) -> list[PracticeWeek]:
    """``kinds`` is tactical or strategic by scenario; one that is gone is in neither count."""
    found: defaultdict[date, list[Practised]] = defaultdict(list)
    for one in practised:
        found[monday_of(one.at.date())].append(one)
    return [_week(monday, found.get(monday, []), kinds) for monday in mondays]


def _week(monday: date, done: Sequence[Practised], kinds: Mapping[str, str]) -> PracticeWeek:
    scores = [one.score for one in done if one.score is not None]
    is_of = [kinds.get(one.scenario) for one in done]
    return PracticeWeek(
        monday,
        len(done),
        is_of.count("tactical"),
        is_of.count("strategic"),
        sum(scores) / len(scores) if scores else None,
    )
