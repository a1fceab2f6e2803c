"""Suggested replies to an objection, every fact in them cited to the exact words of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.evidence import Passage


class Style(StrEnum):
    ACKNOWLEDGE_AND_ASK = "acknowledge_and_ask"
    EVIDENCE_LED = "evidence_led"
    CONCISE = "concise"


@dataclass(frozen=True)
class CitedClaim:
    """``text`` is the sentence of the suggestion; ``quote`` the words of evidence it rests on."""

    text: str
    evidence_id: str
    quote: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Suggestion:
    style: Style
    text: str
    claims: tuple[CitedClaim, ...]
    question: str
    next_step: str


@dataclass(frozen=True)
class Situation:
    """What is known of the customer who objects; all optional."""

    sector: str | None = None
    region: str | None = None
    competitor: str | None = None
    customer_size: int | None = None


@dataclass(frozen=True)
class ObjectionGuess:
    """``type`` is an objection id or "none"; ``scenario`` the one to practise it in."""

    type: str
    scenario: str | None
    confidence: float


@dataclass(frozen=True)
class Advice:
    objection: ObjectionGuess
    suggestions: tuple[Suggestion, ...]
    evidence: tuple[Passage, ...]
    gaps: tuple[str, ...]
    engine: str
    note: str = ""
