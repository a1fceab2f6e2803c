"""Turns that run: one at a time in a session, each to its end whoever listens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from coach import telemetry
from coach.errors import CoachError, Conflict, NotFound, Unavailable
from coach.events import TurnCompleted, TurnEvent, TurnFailed
from coach.jobs import Key
from coach.practice.accepted import LEASE, Accepted, UnderWay
from coach.practice.run import Run, retold
from coach.scenario import Scenario
from coach.sent_text import checked_text
from coach.session import Caller, Session, Status, Turn
from coach.turn import TurnTaker
from coach.voice import EMBEDDED

if TYPE_CHECKING:
    from coach.ports import Clock, Store

log = logging.getLogger(__name__)

RECENT = 12  # turns loaded to take the next one
RENEW_SECONDS = 2.0  # between two looks whether a turn is still ours: how late a cancel is noticed
QUIET_SECONDS = 2.0
LOOK_SECONDS = 0.3  # between two looks at a turn that another process runs
CANCELLED = "the turn was cancelled; nothing of it was stored"
DELETED = "the session was deleted; nothing of this turn was stored"
STOPPED = "the coach is being stopped; this turn is taken up again when you next ask for it"
BROKEN = "the turn failed and was not stored; send it again"

#: Told of every buyer's turn that was stored.
Met = Callable[[Caller, Session, Scenario, Turn], None]
#: What a session is played with.
Played = Callable[[Session], Scenario]


class RunningTurns:
    """Reached as ``service.turns``. Lives in the event loop that it is called in."""

    def __init__(
        self, taker: TurnTaker, met: Met, store: Store, played: Played, clock: Clock
    ) -> None:
        self._taker, self._met, self._store = taker, met, store
        self._played, self._clock = played, clock
        self._worker = uuid4().hex
        self._running: dict[str, Run] = {}
        self._last = -QUIET_SECONDS  # when a turn was last ended, by time.monotonic
        self._failed: dict[str, int] = {}  # turns that are still to be forgotten, by session

    @property
    def is_quiet(self) -> bool:
        """Whether none runs, and none did a moment ago."""
        return not self._running and time.monotonic() - self._last >= QUIET_SECONDS

    async def start(
        self, caller: Caller, session_id: str, said: str, key: Key | None = None
    ) -> Run:
        """The turn, which is kept from here on, and ``key`` with it.

        BadInput for words that can't be taken; Conflict where no turn can be taken now.
        """
        text = checked_text(said)
        await self._forget_failed(caller, session_id)
        session, scenario = await asyncio.to_thread(self._loaded, caller, session_id)
        if session.status is not Status.ACTIVE:
            raise Conflict(
                f"the session has ended ({session.status.value}); read its debrief or start anew"
            )
        telemetry.about(session=session_id, user=caller.user)
        wanted = self._wanted(session, text)
        if session_id in self._running:
            raise Conflict("another turn of this session is still running; wait for its reply")
        taken = await asyncio.to_thread(self._store.accept, caller, wanted, self._clock(), key)
        if taken != wanted:
            await self.waiting(caller, session_id)
            raise Conflict(
                f"“{taken.text[:60]}”, which you sent before, was accepted and is answered first; "
                "load the session again"
            )
        return self._run(caller, session, scenario, wanted)

    async def begun_by(self, caller: Caller, key: Key) -> int | None:
        """The index of the turn that was sent under ``key``; BadInput for a key of another."""
        return await asyncio.to_thread(self._store.begun_by, caller, key)

    async def follow(
        self, caller: Caller, session_id: str, index: int, text: str | None = None
    ) -> AsyncIterator[TurnEvent]:
        """All events of the turn, whether it is complete, runs here or elsewhere, or was left.

        ``index`` is that of the seller's words; with ``text`` it must be what they said.
        NotFound where no such turn was accepted.
        """
        waiting = await self.waiting(caller, session_id)
        run = self._running.get(session_id)
        if run and run.index == index:
            return run.events()
        if waiting and waiting.index == index:
            return self._elsewhere(caller, waiting)
        session = await asyncio.to_thread(self._store.load, caller, session_id)
        if text is not None and index < len(session.turns) and session.turns[index].text != text:
            raise NotFound("another turn was taken at this index")
        return retold(session, index)

    async def waiting(self, caller: Caller, session_id: str) -> Accepted | None:
        """The turn that the session waits for; one that was left is taken up."""
        await self._forget_failed(caller, session_id)
        found = await asyncio.to_thread(self._store.accepted, caller, session_id)
        if found is None or not found.is_left(self._clock()) or session_id in self._running:
            return found
        session, scenario = await asyncio.to_thread(self._loaded, caller, session_id)
        ours = replace(self._wanted(session, found.text), at=found.at)
        try:
            await asyncio.to_thread(self._store.accept, caller, ours, self._clock())
        except Conflict:  # another was faster
            return found
        self._run(caller, session, scenario, ours)
        return ours

    async def under_way(self, caller: Caller, session_id: str) -> Accepted | None:
        """The same for whoever only may read: None where the session isn't the caller's own."""
        with suppress(NotFound):
            return await self.waiting(caller, session_id)
        return None

    async def under_way_in(
        self, caller: Caller, sessions: Sequence[Session]
    ) -> dict[str, UnderWay]:
        """By session, for a list of the caller's: nothing is taken up by looking at one."""
        ids = [one.id for one in sessions if one.status is Status.ACTIVE]
        found = await asyncio.to_thread(self._store.accepted_in, caller, ids) if ids else []
        now = self._clock()
        return {
            one.session: UnderWay(one.index, one.text, one.at, one.is_left(now)) for one in found
        }

    async def cancel(self, caller: Caller, session_id: str, index: int) -> None:
        """Nothing of the turn is stored. Conflict where it is complete, NotFound where none is."""
        if not await asyncio.to_thread(self._store.drop, caller, session_id, index):
            session = await asyncio.to_thread(self._store.load, caller, session_id, 0)
            if 0 < index < session.turn_count:
                raise Conflict("the turn is complete; go back with a branch instead")
            raise NotFound("there is no such turn")
        if run := self._running.get(session_id):
            run.stop(Conflict(CANCELLED))

    def gone(self, session_id: str) -> None:
        """The session was deleted: what runs for it here ends at once."""
        if run := self._running.get(session_id):
            run.stop(NotFound(DELETED))

    @property
    def count(self) -> int:
        """How many run now."""
        return len(self._running)

    async def settle(self, caller: Caller, session_id: str) -> None:
        """Waits for the turn of that session, if one runs anywhere or was left."""
        while await self.waiting(caller, session_id):
            if run := self._running.get(session_id):
                await run.ended()
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def settled(self, caller: Caller, session_id: str, patience: float = 5.0) -> bool:
        """Whether no turn of the caller's is under way any more, at the latest after ``patience``
        seconds."""
        with suppress(TimeoutError, NotFound):
            await asyncio.wait_for(self.settle(caller, session_id), patience)
            return True
        return False

    async def settle_all(self) -> None:
        await asyncio.gather(*(run.ended() for run in self._running.values()))

    async def leave(self) -> None:
        """Ends what still runs, for others to take it up."""
        for session_id, run in list(self._running.items()):
            run.stop(Unavailable(STOPPED))
            await run.ended()
            with suppress(CoachError):  # its lease runs out anyway
                await asyncio.to_thread(self._store.hold, session_id, self._worker, self._clock())

    def _loaded(self, caller: Caller, session_id: str) -> tuple[Session, Scenario]:
        session = self._store.load(caller, session_id, RECENT)
        return session, self._played(session)

    def _wanted(self, session: Session, text: str) -> Accepted:
        now = self._clock()
        return Accepted(session.id, session.turn_count, text, now, self._worker, now + LEASE)

    def _run(self, caller: Caller, session: Session, scenario: Scenario, taken: Accepted) -> Run:
        run = self._running[session.id] = Run(taken.index)
        work = self._take(caller, session, scenario, taken.text, run)
        run.start(work, lambda: self._over(session.id))
        return run

    def _over(self, session_id: str) -> None:
        self._running.pop(session_id, None)
        self._last = time.monotonic()

    async def _take(
        self, caller: Caller, session: Session, scenario: Scenario, text: str, run: Run
    ) -> None:
        outcome, voice = "failed", "none"
        holding = asyncio.create_task(self._hold(session.id, run))
        try:
            with telemetry.within("coach.turn.duration", stage="whole"):
                async for event in self._taker.take(caller, session, scenario, text, self._worker):
                    run.tell(event)
                    if isinstance(event, TurnCompleted):
                        outcome, voice = _went(event)
                        self._met(caller, session, scenario, event.exchange.buyer)
        except asyncio.CancelledError:
            run.tell(TurnFailed(run.why or Unavailable(STOPPED)))
        except CoachError as error:
            await self._forget(caller, session.id, run, error)
        except Exception:
            log.exception("turn of session %s failed", session.id)
            await self._forget(caller, session.id, run, Unavailable(BROKEN))
        finally:
            holding.cancel()
            telemetry.counted("coach.turns", outcome=outcome, voice=voice)

    async def _forget(self, caller: Caller, session_id: str, run: Run, error: CoachError) -> None:
        """What failed isn't taken up again: its seller is told to send it anew."""
        try:
            await asyncio.to_thread(self._store.drop, caller, session_id, run.index)
        except CoachError as trouble:
            log.warning("can't note that a turn of session %s failed: %s", session_id, trouble)
            self._failed[session_id] = run.index
        run.tell(TurnFailed(error))

    async def _forget_failed(self, caller: Caller, session_id: str) -> None:
        """Before anything else is done with the session: its store was gone when its turn failed,
        and the seller was told that it did."""
        if (index := self._failed.get(session_id)) is not None:
            await asyncio.to_thread(self._store.drop, caller, session_id, index)
            self._failed.pop(session_id, None)

    async def _hold(self, session_id: str, run: Run) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            until = self._clock() + LEASE
            try:
                held = await asyncio.to_thread(self._store.hold, session_id, self._worker, until)
            except CoachError as error:
                log.warning("can't renew the lease of a turn of session %s: %s", session_id, error)
                continue
            if not held:
                run.stop(Conflict(CANCELLED))

    async def _elsewhere(self, caller: Caller, waiting: Accepted) -> AsyncIterator[TurnEvent]:
        """By looking at the store: its words come all at once, when it is complete."""
        while waiting.session not in self._running:
            found = await self.waiting(caller, waiting.session)
            if found is None or found.index != waiting.index:
                break
            await asyncio.sleep(LOOK_SECONDS)
        try:
            events = await self.follow(caller, waiting.session, waiting.index)
        except NotFound:
            yield TurnFailed(Conflict(CANCELLED))
            return
        async for event in events:
            yield event


def _went(completed: TurnCompleted) -> tuple[str, str]:
    """Whether the talk goes on or how it ended, and which kind of engine spoke."""
    status, made = completed.exchange.status, completed.exchange.buyer.provenance
    outcome = "goes_on" if status is Status.ACTIVE else status.value
    return outcome, "embedded" if made is None or made.voice == EMBEDDED else "model"
