"""Work that outlives a request: kept in the database, done in the background, taken up again.

A job is claimed with a lease. Its worker renews the lease while it works; when the worker is
killed the lease runs out and another takes the job, from its start. So a handler must come to the
same end when it is run again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from coach.errors import CoachError, Unavailable
from coach.session import Caller

if TYPE_CHECKING:
    from coach.ports import Clock, Jobs

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
TELL_EVERY = 0.5  # seconds between two looks at a running handler
LOOK_EVERY = 2.0  # seconds between two looks for work that another process left or was given
STOP_WITHIN = 8.0  # seconds that a handler has to stop
RETRY_AFTER = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(days=1)

KILLED = (
    f"it was tried {MOST_ATTEMPTS} times and never came to its end; the server's log says more. "
    "Send it again in smaller parts"
)

Record = Mapping[str, Any]


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """``request`` is what was asked, ``progress`` how far it is, ``result`` what came of it.

    ``reason`` says why it failed, or what it waits for. ``attempts`` counts the claims that did
    not end well or badly, but not at all.
    """

    id: str
    owner: Caller
    kind: str
    request: Record
    created_at: datetime
    state: State = State.WAITING
    progress: Record = field(default_factory=dict)
    result: Record | None = None
    reason: str = ""
    attempts: int = 0
    finished_at: datetime | None = None


@dataclass(frozen=True)
class Key:
    """The ``Idempotency-Key`` of a request, and the digest of what was sent under it."""

    text: str
    digest: str


class Stopped(Exception):
    """The worker is to stop: the handler leaves its job for the next."""


class TryAgain(Exception):
    """It failed this time: the handler wants another try ``after`` a while, of its own choice."""

    def __init__(self, after: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.after, self.reason = after, reason


class Run:
    """What a handler sees of the job it runs."""

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


#: Does one job, on a thread of its own, and returns its result.
Handler = Callable[[Run], Record]


class Worker:
    """Runs jobs of the kinds it has handlers for, one at a time, beside the event loop."""

    def __init__(self, jobs: Jobs, handlers: Mapping[str, Handler], clock: Clock) -> None:
        self._jobs, self._handlers, self._clock, self._lease = jobs, handlers, clock, LEASE
        self.name = uuid4().hex
        self._woken = asyncio.Event()
        self._stopping = False
        self._run: Run | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    def wake(self) -> None:
        """There is work now: don't wait for the next look."""
        self._woken.set()

    async def stop(self) -> None:
        """Leaves the job that runs to the next worker; waits ``STOP_WITHIN`` seconds at most."""
        self._stopping = True
        if self._run:
            self._run.stopping = True
        self.wake()
        if self._task:
            done, _ = await asyncio.wait([self._task], timeout=STOP_WITHIN)
            if not done:
                log.warning("a job didn't stop in time; it is taken up again when its lease ends")
                self._task.cancel()

    async def _work(self) -> None:
        # The first look isn't at once: a server of one command may end before there is work.
        while not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_EVERY)
            self._woken.clear()
            while not self._stopping and (job := await self._claimed()):
                await self._do(job)

    async def _claimed(self) -> Job | None:
        try:
            return await asyncio.to_thread(
                self._jobs.claim, list(self._handlers), self.name, self._clock(), self._lease
            )
        except CoachError as error:
            log.warning("can't look for work: %s", error)
            return None

    async def _do(self, job: Job) -> None:
        run = self._run = Run(job, self._jobs)
        told, renewed = run.progress, self._clock()
        working = _on_thread(lambda: self._handlers[job.kind](run))
        while not (await asyncio.wait([working], timeout=TELL_EVERY))[0]:
            run.stopping = run.stopping or self._stopping
            if run.progress is not told or self._clock() - renewed > self._lease / 3:
                told, renewed = run.progress, self._clock()
                await self._renewed(run)
        self._run = None
        await self._ended(job, run, working)

    async def _renewed(self, run: Run) -> None:
        until = self._clock() + self._lease
        try:
            kept = await asyncio.to_thread(
                self._jobs.renew, run.job.id, self.name, until, run.progress
            )
        except CoachError as error:
            log.warning("can't renew the lease of job %s: %s", run.job.id, error)
            return
        if not kept:
            log.warning("job %s was taken by another worker: leaving it", run.job.id)
            run.stopping = True

    async def _ended(self, job: Job, run: Run, working: asyncio.Future[Record]) -> None:
        try:
            await asyncio.to_thread(self._settle, job, run, working)
        except CoachError as error:  # its lease runs out and it is run again
            log.warning("can't note the end of job %s: %s", job.id, error)

    def _settle(self, job: Job, run: Run, working: asyncio.Future[Record]) -> None:
        now = self._clock()
        try:
            result = working.result()
        except Stopped:
            self._jobs.put_back(job.id, self.name, now, run.progress)
        except TryAgain as again:
            due = now + again.after
            self._jobs.put_back(job.id, self.name, due, run.progress, again.reason)
        except Unavailable as error:
            if now - job.created_at > GIVE_UP_AFTER:
                self._jobs.fail(job.id, self.name, now, error.message)
            else:
                due = now + RETRY_AFTER
                self._jobs.put_back(job.id, self.name, due, run.progress, error.message)
        except CoachError as error:
            self._jobs.fail(job.id, self.name, now, error.message)
        except Exception:
            log.exception("job %s broke", job.id)
            self._jobs.retry(job.id, self.name, now)
        else:
            self._jobs.finish(job.id, self.name, now, result)


def _on_thread(work: Callable[[], Record]) -> asyncio.Future[Record]:
    """``work`` on a daemon thread: what doesn't stop in time can't hold up the process's end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Record] = loop.create_future()

    def settle(result: Record | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result or {})

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # whatever it is, the worker must learn it
            failed = error
        with suppress(RuntimeError):  # the loop has gone: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="coach-job", daemon=True).start()
    return done
