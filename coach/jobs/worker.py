"""Takes jobs of the kinds that it has duties for, some of them beside each other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from coach import telemetry
from coach.errors import CoachError, Unavailable
from coach.jobs.job import Job, Record
from coach.jobs.run import Handler, Run, Stopped, TryAgain
from coach.jobs.working import begun

if TYPE_CHECKING:
    from coach.ports import Clock, Jobs

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
TELL_EVERY = 0.5  # seconds between two looks at a running handler
LOOK_EVERY = 2.0  # seconds between two looks for work that another process left or was given
STOP_WITHIN = 4.0  # seconds that a handler has to stop
PUT_BACK_WITHIN = 0.5  # seconds, of these, for what a cancelled one leaves to be noted
RETRY_AFTER = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(days=1)


def always() -> bool:
    return True


@dataclass(frozen=True)
class Duty:
    """How a kind of job is done: ``at_once`` by one worker, and only when ``may`` says so."""

    handler: Handler
    at_once: int = 1
    may: Callable[[], bool] = always


class Worker:
    """Lives in the event loop it is started in; ``duties`` may grow while it works."""

    def __init__(self, jobs: Jobs, duties: Mapping[str, Duty], clock: Clock) -> None:
        self._jobs, self._duties, self._clock, self._lease = jobs, duties, clock, LEASE
        self.name = uuid4().hex
        self._woken = asyncio.Event()
        self._stopping = False
        self._tasks: dict[asyncio.Task[None], str] = {}  # the kinds of what runs
        self._runs: dict[asyncio.Future[Record], Run] = {}
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._looking = asyncio.create_task(self._look())

    def wake(self) -> None:
        """There is work now: don't wait for the next look."""
        self._woken.set()

    async def stop(self) -> None:
        """Leaves the jobs that run to the next worker; waits ``STOP_WITHIN`` seconds at most."""
        self._stopping = True
        for run in self._runs.values():
            run.stopping = True
        self.wake()
        left = await self._left(STOP_WITHIN - PUT_BACK_WITHIN)
        for working in self._runs:
            if isinstance(working, asyncio.Task):
                working.cancel()
        left = left and await self._left(PUT_BACK_WITHIN)
        if left:
            log.warning("a job didn't stop in time; it is taken up again when its lease ends")
        for task in left:
            task.cancel()

    async def _left(self, seconds: float) -> set[asyncio.Task[None]]:
        tasks = {*self._tasks, *filter(None, [self._looking])}
        return (await asyncio.wait(tasks, timeout=max(seconds, 0)))[1] if tasks else set()

    async def _look(self) -> None:
        # The first look isn't at once: a server of one command may end before there is work.
        while not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_EVERY)
            self._woken.clear()
            while (kinds := self._free()) and (job := await self._claimed(kinds)):
                self._begin(job)

    def _free(self) -> list[str]:
        """The kinds of which another job may be begun now."""
        if self._stopping:
            return []
        running = list(self._tasks.values())
        return [
            kind
            for kind, duty in self._duties.items()
            if running.count(kind) < duty.at_once and duty.may()
        ]

    async def _claimed(self, kinds: list[str]) -> Job | None:
        try:
            return await asyncio.to_thread(
                self._jobs.claim, kinds, self.name, self._clock(), self._lease
            )
        except CoachError as error:
            log.warning("can't look for work: %s", error)
            return None

    def _begin(self, job: Job) -> None:
        def over(task: asyncio.Task[None]) -> None:
            del self._tasks[task]
            self.wake()  # there is room for another

        task = asyncio.create_task(self._do(job))
        self._tasks[task] = job.kind
        task.add_done_callback(over)

    async def _do(self, job: Job) -> None:
        with telemetry.told_apart(job=job.id, user=job.owner.user):
            run = Run(job, self._jobs)
            working = begun(self._duties[job.kind].handler, run)
            self._runs[working] = run
            try:
                await self._watched(run, working)
            finally:
                del self._runs[working]
            await self._ended(job, run, working)

    async def _watched(self, run: Run, working: asyncio.Future[Record]) -> None:
        told, renewed = run.job.progress, self._clock()
        while not (await asyncio.wait([working], timeout=TELL_EVERY))[0]:
            run.stopping = run.stopping or self._stopping
            if run.progress is not told or self._clock() - renewed > self._lease / 3:
                told, renewed = run.progress, self._clock()
                if not await self._renewed(run):
                    _leave(run, working)

    async def _renewed(self, run: Run) -> bool:
        """False when the job isn't this worker's any more."""
        until = self._clock() + self._lease
        try:
            return await asyncio.to_thread(
                self._jobs.renew, run.job.id, self.name, until, run.progress
            )
        except CoachError as error:
            log.warning("can't renew the lease of job %s: %s", run.job.id, error)
            return True

    async def _ended(self, job: Job, run: Run, working: asyncio.Future[Record]) -> None:
        try:
            await asyncio.to_thread(self._settle, job, run, working)
        except CoachError as error:  # its lease runs out and it is run again
            log.warning("can't note the end of job %s: %s", job.id, error)

    def _settle(self, job: Job, run: Run, working: asyncio.Future[Record]) -> None:
        now = self._clock()
        try:
            result = working.result()
        except (Stopped, asyncio.CancelledError):
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


def _leave(run: Run, working: asyncio.Future[Record]) -> None:
    log.warning("job %s was taken by another worker: leaving it", run.job.id)
    run.stopping = True
    if isinstance(working, asyncio.Task):
        working.cancel()
