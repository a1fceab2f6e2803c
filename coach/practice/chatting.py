"""Practice over an API that knows no sessions: the client sends the whole talk each time.

What was said so far leads to the session (``Conversations``). The first message opens the call and
is answered with the buyer's opening; from then on each is a turn. The same talk again gives the
reply that is stored; another message at an earlier place goes on in a branch.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from coach.assessment import Assessment
from coach.errors import BadInput
from coach.events import AssessmentReady, TurnCompleted, TurnFailed
from coach.practice.conversations import Place
from coach.scenario import Difficulty
from coach.session import Caller, Session, Status

if TYPE_CHECKING:
    from coach.debrief import Debrief
    from coach.ports import Clock, Store
    from coach.practice.hinting import Hint
    from coach.practice.running import RunningTurns
    from coach.rewinding.desk import Rewinding

UNKNOWN = (
    "this coach doesn't know the talk so far: begin a new chat, or send the buyer's words back "
    "as they were said"
)
END, HINT = "/end", "/hint"
OUTCOMES = {
    Status.WON: "they agreed to a next step",
    Status.WALKED_AWAY: "they walked away",
    Status.ENDED: "it was ended",
}


@dataclass(frozen=True)
class Line:
    """One message of the talk so far, the seller's or the coach's."""

    is_sellers: bool
    text: str


@dataclass(frozen=True)
class Talk:
    """What is practised and what was said; ``thread`` tells talks of the same words apart."""

    scenario: str
    lines: tuple[Line, ...]
    difficulty: Difficulty | None = None
    persona: str | None = None
    thread: str = ""

    @property
    def said(self) -> str:
        """What the seller says now."""
        return "\n".join(line.text for line in self.lines[len(self.before) :])

    @property
    def before(self) -> tuple[Line, ...]:
        """Up to the last words of the coach."""
        last = [n for n, line in enumerate(self.lines, start=1) if not line.is_sellers]
        return self.lines[: last[-1]] if last else ()

    def digest(self, answer: str | None = None) -> str:
        """Of what was said before, or of all with ``answer``."""
        told = self.before if answer is None else (*self.lines, Line(False, answer))
        about = [self.scenario, self.difficulty, self.persona, self.thread]
        lines = [[line.is_sellers, line.text.strip()] for line in told]
        return sha256(json.dumps([about, lines]).encode()).hexdigest()


@dataclass(frozen=True)
class Answered:
    """What the client is told; ``turn`` is the seller's, None where none was taken."""

    session: str
    text: str
    status: Status
    turn: int | None = None
    assessment: Assessment | None = None


class Chats:
    """Reached as ``service.chats``."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        turns: RunningTurns,
        rewinding: Rewinding,
        start: Callable[..., Awaitable[Session]],
        hint: Callable[[Caller, str], Awaitable[Hint]],
        end: Callable[[Caller, str], Awaitable[Debrief]],
    ) -> None:
        self._store, self._clock, self._turns = store, clock, turns
        self._rewinding, self._start, self._hint, self._end = rewinding, start, hint, end

    async def answer(self, caller: Caller, talk: Talk) -> Answered:
        """BadInput for a talk that isn't known; else as ``take_turn``."""
        if not talk.said.strip():
            raise BadInput("the last message is the seller's, and says something")
        if not talk.before:
            return await self._opened(caller, talk)
        place = await asyncio.to_thread(self._store.place_of, caller, talk.digest())
        if place is None:
            raise BadInput(UNKNOWN)
        session = await asyncio.to_thread(self._store.load, caller, place.session)
        if talk.said.strip() == HINT and session.status is Status.ACTIVE:
            given = await self._hint(caller, session.id)
            return await self._kept(caller, talk, Answered(session.id, given.text, session.status))
        if talk.said.strip() == END or _is_over(session, place):
            return await self._ended(caller, talk, session)
        return await self._said(caller, talk, session, place)

    async def _opened(self, caller: Caller, talk: Talk) -> Answered:
        session = await self._start(
            caller, talk.scenario, difficulty=talk.difficulty, persona=talk.persona
        )
        opening = Answered(session.id, session.turns[0].text, session.status)
        return await self._kept(caller, talk, opening)

    async def _ended(self, caller: Caller, talk: Talk, session: Session) -> Answered:
        debrief = await self._end(caller, session.id)
        status = Status(debrief.outcome)
        score = "" if debrief.score is None else f" Score: {debrief.score} of 100."
        text = f"(The talk is over: {OUTCOMES[status]}.{score} {debrief.outcome_reason})"
        return Answered(session.id, text, status)

    async def _said(self, caller: Caller, talk: Talk, session: Session, place: Place) -> Answered:
        index = place.turn_count
        if session.turn_count > index and session.turns[index].text == talk.said:
            return await self._heard(caller, talk, session.id, index)
        if session.turn_count > index:
            session = await self._rewinding.branch(caller, session.id, index)
        waiting = await self._turns.waiting(caller, session.id)
        if waiting is None or waiting.text != talk.said:  # else it was sent again while it runs
            await self._turns.start(caller, session.id, talk.said)
        return await self._heard(caller, talk, session.id, index)

    async def _heard(self, caller: Caller, talk: Talk, session: str, index: int) -> Answered:
        assessment: Assessment | None = None
        async for event in await self._turns.follow(caller, session, index):
            match event:
                case TurnFailed(error):
                    raise error
                case AssessmentReady(ready):
                    assessment = ready
                case TurnCompleted(exchange):
                    text, status = exchange.buyer.text, exchange.status
        told = Answered(session, text, status, index, assessment)
        return await self._kept(caller, talk, told, index + 2)

    async def _kept(
        self, caller: Caller, talk: Talk, told: Answered, turn_count: int | None = None
    ) -> Answered:
        if turn_count is None:
            session = await asyncio.to_thread(self._store.load, caller, told.session, 0)
            turn_count = session.turn_count
        place, now = Place(told.session, turn_count), self._clock()
        digest = talk.digest(told.text)
        await asyncio.to_thread(self._store.keep_place, caller, digest, place, now)
        return told


def _is_over(session: Session, place: Place) -> bool:
    return session.status is not Status.ACTIVE and session.turn_count <= place.turn_count
