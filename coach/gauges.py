"""What is so at this moment: queues, sessions, the size of the index. Read when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from coach.models import Job, Models
from coach.telemetry import Attributes

if TYPE_CHECKING:
    from coach.ports import Clock, Retriever
    from coach.practice.running import RunningTurns

log = logging.getLogger(__name__)

ACTIVE_FOR = timedelta(days=1)  # a session left open for longer is not being practised


class Tallies(Protocol):
    """Counts over all tenants. Synchronous and thread-safe."""

    def jobs(self) -> dict[tuple[str, str], int]:
        """By kind and state, of those that aren't done."""

    def active_sessions(self, since: datetime) -> int:
        """Not ended, and begun after that."""


@dataclass(frozen=True)
class Gauge:
    name: str
    value: float
    attributes: Attributes


@dataclass(frozen=True)
class Gauges:
    """Call ``read`` on a thread. Without ``tallies`` nothing of the database is told."""

    retriever: Retriever
    turns: RunningTurns
    clock: Clock
    tallies: Tallies | None = None
    models: Models = field(default_factory=Models)

    def read(self) -> list[Gauge]:
        """All that can be read; a part that fails is left out, and the log says why."""
        found: list[Gauge] = []
        for part in (self._running, self._index, self._jobs, self._sessions, self._answering):
            found += _read(part)
        return found

    def _running(self) -> Iterator[Gauge]:
        yield Gauge("coach.turns.running", self.turns.count, {})

    def _answering(self) -> Iterator[Gauge]:
        for job in Job:
            if model := self.models.of(job):
                answers = float(model.condition() == "ok")
                yield Gauge("coach.model.asked", answers, {"model": model.name, "job": job.value})

    def _index(self) -> Iterator[Gauge]:
        items, passages = self.retriever.size()
        yield Gauge("coach.index.items", items, {})
        yield Gauge("coach.index.passages", passages, {})

    def _jobs(self) -> Iterator[Gauge]:
        if self.tallies:
            for (kind, state), count in self.tallies.jobs().items():
                yield Gauge("coach.jobs", count, {"kind": kind, "state": state})

    def _sessions(self) -> Iterator[Gauge]:
        if self.tallies:
            since = self.clock() - ACTIVE_FOR
            yield Gauge("coach.sessions.active", self.tallies.active_sessions(since), {})


def _read(part: Callable[[], Iterator[Gauge]]) -> list[Gauge]:
    try:
        return list(part())
    except Exception as error:  # noqa: BLE001  # the rest can still be told
        log.warning("a metric can't be read: %s", type(error).__name__)
        return []
