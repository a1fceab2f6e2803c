"""What a messenger sent: kept once before it is acknowledged, then worked off in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Arrival:
    """``id`` is the messenger's own, so that what it sends again is known; what shares a ``lane``
    is worked off one after the other. ``progress`` is what was done of it already, so that
    another worker doesn't do that again.
    """

    id: str
    lane: str
    body: Record
    received_at: datetime
    attempts: int = 0
    progress: Record = field(default_factory=dict)


class Inbox(Protocol):
    """Synchronous and thread-safe; each method is one transaction.

    The methods of a worker return False, and change nothing, when the arrival isn't its own.
    """

    def put(self, arrival: Arrival) -> bool:
        """False when it is there already: it was sent again."""

    def claim(self, worker: str, now: datetime, lease: timedelta) -> Arrival | None:
        """The one longest due of those that are the first of their lane."""

    def note(self, arrival_id: str, worker: str, until: datetime, progress: Record) -> bool:
        """Renews the lease, and keeps how far it is."""

    def settle(self, arrival_id: str, worker: str, now: datetime, reason: str = "") -> bool:
        """It is done, and its words are forgotten; with a ``reason`` it failed and is kept."""

    def put_back(self, arrival_id: str, worker: str, due: datetime, reason: str) -> bool:
        """For another try from ``due`` on."""

    def waiting(self) -> int:
        """How many aren't settled."""

    def tidy(self, before: datetime) -> int:
        """Forgets what was settled ``before``, and how many that were."""
