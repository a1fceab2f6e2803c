"""A rep's sessions as far as progress asks, and what a store must tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coach.assessment import Verdict
from coach.scenario import Difficulty
from coach.session import Caller, Status


@dataclass(frozen=True)
class Practised:
    """A session's row without its turns, state and debrief."""

    id: str
    owner: Caller
    scenario: str
    scenario_version: int
    scenario_fingerprint: str
    persona: str
    difficulty: Difficulty
    seed: int
    status: Status
    created_at: datetime
    turn_count: int


@dataclass(frozen=True, slots=True)
class JudgedCheck:
    id: str
    question: str
    verdict: Verdict
    quote: str
    excused: bool


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """A seller's turn that was scored."""

    index: int
    at: datetime
    checks: tuple[JudgedCheck, ...]


class PractisedStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction.

    With ``team`` also what is theirs whom the caller trains.
    """

    def practised(
        self, caller: Caller, since: datetime | None = None, *, team: bool = False
    ) -> list[Practised]:
        """Every session of the caller (begun ``since``, if given), newest first."""

    def judged(
        self, caller: Caller, session_ids: Sequence[str], *, team: bool = False
    ) -> dict[str, tuple[JudgedTurn, ...]]:
        """The scored turns of these sessions, in order; nothing for what isn't the caller's."""
