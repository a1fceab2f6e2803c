"""What a handler sees of the job it runs, and what it may raise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from coach.jobs.job import Job, Record

if TYPE_CHECKING:
    from coach.ports import Jobs


class Stopped(Exception):
    """The worker is to stop: the handler leaves its job for the next."""


class TryAgain(Exception):
    """It failed this time: the handler wants another try ``after`` a while, of its own choice."""

    def __init__(self, after: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.after, self.reason = after, reason


class Run:
    """One try. Whatever ``progress`` says is there again at the next."""

    def __init__(self, job: Job, jobs: Jobs) -> None:
        self.job, self._jobs = job, jobs
        self.progress: Record = job.progress
        self.stopping = False

    def content(self, number: int) -> bytes:
        """The bytes of the job's file ``number``."""
        return self._jobs.content(self.job.id, number)

    def tell(self, progress: Record) -> None:
        """Says how far it is, as often as you like; raises Stopped when it is time to go."""
        self.progress = progress
        if self.stopping:
            raise Stopped


#: Does one job and returns its result: a coroutine function in the event loop, any other on a
#: thread of its own. A coroutine is cancelled when the worker stops, a thread must ``tell``.
Handler = Callable[[Run], Record] | Callable[[Run], Awaitable[Record]]
