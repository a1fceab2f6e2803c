"""What is said of one reply, and how it is read back from where it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coach.claims import Claim


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_OBSERVABLE = "not_observable"


@dataclass(frozen=True)
class Check:
    """One rubric item judged on one reply. ``quote == text[span[0]:span[1]]`` of the seller's
    text; empty with span (0, 0) when not observable. ``explanation`` speaks about this reply.
    ``excused``: a no to a hard rule that doesn't fail the session."""

    id: str
    question: str
    verdict: Verdict
    quote: str
    span: tuple[int, int]
    explanation: str
    excused: bool = False


@dataclass(frozen=True)
class Assessment:
    """What the coach says about one reply. ``scored`` False means: no verdict, ``reason`` says
    why; it is never a zero. ``moves`` are kinds of moves seen; one ``tip``, at most 200 long;
    ``rubrics`` are the files that it was judged by, as "<id>@<version>"."""

    scored: bool
    moves: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    claims: tuple[Claim, ...] = ()
    tip: str = ""
    reason: str = ""
    rubrics: tuple[str, ...] = ()

    @staticmethod
    def unscored(reason: str) -> Assessment:
        return Assessment(scored=False, reason=reason)


def assessment_from(raw: Mapping[str, Any]) -> Assessment:
    """Reads back what ``dataclasses.asdict`` made of an Assessment (through JSON or not)."""
    return Assessment(
        scored=raw["scored"],
        moves=tuple(raw["moves"]),
        checks=tuple(
            Check(**{**c, "verdict": Verdict(c["verdict"]), "span": tuple(c["span"])})
            for c in raw["checks"]
        ),
        claims=tuple(Claim.from_record(c) for c in raw["claims"]),
        tip=raw["tip"],
        reason=raw["reason"],
        rubrics=tuple(raw.get("rubrics", ())),
    )
