"""Fakes that keep the contract of the port they stand in for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from coach.errors import Conflict, ModelFailed, NotFound
from coach.session import Caller, Exchange, HintUse, Session, Status
from coach.store.cursor import cursor_after, read_cursor
from prompts import render


class MemoryStore:
    """The ``Store`` port in a dict; runs through the same contract tests as SqlStore."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = RLock()

    def ping(self) -> None:
        """Always answers."""

    def create(self, session: Session) -> None:
        owner = Caller(session.owner.user, session.owner.tenant)
        with self._lock:
            if session.id in self._sessions:
                raise Conflict("this is already stored")
            self._sessions[session.id] = replace(session, owner=owner)

    def load(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        session = self._find(caller, session_id)
        first = 0 if last is None else max(session.turn_count - last, 0)
        hints = tuple(hint for hint in session.hints if hint.turn >= first)
        return replace(session, turns=session.turns[first:], hints=hints)

    def sessions(
        self, caller: Caller, limit: int, cursor: str | None
    ) -> tuple[list[Session], str | None]:
        before = read_cursor(cursor) if cursor is not None else None
        with self._lock:
            own = [s for s in self._sessions.values() if _belongs(s, caller)]
        own.sort(key=_place, reverse=True)
        rest = [replace(s, turns=(), hints=()) for s in own if not before or _place(s) < before]
        page = rest[:limit]
        return page, cursor_after(*_place(page[-1])) if page and len(rest) > limit else None

    def append(self, caller: Caller, session_id: str, exchange: Exchange) -> None:
        if exchange.buyer.index != exchange.seller.index + 1:
            raise ValueError("the buyer's turn must follow the seller's")
        with self._lock:
            session = self._find(caller, session_id)
            if session.status is not Status.ACTIVE:
                raise Conflict("the session has ended")
            if session.turn_count != exchange.seller.index:
                raise Conflict("another turn was taken meanwhile")
            self._sessions[session_id] = replace(
                session,
                turns=(*session.turns, exchange.seller, exchange.buyer),
                turn_count=session.turn_count + 2,
                state=exchange.state,
                status=exchange.status,
            )

    def add_hint(self, caller: Caller, session_id: str, hint: HintUse) -> None:
        with self._lock:
            session = self._find(caller, session_id)
            self._sessions[session_id] = replace(session, hints=(*session.hints, hint))

    def finish(
        self, caller: Caller, session_id: str, status: Status, debrief: Mapping[str, Any]
    ) -> None:
        with self._lock:
            session = self._find(caller, session_id)
            kept = status if session.status is Status.ACTIVE else session.status
            self._sessions[session_id] = replace(session, status=kept, debrief=dict(debrief))

    def delete(self, caller: Caller, session_id: str) -> None:
        with self._lock:
            del self._sessions[self._find(caller, session_id).id]

    def _find(self, caller: Caller, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None or not _belongs(session, caller):
            raise NotFound(f"there is no session {session_id[:60]!r}")
        return session


def _belongs(session: Session, caller: Caller) -> bool:
    return (session.owner.tenant, session.owner.user) == (caller.tenant, caller.user)


def _place(session: Session) -> tuple[datetime, str]:
    return session.created_at, session.id


@dataclass
class FixedClock:
    """Stands still until it is told to go on."""

    now: datetime = field(default=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """``advance(minutes=5)``: what timedelta takes."""
        self.now += timedelta(**by)


class QueueModel:
    """The ``Model`` port: answers with what was queued, and keeps what it was asked.

    A queued string is streamed word by word, a mapping is a structured answer, an exception is
    raised; ``Break(words, error)`` raises after those words.
    """

    name = "queue-model"

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def _next(self, prompt: str, variables: Mapping[str, Any]) -> object:
        render(prompt, **variables)  # the variables must fit the real template
        self.asked.append((prompt, variables))
        answer = self.answers.pop(0) if self.answers else ModelFailed("the queue is empty")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def stream(self, prompt: str, variables: Mapping[str, Any]) -> AsyncIterator[str]:
        answer = self._next(prompt, variables)
        words = answer.words if isinstance(answer, Break) else str(answer)
        for word in re.findall(r"\S+\s*", words):
            yield word
        if isinstance(answer, Break):
            raise answer.error

    async def structured(
        self, prompt: str, variables: Mapping[str, Any], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        answer = self._next(prompt, variables)
        assert isinstance(answer, Mapping)
        return answer


@dataclass(frozen=True)
class Break:
    words: str
    error: Exception
