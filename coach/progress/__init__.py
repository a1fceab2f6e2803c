"""What a rep can do by now, and what comes next, recomputed from the stored verdicts each time.

Nothing is counted anywhere: an overruled verdict, a deleted session or a new rule is right at once.
A check is told by its id: the same id in several scenarios is the same skill in other words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.scenario import Difficulty


@dataclass(frozen=True)
class Seen:
    """One time a check counted: on one reply, or once for a session where only its end tells.

    ``quote`` is verbatim in that turn, or empty where something was never done.
    """

    check: str
    question: str
    kept: bool
    quote: str
    at: datetime  # UTC; of the turn
    session: str
    turn: int
    scenario: str
    by_trainer: bool = False


class Level(StrEnum):
    NEW = "new"  # too little seen to say
    STRUGGLING = "struggling"
    LEARNING = "learning"
    MASTERED = "mastered"


@dataclass(frozen=True)
class Point:
    """How things stood after a session: ``share`` kept, recent ones counting most, and where it
    may really lie."""

    at: datetime
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Mastery:
    """One check over all sessions. ``share``, ``low`` and ``high`` are 0 to 1, as of now."""

    check: str
    question: str
    level: Level
    share: float
    low: float
    high: float
    seen: int
    kept: int
    sessions: int
    last: Seen
    last_miss: Seen | None
    over_time: tuple[Point, ...]  # one for each of the latest sessions, oldest first


@dataclass(frozen=True)
class Drill:
    """A check that was missed once comes back: ``due_at`` when it is likely to be forgotten.

    ``recall`` is how likely it is remembered now, 0 to 1.
    """

    check: str
    question: str
    due_at: datetime
    is_due: bool
    recall: float
    last_miss: Seen


@dataclass(frozen=True)
class Choice:
    """What to practise next. ``check`` is empty where a scenario is new or everything goes well;
    ``why`` is one sentence."""

    scenario: str
    title: str
    difficulty: Difficulty
    persona: str
    why: str
    check: str = ""
    question: str = ""
    miss: Seen | None = None
    due_at: datetime | None = None
