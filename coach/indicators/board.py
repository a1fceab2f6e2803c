"""The verbs about goals and their numbers, and the view of both beside practice."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.errors import BadInput, NotFound
from coach.indicators.goal import Goal, GoalStore, Horizon, Number, checked, is_sound, named
from coach.indicators.reading import Reading, read_numbers, ref_of
from coach.indicators.standing import Progress, Side, balance_of, progress_of, side_of
from coach.indicators.together import Together, together
from coach.indicators.weeks import PracticeWeek, by_week, last_weeks, practice_by_week
from coach.session import Caller

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock

WEEKS, MOST_WEEKS = 26, 104
MOST_GOALS = 100


@dataclass(frozen=True)
class Measured:
    """A number that was sent by itself, for the goal of that name or id."""

    goal: str
    day: date
    value: float


@dataclass(frozen=True)
class Taken:
    """Of the numbers that were ``read``, so many ``changed`` something; the rest stood there."""

    read: int
    changed: int
    reading: Reading


@dataclass(frozen=True)
class Followed:
    """A goal week by week; ``with_sessions`` and ``with_skill`` leave out the running week."""

    goal: Goal
    progress: Progress
    weeks: tuple[float | None, ...]
    with_sessions: Together
    with_skill: Together


@dataclass(frozen=True)
class Overview:
    """``practice`` and each goal's ``weeks`` are about the same weeks, oldest first."""

    today: date
    practice: tuple[PracticeWeek, ...]
    goals: tuple[Followed, ...]
    short: Side
    long: Side
    balance: str


class Board:
    """Everyone of a team sees its goals; trainers write."""

    def __init__(self, store: GoalStore, shelf: Shelf, clock: Clock) -> None:
        self._store, self._shelf, self._clock = store, shelf, clock

    # --- goals ---

    async def set(self, caller: Caller, goal: Goal) -> Goal:
        """A new goal; its id and day of making are given here."""
        caller.must_be("trainer")
        new = replace(checked(goal), id=uuid4().hex, created_at=self._clock())
        return await asyncio.to_thread(self._set, caller.tenant, new)

    def _set(self, tenant: str, goal: Goal) -> Goal:
        if len(self._store.all(tenant)) >= MOST_GOALS:
            raise BadInput(f"{MOST_GOALS} goals are the most; remove one that nobody follows")
        self._store.save(tenant, goal)
        return goal

    async def change(self, caller: Caller, goal: Goal) -> Goal:
        """All but the day of its making; NotFound where there is none with that id."""
        caller.must_be("trainer")
        return await asyncio.to_thread(self._change, caller.tenant, checked(goal))

    def _change(self, tenant: str, goal: Goal) -> Goal:
        before = _with_id(self._store.all(tenant), goal.id)
        changed = replace(goal, created_at=before.created_at)
        self._store.save(tenant, changed)
        return changed

    async def remove(self, caller: Caller, goal_id: str) -> None:
        caller.must_be("trainer")
        await asyncio.to_thread(self._store.remove, caller.tenant, goal_id)

    # --- numbers ---

    async def take_file(self, caller: Caller, content: bytes, name: str) -> Taken:
        """The rows of a CSV that can be read; the others are told by their lines."""
        caller.must_be("trainer")
        return await asyncio.to_thread(self._take_file, caller.tenant, content, name)

    def _take_file(self, tenant: str, content: bytes, name: str) -> Taken:
        reading = read_numbers(content, name, self._store.all(tenant), self._today())
        return self._taken(tenant, reading)

    async def take(self, caller: Caller, numbers: Sequence[Measured]) -> Taken:
        """All of them or none: BadInput says which can't be taken, and why."""
        caller.must_be("trainer")
        return await asyncio.to_thread(self._take, caller.tenant, numbers)

    def _take(self, tenant: str, numbers: Sequence[Measured]) -> Taken:
        goals, today = self._store.all(tenant), self._today()
        errors: list[dict[str, object]] = []
        reading = Reading()
        for place, one in enumerate(numbers):
            goal = next((g for g in goals if g.id == one.goal), None) or named(goals, one.goal)
            if goal is None or one.day > today or not is_sound(one.value):
                errors.append({"loc": ["numbers", place], "msg": _why_not(goal, one, today)})
            else:
                number = Number(goal.id, ref_of(one.day), one.day, one.value)
                reading.numbers[(goal.id, number.ref)] = number
        if errors:
            raise BadInput("some numbers can't be taken, so none was; see `errors`", errors)
        return self._taken(tenant, reading)

    def _taken(self, tenant: str, reading: Reading) -> Taken:
        numbers = list(reading.numbers.values())
        changed = self._store.take(tenant, numbers)
        return Taken(sum(n.value is not None for n in numbers), changed, reading)

    # --- the view ---

    async def overview(self, caller: Caller, weeks: int = WEEKS) -> Overview:
        return await asyncio.to_thread(self._overview, caller.tenant, weeks)

    def _overview(self, tenant: str, count: int) -> Overview:
        today = self._today()
        mondays = last_weeks(today, count)
        since = datetime.combine(mondays[0], time(), UTC)
        kinds = {scenario.id: scenario.kind for scenario in self._shelf.all(tenant)}
        practice = practice_by_week(self._store.practised(tenant, since), kinds, mondays)
        numbers: defaultdict[str, list[Number]] = defaultdict(list)
        for number in self._store.numbers(tenant):
            numbers[number.goal_id].append(number)
        goals = tuple(
            _followed(goal, numbers[goal.id], practice, today) for goal in self._store.all(tenant)
        )
        found = [(one.goal, one.progress) for one in goals]
        short, long = (side_of(horizon, found) for horizon in Horizon)
        return Overview(today, tuple(practice), goals, short, long, balance_of(short, long))

    def _today(self) -> date:
        return self._clock().date()


def _followed(
    goal: Goal, numbers: Sequence[Number], practice: Sequence[PracticeWeek], today: date
) -> Followed:
    weeks = by_week(numbers, goal.counting, [week.monday for week in practice])
    over = weeks[:-1]  # the running week is not over: its numbers would look low
    return Followed(
        goal,
        progress_of(goal, numbers, today),
        tuple(weeks),
        together(_sessions(practice[:-1]), over),
        together([week.skill for week in practice[:-1]], over),
    )


def _sessions(practice: Sequence[PracticeWeek]) -> list[float | None]:
    """How many a week; before the first one nobody knows how much was practised elsewhere."""
    began = next((n for n, week in enumerate(practice) if week.sessions), len(practice))
    return [None if n < began else float(week.sessions) for n, week in enumerate(practice)]


def _with_id(goals: Sequence[Goal], goal_id: str) -> Goal:
    found = next((goal for goal in goals if goal.id == goal_id), None)
    if found is None:
        raise NotFound(f"there is no goal {goal_id[:60]!r}")
    return found


def _why_not(goal: Goal | None, number: Measured, today: date) -> str:
    if goal is None:
        return f"no goal has the name or id {number.goal[:60]!r}; set it first"
    if number.day > today:
        return f"{number.day} is still to come"
    return "the value is no number that can be kept"
