"""How far the coach's verdicts agree with people's, check by check.

A check is told by its id, over all scenarios that ask it, each label by the question as that
scenario words it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from coach.assessment import Verdict

COUNTS_FROM = 0.6  # kappa below which a check is advisory
ENOUGH = 20  # labelled replies, without which nothing is decided


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance, -1 to 1, with a 95% interval; None where people's labels are all
    alike, which tells nothing about chance.

    ``same`` is the plain share of equal labels, ``n`` the number of pairs, on ``rows`` replies.
    """

    n: int
    rows: int
    same: float
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Agreement:
    """Of one check: the coach with people, and people among each other where there are several."""

    check: str
    question: str
    coach: Kappa
    people: Kappa | None
    raters: int

    @property
    def is_advisory(self) -> bool:
        """Too little agreement to count in a score, on enough replies to say so."""
        value = self.coach.value
        return self.coach.rows >= ENOUGH and value is not None and value < COUNTS_FROM

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        return asdict(self)

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> Agreement:
        people = raw["people"]
        return Agreement(
            raw["check"],
            raw["question"],
            Kappa(**raw["coach"]),
            Kappa(**people) if people else None,
            raw["raters"],
        )


@dataclass(frozen=True)
class ToLabel:
    """A reply and a question about it. ``row`` tells which, for when the label comes back."""

    row: str
    scenario: str
    buyer: str
    reply: str
    check: str
    question: str
    verdict: Verdict
    quote: str


@dataclass(frozen=True)
class Label:
    """What one person said of a row."""

    row: str
    rater: str
    verdict: Verdict


class AgreementStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def keep_agreements(self, tenant: str, found: Sequence[Agreement], at: datetime) -> None:
        """Each in place of what was kept of its check before."""

    def agreements(self, tenant: str) -> list[Agreement]:
        """By check."""
