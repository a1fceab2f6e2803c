"""The JSON of the HTTP contract: what may be sent, and how a practice session looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictInt

from api.schemas_evidence import (
    Claim,
    Given,
    Shared,
    Short,
    Shown,
    Span,
    Suggestion,
    Text,
    Time,
    optional,
)
from coach import assessment, debrief, scenario, session
from coach.authoring.yaml_text import LARGEST
from coach.buyer import Ending
from coach.diagnosis.closeness import Closeness
from coach.practice.accepted import Accepted, UnderWay
from coach.scenario import Difficulty
from coach.session import Status


class NewSession(Given):
    scenario: Short
    difficulty: Difficulty | None = None
    persona: Short | None = None
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] | None = None
    workshop: Short | None = Field(
        default=None, description="an attempt in that workshop, which decides the rest"
    )


class NewTry(Given):
    source: Annotated[str, Field(max_length=LARGEST)]
    difficulty: Difficulty | None = None
    persona: Short | None = None
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] | None = None


class NewTurn(Given):
    text: Text


class HintRequest(Given):
    level: Annotated[StrictInt, Field(ge=1, le=3)] | None = None


class Check(Shown):
    id: str
    question: str
    verdict: assessment.Verdict
    quote: str
    span: Span
    explanation: str


class Assessment(Shown):
    scored: bool
    reason: str | None = optional(description="why there is no verdict, when scored is false")
    moves: list[str]
    checks: list[Check]
    claims: list[Claim]
    tip: str
    rubrics: list[str] = Field(
        default=[], description="the files it was judged by, as <id>@<version>"
    )


class Hint(Shown):
    level: Literal[1, 2, 3]
    text: str
    suggestions: list[Suggestion] = Field(default=[], exclude_if=lambda listed: not listed)
    shared: list[Shared] = Field(default=[], exclude_if=lambda listed: not listed)


class Turn(Shown):
    index: int
    speaker: session.Speaker
    text: str
    at: Time
    act: str | None = optional(description="what the buyer did, of a buyer's turn")
    assessment: Assessment | None = optional(description="of a seller's turn")
    note: str | None = optional(description="set when a model failed and another engine took over")

    @staticmethod
    def of(turn: session.Turn) -> Turn:
        shown = Turn.model_validate(turn)
        shown.note = turn.provenance.note if turn.provenance else None
        return shown


class Persona(Shown):
    id: str
    name: str
    role: str
    organisation: str
    sector: str
    region: str
    size: int
    temperament: scenario.Temperament


class RubricItem(Shown):
    id: str
    question: str


class Scenario(Shown):
    """What a rep may know beforehand: nothing of what the buyer hides or needs."""

    id: str
    version: int
    kind: Literal["tactical", "strategic"]
    title: str
    summary: str
    guide_section: str
    goal: str
    difficulty: Difficulty
    minutes: int
    vendor: str
    competitor: str | None
    persona: Persona
    personas: list[Persona]
    guests: bool = Field(description="whether personas of others of this kind may be met here")
    opening: str
    rubric: list[RubricItem]

    @staticmethod
    def of(found: scenario.Scenario) -> Scenario:
        first = found.personas[0]
        fields = {name: getattr(found, name) for name in Scenario.model_fields if name != "persona"}
        made = {"persona": first, "opening": opening_of(found), "rubric": found.checks}
        return Scenario.model_validate(fields | made)


def opening_of(found: scenario.Scenario) -> str:
    """The first opening line as the first persona would say it."""
    known = found.personas[0].model_dump() | {
        "vendor": found.vendor,
        "competitor": found.competitor,
    }
    for line in found.opening:
        slots = {slot for _, slot, _, _ in Formatter().parse(line) if slot}
        if all(known.get(slot) for slot in slots):
            return line.format_map(known)
    return found.summary


class Scenarios(BaseModel):
    items: list[Scenario]
    next_cursor: str | None = None


def listed(found: Iterable[scenario.Scenario]) -> Scenarios:
    return Scenarios(items=[Scenario.of(one) for one in found])


class Engine(Shown):
    voice: str
    judge: str
    embedding: str


class Parent(Shown):
    session: str
    turn: int


class HintUse(Shown):
    turn: int
    level: int
    text: str


class Guess(Shown):
    turn: int = Field(description="the buyer's turn it was made at")
    text: str
    level: Closeness
    concern: str = Field(description="the worry it met, if the buyer has told it; else empty")


class Running(Shown):
    """A turn that was accepted and isn't complete."""

    index: int
    text: str
    at: Time
    left: bool = Field(
        default=False,
        description="the process that ran it is gone; it is taken up when the session is opened",
    )


class Session(Shown):
    id: str
    scenario: str
    scenario_version: int
    persona: str
    difficulty: Difficulty
    seed: int
    status: Status
    parent: Parent | None
    engine: Engine
    turns: list[Turn]
    turn_count: int
    hints: list[HintUse]
    guesses: list[Guess] = Field(default=[], description="at what the buyer hides")
    created_at: Time
    running: Running | None = optional(description="a turn under way: follow its events")

    @staticmethod
    def of(found: session.Session, running: Accepted | UnderWay | None = None) -> Session:
        names = Session.model_fields.keys() - {"turns", "running"}
        fields = {name: getattr(found, name) for name in names}
        turns = [Turn.of(turn) for turn in found.turns]
        return Session.model_validate({**fields, "turns": turns, "running": running})


class Sessions(BaseModel):
    """Newest first; ``turns``, ``hints`` and ``guesses`` are left empty here."""

    items: list[Session]
    next_cursor: str | None = None

    @staticmethod
    def of(
        found: Sequence[session.Session],
        next_cursor: str | None,
        running: Mapping[str, UnderWay],
    ) -> Sessions:
        items = [Session.of(one, running.get(one.id)) for one in found]
        return Sessions(items=items, next_cursor=next_cursor)


class SessionState(BaseModel):
    id: str
    status: Status


class TurnAnswer(BaseModel):
    seller: Turn
    buyer: Turn
    assessment: Assessment
    session: SessionState


class CheckSummary(Shown):
    id: str
    question: str
    yes: int
    no: int
    not_observable: int
    best_quote: str
    missed_turn: int | None
    fatal: bool
    explanation: str
    broken: bool
    best_turn: int | None
    missed_why: str
    tip: str
    advisory: bool
    overruled: int
    missed_quote: str
    kept: bool


class Debrief(Shown):
    session: str
    outcome: Status
    outcome_reason: str
    score: int | None
    failed: str
    checks: list[CheckSummary]
    buyer: dict[str, Any]
    claims: dict[str, int]
    strengths: list[str]
    next_drill: str
    what_if: list[dict[str, Any]]
    hints_used: int
    guesses: list[Guess]
    ending: Ending
    success: bool
    claims_made: list[dict[str, Any]]
    hints: list[HintUse]
    drill: dict[str, Any] | None
    facts: list[dict[str, Any]]
    rubrics: list[str]

    @staticmethod
    def of(found: debrief.Debrief) -> Debrief:
        return Debrief.model_validate(found)
