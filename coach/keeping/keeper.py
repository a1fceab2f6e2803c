"""Deletes old sessions once a day: one job in the database, so that one process of many does it."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from coach.errors import Conflict
from coach.jobs import Background, Job, Record, Run, TryAgain
from coach.session import LOCAL, Caller

if TYPE_CHECKING:
    from coach.ports import Clock

log = logging.getLogger(__name__)

KIND = "clearing"
EVERY = timedelta(days=1)

Counts = dict[str, int]


class People(Protocol):
    """The part of a store that knows how old things are."""

    def older(self, before: datetime) -> Counts: ...

    def clear(self, before: datetime) -> Counts: ...


class Keeper:
    """Keeps sessions for ``days``; without a number, for ever."""

    def __init__(self, people: People, days: int | None, clock: Clock) -> None:
        self._people, self._days, self._clock = people, days, clock

    def start(self, background: Background) -> None:
        """Arranges the clearing, unless another process did."""
        if not self._days:
            return
        background.handle(KIND, self._clear)
        job = Job(KIND, Caller("nobody", LOCAL.tenant), KIND, {}, self._clock())
        with suppress(Conflict):
            background.jobs.add(job)

    def limit(self, days: int | None = None) -> datetime | None:
        """What began before it isn't kept; None where everything is."""
        kept = days or self._days
        return self._clock() - timedelta(days=kept) if kept else None

    def _clear(self, _run: Run) -> Record:
        limit = self.limit()
        counts = self._people.clear(limit) if limit else {}
        log.info("deleted %d sessions that began before %s", counts.get("sessions", 0), limit)
        raise TryAgain(EVERY, f"deleted {counts.get('sessions', 0)} old sessions; goes on daily")
