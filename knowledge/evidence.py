"""What the coach may say and prove: one item of evidence, and the passages found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Kind(StrEnum):
    CASE_STUDY = "case_study"
    TESTIMONIAL = "testimonial"
    COMPETITIVE_FACT = "competitive_fact"
    PRODUCT_FACT = "product_fact"
    TRACK_RECORD = "track_record"
    RUMOUR = "rumour"
    MARKET_FACT = "market_fact"  # what holds in a market, whoever sells there


class Truth(StrEnum):
    """Whether a rumour about us is so. It decides how it must be handled."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Advantage(StrEnum):
    """Who is ahead in a competitive fact. ``UNSTATED`` never supports a claim of a win."""

    US = "us"
    THEM = "them"
    SIMILAR = "similar"
    MIXED = "mixed"
    UNSTATED = "unstated"


class Visibility(StrEnum):
    PUBLIC = "public"  # may be quoted to a customer
    INTERNAL = "internal"  # coaching only


class Label(StrEnum):
    FACT = "fact"
    INFERENCE = "inference"
    ASSUMPTION = "assumption"


class Evidence(BaseModel):
    """One item: a case study, testimonial, fact or rumour, with where it comes from.

    ``text`` is canonical: every quote of it anywhere is ``text[start:end]`` (code points).
    ``us`` / ``them`` are verbatim parts of ``text`` in a competitive fact that states both.
    ``inferred`` names the fields that were guessed rather than given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=200)
    kind: Kind
    title: str = Field(min_length=1, max_length=300)
    text: str = Field(min_length=1)
    customer: str | None = None
    sector: str | None = None
    region: str | None = None
    size: int | None = Field(default=None, ge=0)  # employees of the customer
    competitor: str | None = None
    criterion: str | None = None
    us: str | None = None
    them: str | None = None
    advantage: Advantage | None = None
    truth: Truth | None = None
    position: str | None = None  # how to handle a rumour; never quoted to a customer
    source: str | None = None
    owner: str | None = None
    as_of: date | None = None
    valid_until: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    label: Label = Label.FACT
    do_not_say: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()

    @field_validator("text")
    @classmethod
    def _no_null(cls, value: str) -> str:
        if "\x00" in value:
            raise ValueError("contains a NUL character: is this a binary file?")
        return value

    @model_validator(mode="after")
    def _rumour_has_truth(self) -> Evidence:
        if self.kind is Kind.RUMOUR and (self.truth is None or not self.position):
            raise ValueError("a rumour needs `truth` (true, false or unknown) and a `position`")
        return self

    def stale_on(self, day: date) -> bool:
        """True when ``valid_until`` lies before ``day``."""
        return self.valid_until is not None and self.valid_until < day

    def quotable_on(self, day: date) -> bool:
        """True when a customer may be shown these words on ``day``."""
        return self.visibility is Visibility.PUBLIC and not self.stale_on(day)


@dataclass(frozen=True)
class Passage:
    """A stretch of one item that was found: ``text == evidence.text[span[0]:span[1]]``.

    ``score`` is only comparable within one answer (higher is better); ``why`` says in a few
    words how it was found ("meaning and words", "same sector", ...).
    """

    evidence: Evidence
    text: str
    span: tuple[int, int]
    score: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Peer:
    """The customer that proof should resemble; ``size`` in employees."""

    sector: str | None = None
    region: str | None = None
    size: int | None = None


#: Fields of text, and fields with a fixed choice of values, that ``Filters`` has by the same name.
TEXT_FIELDS = ("sector", "region", "competitor", "customer", "criterion", "source", "owner")
CHOICE_FIELDS = ("truth", "advantage", "visibility", "label")


@dataclass(frozen=True)
class Filters:
    """Narrow a search or a listing; ``None`` means any.

    Text is compared without case, and "" means items without that field. Ranges include both
    ends, and leave out items whose value isn't known.
    """

    kinds: tuple[Kind, ...] = ()
    sector: str | None = None
    region: str | None = None
    competitor: str | None = None
    quotable_on: date | None = None  # only what a customer may be shown on that day
    customer: str | None = None
    criterion: str | None = None
    source: str | None = None
    owner: str | None = None
    truth: Truth | None = None
    advantage: Advantage | None = None
    visibility: Visibility | None = None
    label: Label | None = None
    size_from: int | None = None  # employees of the customer
    size_to: int | None = None
    as_of_from: date | None = None
    as_of_to: date | None = None
    stale_on: date | None = None  # only what is out of date on that day
    current_on: date | None = None  # only what isn't

    def allow(self, item: Evidence) -> bool:
        return (
            (not self.kinds or item.kind in self.kinds)
            and all(_same(getattr(self, name), getattr(item, name)) for name in TEXT_FIELDS)
            and all(
                (wanted := getattr(self, name)) is None or wanted is getattr(item, name)
                for name in CHOICE_FIELDS
            )
            and _between(self.size_from, item.size, self.size_to)
            and _between(self.as_of_from, item.as_of, self.as_of_to)
            and (self.quotable_on is None or item.quotable_on(self.quotable_on))
            and (self.stale_on is None or item.stale_on(self.stale_on))
            and (self.current_on is None or not item.stale_on(self.current_on))
        )


def _same(wanted: str | None, found: str | None) -> bool:
    return wanted is None or (found or "").casefold() == wanted.casefold()


def _between(least: Any, found: Any, most: Any) -> bool:
    if least is None and most is None:
        return True
    return (
        found is not None and (least is None or least <= found) and (most is None or found <= most)
    )


def verbatim_span(text: str, quote: str) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``, or None; code points, end exclusive."""
    start = text.find(quote)
    return None if start < 0 or not quote else (start, start + len(quote))


def as_record(item: Evidence) -> dict[str, Any]:
    """JSON-ready fields without the empty ones; ``Evidence.model_validate`` reads it back."""
    return item.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
