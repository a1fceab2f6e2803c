"""Works off what Slack sent: a few threads at a time, each in its order, again after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from coach.errors import CoachError, Unavailable
from coach.messenger.arrival import Arrival
from coach.messenger.desk import Messenger

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
AT_ONCE = 4
LOOK_SECONDS = 0.5
LAST_SECONDS = 3.0  # at the end, for what is under way
MOST_ATTEMPTS = 6  # that broke; what only waits for another part isn't counted out
GIVE_UP_AFTER = timedelta(days=1)
KEPT = timedelta(days=7)  # ids of what was done: by then Slack has long stopped to send it again
WAIT = timedelta(seconds=20)


class Later(Exception):
    """Slack, or a part of the coach, wants it ``after`` a while."""

    def __init__(self, after: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.after, self.reason = after, reason


@dataclass
class Work:
    """An arrival that is worked on. What is noted in ``progress`` isn't done again."""

    arrival: Arrival
    worker: str
    messenger: Messenger
    progress: dict[str, Any] = field(default_factory=dict)

    @property
    def is_again(self) -> bool:
        """Another worker began it, and may have done more than it could note."""
        return self.arrival.attempts > 1

    async def note(self, **done: Any) -> None:
        self.progress.update(done)
        await self.renew()

    async def renew(self) -> None:
        until = self.messenger.clock() + LEASE
        inbox, which = self.messenger.inbox, self.arrival.id
        held = await asyncio.to_thread(inbox.note, which, self.worker, until, self.progress)
        if not held:
            raise asyncio.CancelledError(f"arrival {which} was taken by another worker")


#: Does one; Later where it must be tried again.
Do = Callable[[Work], Awaitable[None]]
#: Tells whoever sent it that nothing will come of it.
Apologise = Callable[[Work], Awaitable[None]]


class Worker:
    """Lives in the event loop that it is started in."""

    def __init__(self, messenger: Messenger, do: Do, apologise: Apologise) -> None:
        self._messenger, self._inbox = messenger, messenger.inbox
        self._do, self._apologise = do, apologise
        self._name = uuid4().hex
        self._woken = asyncio.Event()
        self._stopping = False
        self._running: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    def wake(self) -> None:
        self._woken.set()

    async def stop(self) -> None:
        """What doesn't end in time is taken up again when its lease has run out."""
        self._stopping = True
        self.wake()
        if self._task:
            await self._task
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_SECONDS)
        for task in self._running:
            task.cancel()

    async def _work(self) -> None:
        while not self._stopping:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
            self._woken.clear()
            while not self._stopping and len(self._running) < AT_ONCE:
                arrival = await self._claimed()
                if arrival is None:
                    break
                task = asyncio.create_task(self._one(arrival))
                self._running.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()):
            log.error("can't note how an arrival ended", exc_info=error)

    async def _claimed(self) -> Arrival | None:
        now = self._messenger.clock()
        try:
            return await asyncio.to_thread(self._inbox.claim, self._name, now, LEASE)
        except CoachError as error:
            log.warning("can't look for what Slack sent: %s", error)
            return None

    async def _one(self, arrival: Arrival) -> None:
        work = Work(arrival, self._name, self._messenger, dict(arrival.progress))
        holding = asyncio.create_task(self._hold(work, asyncio.current_task()))
        try:
            await self._do(work)
        except Later as later:
            await self._again(work, later.after, later.reason)
        except Unavailable as error:
            await self._again(work, WAIT, error.message)
        except Exception as error:
            log.exception("what Slack sent as %s broke", arrival.id)
            await self._broke(work, type(error).__name__)
        else:
            await self._settled(work)
        finally:
            holding.cancel()

    async def _hold(self, work: Work, task: asyncio.Task[None] | None) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await work.renew()
            except asyncio.CancelledError:
                if task:
                    task.cancel()
                raise
            except CoachError as error:
                log.warning("can't renew the lease of %s: %s", work.arrival.id, error)

    async def _again(self, work: Work, after: timedelta, reason: str) -> None:
        now, arrival = self._messenger.clock(), work.arrival
        if now - arrival.received_at > GIVE_UP_AFTER:
            await self._failed(work, reason)
            return
        due = now + after
        await asyncio.to_thread(self._inbox.put_back, arrival.id, self._name, due, reason)

    async def _broke(self, work: Work, reason: str) -> None:
        if work.arrival.attempts < MOST_ATTEMPTS:
            await self._again(work, timedelta(seconds=2**work.arrival.attempts), reason)
        else:
            await self._failed(work, reason)

    async def _failed(self, work: Work, reason: str) -> None:
        try:
            await self._apologise(work)
        except Exception:  # it is settled as failed either way, and the log says why
            log.exception("can't tell that %s failed", work.arrival.id)
        await self._settled(work, reason)

    async def _settled(self, work: Work, reason: str = "") -> None:
        now, which = self._messenger.clock(), work.arrival.id
        await asyncio.to_thread(self._inbox.settle, which, self._name, now, reason)

    async def tidy(self) -> None:
        before = self._messenger.clock() - KEPT
        await asyncio.to_thread(self._inbox.tidy, before)


def told(progress: Mapping[str, Any], key: str) -> str:
    """What was noted under ``key``, or ""."""
    return str(progress.get(key, ""))
