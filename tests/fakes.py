"""Fakes that keep the contract of the port they stand in for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from coach.errors import Conflict, ModelFailed, NotFound
from coach.gaps import Gap, GapsWanted, Met, Sighting, with_example
from coach.session import Caller, Exchange, HintUse, Session, Status
from coach.store.cursor import cursor_after, gap_cursor, read_cursor, read_gap_cursor
from knowledge.topic import same_name
from prompts import render


class MemoryStore:
    """The ``Store`` port in a dict; runs through the same contract tests as SqlStore."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._gaps: dict[str, tuple[str, Gap]] = {}  # with the tenant
        self._occasions: set[tuple[str, str]] = set()
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

    def count_gaps(self, tenant: str, sightings: Sequence[Sighting]) -> None:
        with self._lock:
            for sighting in sightings:
                key = sighting.gap_of(tenant)
                gap = self._gaps.get(key, (tenant, _new_gap(key, sighting)))[1]
                if sighting.occasion and (key, sighting.occasion) in self._occasions:
                    continue
                self._occasions.add((key, sighting.occasion))
                met = sighting.example.met
                grown = replace(
                    gap,
                    live=gap.live + (met is Met.LIVE),
                    practice=gap.practice + (met is Met.PRACTICE),
                    last_seen=max(gap.last_seen, sighting.at),
                    examples=with_example(gap.examples, sighting.example),
                )
                self._gaps[key] = tenant, grown

    def gaps(
        self, tenant: str, wanted: GapsWanted, limit: int, cursor: str | None
    ) -> tuple[list[Gap], str | None]:
        def place(gap: Gap) -> tuple[int, int, str]:
            ranks = (gap.live, gap.practice)
            return (*(ranks[::-1] if wanted.met is Met.PRACTICE else ranks), gap.id)

        after = read_gap_cursor(cursor) if cursor is not None else None
        with self._lock:
            own = [gap for owner, gap in self._gaps.values() if owner == tenant]
        found = [
            gap
            for gap in sorted(own, key=place, reverse=True)
            if (after is None or place(gap) < after)
            and (wanted.met is None or place(gap)[0] > 0)
            and _named(wanted.competitor, gap.competitor)
            and _named(wanted.sector, gap.sector)
        ]
        page = found[:limit]
        return page, gap_cursor(*place(page[-1])) if page and len(found) > limit else None

    def gap(self, tenant: str, gap_id: str) -> Gap:
        owner, gap = self._gaps.get(gap_id, ("", None))
        if gap is None or owner != tenant:
            raise NotFound(f"there is no gap {gap_id[:60]!r}")
        return gap

    def dismiss_gap(self, tenant: str, gap_id: str) -> None:
        with self._lock:
            del self._gaps[self.gap(tenant, gap_id).id]
            self._occasions = {pair for pair in self._occasions if pair[0] != gap_id}

    def _find(self, caller: Caller, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None or not _belongs(session, caller):
            raise NotFound(f"there is no session {session_id[:60]!r}")
        return session


def _new_gap(key: str, sighting: Sighting) -> Gap:
    return Gap(
        id=key,
        lack=sighting.lack,
        objection=sighting.objection,
        topic=sighting.topic,
        competitor=sighting.competitor,
        sector=sighting.sector,
        live=0,
        practice=0,
        first_seen=sighting.at,
        last_seen=sighting.at,
        examples=(),
    )


def _named(wanted: str | None, found: str | None) -> bool:
    return wanted is None or same_name(wanted) == same_name(found)


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
