"""A goal and its numbers, and the goals that most teams set."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from coach.errors import BadInput

LONGEST_NAME = 80
LARGEST = 1e15


class Horizon(StrEnum):
    SHORT = "short"
    LONG = "long"


class Counting(StrEnum):
    """How several numbers make one: of a week, and towards the target."""

    SUM = "sum"  # deals closed
    LATEST = "latest"  # market share


class Direction(StrEnum):
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True)
class Goal:
    """``since`` is the day from which numbers count towards ``target`` (None: from the first),
    ``due`` the last one."""

    id: str
    name: str
    unit: str
    horizon: Horizon
    counting: Counting
    direction: Direction
    target: float | None
    since: date | None
    due: date | None
    created_at: datetime  # UTC


@dataclass(frozen=True)
class Number:
    """One number of a goal. ``ref`` says what it is of: the same one again takes its place.

    A ``value`` of None takes it away: a deal that turned out not to be won.
    """

    goal_id: str
    ref: str
    day: date
    value: float | None


@dataclass(frozen=True)
class Practised:
    """A session with at least one reply; ``score`` is 0 to 100, None while there is no debrief."""

    at: datetime
    scenario: str
    score: int | None


class GoalStore(Protocol):
    """Goals of a tenant. Synchronous and thread-safe; each method is one transaction."""

    def all(self, tenant: str) -> list[Goal]:
        """In the order in which they were set."""

    def save(self, tenant: str, goal: Goal) -> None:
        """Adds it or takes the place of the one with its id; Conflict where the name is taken,
        NotFound where the id is another tenant's."""

    def remove(self, tenant: str, goal_id: str) -> None:
        """With its numbers; NotFound where it isn't the tenant's."""

    def take(self, tenant: str, numbers: Sequence[Number]) -> int:
        """All or none; how many of them changed something."""

    def numbers(self, tenant: str) -> list[Number]:
        """Of all goals, by day."""

    def practised(self, tenant: str, since: datetime) -> list[Practised]:
        """By the whole team, oldest first."""


@dataclass(frozen=True)
class Preset:
    """A goal that many teams set; ``aliases`` are what exports call it."""

    name: str
    unit: str
    horizon: Horizon
    counting: Counting
    aliases: tuple[str, ...]


PRESETS = (
    Preset(
        "Deals closed",
        "deals",
        Horizon.SHORT,
        Counting.SUM,
        ("deals won", "closed won", "won deals", "won opportunities", "opportunities won", "deals"),
    ),
    Preset(
        "Contracts signed",
        "contracts",
        Horizon.SHORT,
        Counting.SUM,
        ("new contracts", "contracts", "signed contracts", "new contracts signed"),
    ),
    Preset(
        "Revenue won",
        "",
        Horizon.SHORT,
        Counting.SUM,
        ("revenue", "bookings", "sales", "closed won amount", "amount won", "won amount"),
    ),
    Preset(
        "Key customers influenced",
        "customers",
        Horizon.LONG,
        Counting.LATEST,
        ("key customers", "key accounts", "key accounts influenced", "influenced accounts"),
    ),
    Preset(
        "Customer value",
        "",
        Horizon.LONG,
        Counting.LATEST,
        ("customer lifetime value", "clv", "ltv", "lifetime value", "value of customers"),
    ),
    Preset("Market share", "%", Horizon.LONG, Counting.LATEST, ("share of market", "marketshare")),
)


def key_of(name: str) -> str:
    """The form by which names are told apart: without case and signs ("Close_Date" too)."""
    return " ".join(re.findall(r"\w+", name.replace("_", " ").casefold()))


def preset_for(name: str) -> Preset | None:
    """The preset of this name or alias."""
    key = key_of(name)
    return next((one for one in PRESETS if key in (key_of(one.name), *one.aliases)), None)


def named(goals: Sequence[Goal], name: str) -> Goal | None:
    """The goal of this name, else the one that is the same preset under another name."""
    by_key = {key_of(goal.name): goal for goal in goals}
    if found := by_key.get(key_of(name)):
        return found
    preset = preset_for(name)
    return next((goal for goal in goals if preset and preset_for(goal.name) is preset), None)


def checked(goal: Goal) -> Goal:
    """The goal with tidy words; BadInput, naming the field, where it makes no sense."""
    name, unit = " ".join(goal.name.split()), " ".join(goal.unit.split())
    if not key_of(name) or len(name) > LONGEST_NAME:
        raise BadInput(f"name: write what is counted, in 1 to {LONGEST_NAME} characters")
    if len(unit) > LONGEST_NAME:
        raise BadInput(f"unit: {LONGEST_NAME} characters are the most")
    if goal.target is not None and not is_sound(goal.target):
        raise BadInput("target: write a number below 1,000,000,000,000,000")
    if goal.since and goal.due and goal.since >= goal.due:
        raise BadInput("due: the last day must come after `since`, the first one")
    return Goal(**{**vars(goal), "name": name, "unit": unit})


def is_sound(value: float) -> bool:
    return math.isfinite(value) and abs(value) < LARGEST
