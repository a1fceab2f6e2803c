"""The JSON of going back: branches, two attempts side by side, guesses at what is hidden."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StrictInt

from api.schemas import Parent, Turn
from api.schemas_evidence import Given, Shown, Text, Time
from coach.buyer import Standing
from coach.diagnosis import desk
from coach.diagnosis.closeness import Closeness
from coach.rewinding import attempts, comparing
from coach.session import Status


class BranchRequest(Given):
    turn: Annotated[
        StrictInt,
        Field(
            ge=0,
            le=2**31 - 1,
            description="a turn of the seller's, or the buyer's turn that is to be answered anew",
        ),
    ]


class Attempt(Shown):
    """A session of the family. ``number`` counts the attempts at its first own turn, ``turn``;
    the session that all began with has none."""

    session: str
    parent: Parent | None
    turn: int | None
    number: int
    status: Status
    turn_count: int
    created_at: Time

    @staticmethod
    def of(found: attempts.Attempt) -> Attempt:
        one = found.session
        names = ("parent", "status", "turn_count", "created_at")
        fields = {name: getattr(one, name) for name in names}
        return Attempt.model_validate(
            {**fields, "session": one.id, "turn": found.turn, "number": found.number}
        )


class Branches(BaseModel):
    """The tree of a session: all attempts that began as one talk, the oldest first."""

    items: list[Attempt]
    next_cursor: str | None = None


class Mood(Shown):
    """0 to 100 each, or by how much each moved."""

    trust: float
    value: float
    patience: float


class Worry(Shown):
    id: str
    label: str
    standing: Standing


class Exchanged(BaseModel):
    """``mood`` and ``worries`` are those after the buyer's turn; what is hidden isn't in them."""

    seller: Turn
    buyer: Turn
    mood: Mood
    gained: Mood
    worries: list[Worry]

    @staticmethod
    def of(found: comparing.Exchanged) -> Exchanged:
        return Exchanged(
            seller=Turn.of(found.seller),
            buyer=Turn.of(found.buyer),
            mood=Mood.model_validate(found.mood),
            gained=Mood.model_validate(found.gained),
            worries=[Worry.model_validate(one) for one in found.worries],
        )


class Side(BaseModel):
    attempt: Attempt
    exchanges: list[Exchanged]

    @staticmethod
    def of(found: comparing.Side) -> Side:
        return Side(
            attempt=Attempt.of(found.attempt),
            exchanges=[Exchanged.of(one) for one in found.exchanges],
        )


class SideBySide(BaseModel):
    """Two attempts from ``parted_at`` on, the first turn that they don't share; ``answered`` is the
    buyer's turn before it, ``mood`` the buyer's then."""

    parted_at: int
    answered: Turn
    mood: Mood
    sides: list[Side] = Field(min_length=2, max_length=2)

    @staticmethod
    def of(found: comparing.SideBySide) -> SideBySide:
        return SideBySide(
            parted_at=found.parted_at,
            answered=Turn.of(found.shared[-1]),
            mood=Mood.model_validate(found.mood),
            sides=[Side.of(one) for one in found.sides],
        )


class DiagnosisRequest(Given):
    text: Text


class Card(Shown):
    """What the buyer hid; ``told`` when the seller got to hear it."""

    id: str
    label: str
    card: str
    told: bool


class Diagnosis(Shown):
    level: Closeness
    concern: str = Field(description="the worry it met, if the buyer has told it; else empty")
    left: int = Field(description="guesses that remain")
    cards: list[Card] = Field(description="what was hidden, once the session has ended")

    @staticmethod
    def of(found: desk.Diagnosis) -> Diagnosis:
        return Diagnosis.model_validate(found)
