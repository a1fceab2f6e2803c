"""A trainer's verdict in place of the coach's. Both are kept; the coach's no longer counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coach.assessment import Verdict
from coach.session import Caller


@dataclass(frozen=True)
class Overruling:
    """``machine`` is the verdict that ``verdict`` stands in place of."""

    session: str
    turn: int
    check: str
    verdict: Verdict
    machine: Verdict
    reason: str
    author: str
    at: datetime  # UTC


class OverrulingStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def overrule(self, caller: Caller, ruling: Overruling) -> None:
        """In place of an earlier one on the same verdict."""

    def withdraw_overruling(self, caller: Caller, session_id: str, turn: int, check: str) -> None:
        """NotFound where there is none."""

    def overrulings(
        self, caller: Caller, session_id: str | None = None, *, team: bool = False
    ) -> list[Overruling]:
        """Of all sessions of the caller, or of one; by session, turn and check. With ``team`` also
        of theirs whom the caller trains."""
