"""What a turn says while it happens. Every door consumes this same stream; only rendering differs.

In order: TurnCreated, ReplyDelta (many; after a ReplyReset all earlier deltas are void),
ReplyCompleted, AssessmentReady, TurnCompleted. Or TurnFailed, and then nothing was stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.assessment import Assessment
from coach.errors import CoachError
from coach.session import Exchange, Turn


@dataclass(frozen=True)
class TurnCreated:
    turn: Turn  # the seller's


@dataclass(frozen=True)
class ReplyDelta:
    text: str


@dataclass(frozen=True)
class ReplyReset:
    """The words so far are withdrawn; the whole reply follows anew. ``note`` says why, or is ""
    where the same engine says it in other words."""

    note: str


@dataclass(frozen=True)
class ReplyCompleted:
    turn: Turn  # the buyer's


@dataclass(frozen=True)
class AssessmentReady:
    assessment: Assessment


@dataclass(frozen=True)
class TurnCompleted:
    exchange: Exchange


@dataclass(frozen=True)
class TurnFailed:
    error: CoachError


TurnEvent = (
    TurnCreated
    | ReplyDelta
    | ReplyReset
    | ReplyCompleted
    | AssessmentReady
    | TurnCompleted
    | TurnFailed
)
