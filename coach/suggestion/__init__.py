"""What a suggested reply is: words, and for every fact in them the exact words of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coach.models import Receipt
from coach.suggestion.objections import ObjectionGuess
from knowledge.evidence import Passage

EMBEDDED = "embedded"


class Style(StrEnum):
    ACKNOWLEDGE_AND_ASK = "acknowledge_and_ask"
    EVIDENCE_LED = "evidence_led"
    CONCISE = "concise"


@dataclass(frozen=True)
class CitedClaim:
    """``text`` is the sentence of the suggestion; ``quote`` the words of evidence it rests on,
    ``evidence.text[span[0]:span[1]]``."""

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


class Lack(StrEnum):
    """What an answer had to do without."""

    PROOF = "proof"  # nothing quotable answers the objection
    COMPARISON = "comparison"  # no quotable fact compares us with the competitor on it
    REFERENCE = "reference"  # no customer of the sector


@dataclass(frozen=True)
class Missing:
    """Evidence that isn't there; ``about`` is the competitor or sector it should be of."""

    lack: Lack
    words: str
    about: str = ""


@dataclass(frozen=True)
class Advice:
    objection: ObjectionGuess
    suggestions: tuple[Suggestion, ...] = ()
    evidence: tuple[Passage, ...] = ()
    missing: tuple[Missing, ...] = ()
    engine: str = EMBEDDED
    note: str = ""
    warning: str = ""  # what to know before a customer in it is named to this one
    prompts: Mapping[str, str] = field(default_factory=dict)
    receipt: Receipt | None = None  # what it took, where a model was asked

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words for a person."""
        return tuple(missing.words for missing in self.missing)
