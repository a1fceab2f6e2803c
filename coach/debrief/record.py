"""What a debrief holds, and how it is read back from where it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from coach.buyer import Ending
from coach.session import Status


@dataclass(frozen=True)
class CheckSummary:
    """One rubric item over the whole session. ``missed_turn`` is the index of the first seller
    turn that missed it, or None, ``missed_quote`` its words and ``missed_why`` what was said of it;
    ``best_quote`` is
    verbatim from the seller turn ``best_turn``, or empty. ``broken``: a hard rule was broken in a
    way that fails the session. ``advisory``: judged and shown, and left out of the score.
    ``overruled`` is how many of its verdicts a trainer set. ``kept``: a rule that only forbids, and
    nobody did it."""

    id: str
    question: str
    yes: int
    no: int
    not_observable: int
    best_quote: str
    missed_turn: int | None
    fatal: bool
    explanation: str
    broken: bool = False
    best_turn: int | None = None
    missed_why: str = ""
    tip: str = ""
    advisory: bool = False
    overruled: int = 0
    missed_quote: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Debrief:
    """``score`` is 0 to 100, computed in code from the checks, or None when nothing was scored.
    ``failed`` names the hard rule that was broken, if one was. ``ending`` is an Ending value;
    ``success`` is True for a step that was agreed, and for an honest no where there is no need,
    unless a hard rule was broken. ``rubrics`` are the files it was judged by, "<id>@<version>"."""

    session: str
    outcome: str  # a Status value
    outcome_reason: str
    score: int | None
    failed: str
    checks: tuple[CheckSummary, ...]
    buyer: Mapping[str, Any]  # {"concerns": [...], "state_by_turn": [...], "decisions": [...]}
    claims: Mapping[str, int]  # by status
    strengths: tuple[str, ...]
    next_drill: str
    what_if: tuple[Mapping[str, Any], ...]  # see ``coach.debrief.turning``
    hints_used: int
    ending: str = Ending.OPEN.value
    success: bool = False
    claims_made: tuple[Mapping[str, Any], ...] = ()  # {"turn", "text", "status", "note", "quote"}
    hints: tuple[Mapping[str, Any], ...] = ()  # {"turn", "level", "text"}
    drill: Mapping[str, Any] | None = None  # {"check", "scenario", "why"}
    facts: tuple[Mapping[str, Any], ...] = ()  # {"quote", "evidence", "title", "source", "as_of"}
    guesses: tuple[Mapping[str, Any], ...] = ()  # Guess, as JSON
    rubrics: tuple[str, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        return asdict(self)

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> Debrief:
        plain = {"success": raw["outcome"] == Status.WON.value, **raw}
        plain["checks"] = tuple(CheckSummary(**c) for c in plain["checks"])
        for name in ("strengths", "what_if", "claims_made", "hints", "rubrics", "facts", "guesses"):
            plain[name] = tuple(plain.get(name, ()))
        return Debrief(**plain)
