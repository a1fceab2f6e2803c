"""Objections met with no evidence to answer them: what marketing should write next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from coach.suggestion import Lack
from knowledge.checking.topic import same_name

MOST_EXAMPLES = 3
LONGEST_EXAMPLE = 300  # characters


class Met(StrEnum):
    """Where an objection was met. The two are never added up."""

    LIVE = "live"  # with a customer: suggestions were asked for
    PRACTICE = "practice"  # with a simulated buyer


@dataclass(frozen=True)
class Example:
    """``words`` that were met, cut to 300 characters."""

    words: str
    met: Met


@dataclass(frozen=True)
class Sighting:
    """One objection that lacked evidence, once.

    ``topic`` is a concern as ``scenario/concern``, or empty. The same ``occasion`` (a session)
    counts once for one gap; an empty one counts always.
    """

    lack: Lack
    objection: str
    example: Example
    at: datetime
    topic: str = ""
    competitor: str | None = None
    sector: str | None = None
    occasion: str = ""

    def gap_of(self, tenant: str) -> str:
        """The id of the gap this belongs to: names are told apart without case."""
        names = same_name(self.competitor), same_name(self.sector)
        key = "\x1f".join((tenant, self.lack, self.objection, self.topic, *names))
        return sha256(key.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Gap:
    """What was lacking, and how often: ``live`` in requests, ``practice`` in sessions.

    ``examples`` are the latest, newest first.
    """

    id: str
    lack: Lack
    objection: str
    topic: str
    competitor: str | None
    sector: str | None
    live: int
    practice: int
    first_seen: datetime  # UTC
    last_seen: datetime
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class GapsWanted:
    """Narrow a list of gaps; ``None`` means any. ``met`` also decides which count ranks."""

    competitor: str | None = None
    sector: str | None = None
    met: Met | None = None


def with_example(examples: tuple[Example, ...], newest: Example) -> tuple[Example, ...]:
    """The latest few, each wording once."""
    words = " ".join(newest.words.split())
    if len(words) > LONGEST_EXAMPLE:
        words = words[: LONGEST_EXAMPLE - 1].rstrip() + "…"
    kept = Example(words, newest.met)
    return (kept, *(one for one in examples if one != kept))[:MOST_EXAMPLES]
