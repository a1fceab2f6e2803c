"""The verbs about work in the background: who does what kind, and what there is to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.errors import Conflict
from coach.jobs.job import Job, Record, id_of
from coach.jobs.run import Handler
from coach.jobs.worker import Duty, Worker, always
from coach.session import Caller

if TYPE_CHECKING:
    from coach.ports import Clock, Jobs


class Background:
    """Reached as ``service.background``; one for all tenants of an installation.

    Of the processes that share a database, any one does a job. A handler finds out itself whose
    service it needs: ``run.job.owner.tenant``.
    """

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self.jobs, self._clock = jobs, clock
        self._duties: dict[str, Duty] = {}
        self._worker: Worker | None = None

    def handle(
        self,
        kind: str,
        handler: Handler,
        at_once: int = 1,
        may: Callable[[], bool] = always,
    ) -> None:
        """``handler`` does the jobs of ``kind`` here, ``at_once`` at most.

        ``may`` is asked before each: while it says no they wait, or another process takes them.
        """
        if kind in self._duties:
            raise ValueError(f"jobs of the kind {kind!r} have a handler already")
        self._duties[kind] = Duty(handler, at_once, may)

    def start(self) -> None:
        """Begins to work; needs a running event loop."""
        self._worker = Worker(self.jobs, self._duties, self._clock)
        self._worker.start()

    async def close(self) -> None:
        """Leaves what runs to the next start, or to another process."""
        if self._worker:
            await self._worker.stop()

    def wake(self) -> None:
        """There is work now; call it in the event loop."""
        if self._worker:
            self._worker.wake()

    async def enqueue(self, caller: Caller, kind: str, key: str, payload: Record) -> bool:
        """Keeps a job for the caller's tenant: the one of this kind and ``key``, ever.

        False where it is there already, whatever became of it. ``payload`` is JSON-ready.
        """
        is_new = await asyncio.to_thread(self._enqueue, caller, kind, key, payload)
        self.wake()
        return is_new

    def _enqueue(self, caller: Caller, kind: str, key: str, payload: Record) -> bool:
        job = Job(id_of(caller.tenant, kind, key), caller, kind, payload, self._clock())
        try:
            self.jobs.add(job)
        except Conflict:
            return False
        return True

    async def load(self, caller: Caller, kind: str, key: str) -> Job:
        """The caller's own; NotFound where there is none."""
        return await asyncio.to_thread(
            self.jobs.load, caller, kind, id_of(caller.tenant, kind, key)
        )
