"""The buyer as a state that code moves: what is conceded, and when, is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """Where a concern stands."""

    HIDDEN = "hidden"
    SURFACED = "surfaced"
    EXPLORED = "explored"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True)
class ConcernState:
    standing: Standing
    met: frozenset[str] = frozenset()  # needs that were brought
    explored: int = 0  # how many open questions it got
    pressed: int = 0  # how often the buyer stated it


@dataclass(frozen=True)
class BuyerState:
    """Everything the buyer feels and remembers. ``trust``, ``value`` and ``patience`` are 0 to
    100. ``used`` holds ids of lines already spoken, ``said`` fingerprints of what the seller
    already said, ``flags`` what can't be undone ("denied", "invented", ...)."""

    trust: float
    value: float
    patience: float
    concerns: Mapping[str, ConcernState]
    focus: str  # id of the concern on the table
    turn: int = 0  # seller turns so far
    pending: str | None = None  # "<concern>/<need>" the buyer asked for and hasn't got
    flags: frozenset[str] = frozenset()
    facts_told: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    log: tuple[str, ...] = field(default=())  # why trust, value or patience moved, this turn

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        return {
            "trust": self.trust,
            "value": self.value,
            "patience": self.patience,
            "concerns": {
                key: {
                    "standing": c.standing.value,
                    "met": sorted(c.met),
                    "explored": c.explored,
                    "pressed": c.pressed,
                }
                for key, c in self.concerns.items()
            },
            "focus": self.focus,
            "turn": self.turn,
            "pending": self.pending,
            "flags": sorted(self.flags),
            "facts_told": sorted(self.facts_told),
            "used": sorted(self.used),
            "said": list(self.said),
            "log": list(self.log),
        }

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> BuyerState:
        return BuyerState(
            trust=raw["trust"],
            value=raw["value"],
            patience=raw["patience"],
            concerns={
                key: ConcernState(
                    Standing(c["standing"]), frozenset(c["met"]), c["explored"], c["pressed"]
                )
                for key, c in raw["concerns"].items()
            },
            focus=raw["focus"],
            turn=raw["turn"],
            pending=raw["pending"],
            flags=frozenset(raw["flags"]),
            facts_told=frozenset(raw["facts_told"]),
            used=frozenset(raw["used"]),
            said=tuple(raw["said"]),
            log=tuple(raw["log"]),
        )
