"""One running turn and what it told so far; and the same events of a turn that is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace

from coach.errors import CoachError, NotFound
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
)
from coach.scenario import Act
from coach.session import Exchange, Session, Speaker, Status
from coach.turn import STATUS_AFTER


class Run:
    """What is told is kept once, for all who listen: one who reads slowly, or never, holds a place
    in it and no copy."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.why: CoachError | None = None  # it was stopped
        self._told: list[TurnEvent] = []
        self._is_over = False
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, work: Coroutine[None, None, None], ended: Callable[[], object]) -> None:
        def over(_: object) -> None:
            ended()
            self._is_over = True
            self._news.set()

        self._task = asyncio.create_task(work)
        self._task.add_done_callback(over)

    def tell(self, event: TurnEvent) -> None:
        self._told.append(event)
        news, self._news = self._news, asyncio.Event()
        news.set()

    def stop(self, why: CoachError) -> None:
        """Ends it before its time; listeners are told ``why``."""
        self.why = why
        if self._task:
            self._task.cancel()

    async def ended(self) -> None:
        if self._task:
            await asyncio.wait([self._task])

    async def events(self) -> AsyncIterator[TurnEvent]:
        """From the first one on, then as they come."""
        place = 0
        while True:
            news = self._news
            if place < len(self._told):
                yield self._told[place]
                place += 1
            elif self._is_over:
                return
            else:
                await news.wait()


async def _each(events: list[TurnEvent]) -> AsyncIterator[TurnEvent]:
    for event in events:
        yield event


def retold(session: Session, index: int) -> AsyncIterator[TurnEvent]:
    """The events of a stored turn; NotFound unless the seller spoke at ``index``."""
    turns = session.turns
    if not 0 < index < len(turns) or turns[index].speaker is not Speaker.SELLER:
        raise NotFound("there is no turn of the seller's at this index")
    seller, buyer = turns[index], turns[index + 1]
    status = STATUS_AFTER.get(Act(buyer.act), Status.ACTIVE) if buyer.act else Status.ACTIVE
    judged = [AssessmentReady(seller.assessment)] if seller.assessment else []
    return _each(
        [
            TurnCreated(replace(seller, assessment=None)),
            ReplyDelta(buyer.text),
            ReplyCompleted(buyer),
            *judged,
            TurnCompleted(Exchange(seller, buyer, status)),
        ]
    )
