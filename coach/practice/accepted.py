"""Turns that were accepted and aren't complete: kept, so that a crash loses none of them.

Who runs one holds it by a lease and renews that. Where the lease has run out its process was
killed, and whoever is asked for the session next takes the turn up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from coach.jobs import Key
from coach.session import Caller

LEASE = timedelta(seconds=15)


@dataclass(frozen=True)
class Accepted:
    """The seller's words of a turn that ``worker`` runs until ``until``, at least."""

    session: str
    index: int  # of the seller's turn
    text: str
    at: datetime
    worker: str
    until: datetime

    def is_left(self, now: datetime) -> bool:
        """Whether nobody runs it any more."""
        return self.until <= now


@dataclass(frozen=True)
class UnderWay:
    """The same for who only reads; ``left``: its process is gone, and nobody took it up yet."""

    index: int
    text: str
    at: datetime
    left: bool


class AcceptedTurns(Protocol):
    """This part of the ``Store`` port. A session that isn't ``caller``'s raises NotFound."""

    def accept(
        self, caller: Caller, turn: Accepted, now: datetime, key: Key | None = None
    ) -> Accepted:
        """The turn that the session now waits for: this one, also where it was left by another.

        One with other words that was left comes back as it is. Conflict while one runs, where the
        session has moved on or ended, and where ``key`` was taken: it is kept with this turn.
        """

    def begun_by(self, caller: Caller, key: Key) -> int | None:
        """The index of the turn that was accepted under ``key``; BadInput when the key came with
        something else."""

    def accepted(self, caller: Caller, session_id: str) -> Accepted | None: ...

    def accepted_in(self, caller: Caller, session_ids: Sequence[str]) -> list[Accepted]:
        """Of these sessions, as far as they are the caller's own."""

    def hold(self, session_id: str, worker: str, until: datetime) -> bool:
        """False where it isn't ``worker``'s any more: it was cancelled."""

    def drop(self, caller: Caller, session_id: str, index: int) -> bool:
        """Forgets it, so that it can't be stored any more; False where there was none."""
