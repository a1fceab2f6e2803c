"""The JSON of progress, of what comes next, and of verdicts that a trainer set."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from api.schemas_calibration import Agreement
from api.schemas_evidence import Given, Short, Shown, Text, Time, optional
from coach import overruling
from coach.assessment import Verdict
from coach.progress import Level
from coach.progress.book import Progress as Found
from coach.scenario import Difficulty

Share = Annotated[float, Field(ge=0, le=1)]
TurnIndex = Annotated[int, Path(ge=0, le=1_000_000)]


class Point(Shown):
    at: Time
    share: Share
    low: Share
    high: Share


class Miss(Shown):
    """``quote`` is verbatim in that turn, or empty where something was never done."""

    session: str
    turn: int
    scenario: str
    quote: str
    at: Time
    by_trainer: bool


class Mastery(Shown):
    check: str
    question: str
    level: Level
    share: Share
    low: Share
    high: Share
    seen: int
    kept: int
    sessions: int
    last_miss: Miss | None
    over_time: list[Point]


class Drill(Shown):
    check: str
    question: str
    due_at: Time
    is_due: bool
    recall: Share
    last_miss: Miss


class Choice(Shown):
    scenario: str
    title: str
    difficulty: Difficulty
    persona: str
    why: str
    check: str | None = optional()
    question: str | None = optional()
    last_miss: Miss | None = Field(default=None, validation_alias="miss")
    due_at: Time | None = None


class Progress(BaseModel):
    """``checks`` the weakest first, ``drills`` the first due first; ``overall`` is all checks
    together after each session. ``advisory`` checks count nowhere."""

    checks: list[Mastery]
    drills: list[Drill]
    overall: list[Point]
    sessions: int
    advisory: list[Agreement]
    next: Choice

    @staticmethod
    def of(found: Found) -> Progress:
        return Progress(
            checks=[Mastery.model_validate(one) for one in found.masteries],
            drills=[Drill.model_validate(one) for one in found.drills],
            overall=[Point.model_validate(one) for one in found.overall],
            sessions=len(found.practised),
            advisory=[Agreement.model_validate(one) for one in found.advisory],
            next=Choice.model_validate(found.next),
        )


class NewOverruling(Given):
    verdict: Verdict
    reason: Text


class Overruling(Shown):
    """``machine`` is the coach's verdict; ``verdict`` counts in its place."""

    session: str
    turn: int
    check: Short
    verdict: Verdict
    machine: Verdict
    reason: str
    author: str
    at: Time

    @staticmethod
    def of(found: overruling.Overruling) -> Overruling:
        return Overruling.model_validate(found)


class Overrulings(BaseModel):
    items: list[Overruling]
    next_cursor: str | None = None
