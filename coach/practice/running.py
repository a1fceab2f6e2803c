"""Turns that run: one at a time in a session, each to its end whoever listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from coach.errors import CoachError, Conflict, Unavailable
from coach.events import TurnCompleted, TurnEvent, TurnFailed
from coach.scenario import Scenario
from coach.session import Caller, Session, Status, Turn
from coach.turn import TurnTaker

log = logging.getLogger(__name__)

RECENT = 12  # turns loaded to take the next one

#: Told of every buyer's turn that was stored.
Met = Callable[[Caller, Session, Scenario, Turn], None]


class RunningTurns:
    """Lives in the event loop that it is called in."""

    def __init__(self, taker: TurnTaker, met: Met) -> None:
        self._taker, self._met = taker, met
        self._running: dict[str, asyncio.Task[None]] = {}

    def begin(
        self, caller: Caller, session: Session, scenario: Scenario, text: str
    ) -> AsyncIterator[TurnEvent]:
        """The events of the turn; Conflict where none can be taken now."""
        if session.status is not Status.ACTIVE:
            raise Conflict(
                f"the session has ended ({session.status.value}); read its debrief or start anew"
            )
        if session.id in self._running:
            raise Conflict("another turn of this session is still running; wait for its reply")
        queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
        task = asyncio.create_task(self._run(caller, session, scenario, text, queue))
        self._running[session.id] = task
        task.add_done_callback(lambda _: self._running.pop(session.id, None))
        return _drained(queue)

    async def settle(self, session_id: str) -> None:
        """Waits for the turn of that session, if one runs."""
        if task := self._running.get(session_id):
            await asyncio.wait([task])

    async def settle_all(self) -> None:
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(
        self,
        caller: Caller,
        session: Session,
        scenario: Scenario,
        text: str,
        queue: asyncio.Queue[TurnEvent | None],
    ) -> None:
        try:
            async for event in self._taker.take(caller, session, scenario, text):
                queue.put_nowait(event)
                if isinstance(event, TurnCompleted):
                    self._met(caller, session, scenario, event.exchange.buyer)
        except CoachError as error:
            queue.put_nowait(TurnFailed(error))
        except Exception:
            log.exception("turn of session %s failed", session.id)
            queue.put_nowait(
                TurnFailed(Unavailable("the turn failed and was not stored; send it again"))
            )
        finally:
            queue.put_nowait(None)


async def _drained(queue: asyncio.Queue[TurnEvent | None]) -> AsyncIterator[TurnEvent]:
    while (event := await queue.get()) is not None:
        yield event
