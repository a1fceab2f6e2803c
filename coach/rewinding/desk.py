"""Going back in a talk: branches are made, found and compared here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.rewinding.attempts import Attempt, Family
from coach.rewinding.branching import branch_of
from coach.rewinding.comparing import SideBySide, side_by_side
from coach.session import Caller, Engine, Session

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock, Store
    from coach.scenario import Scenario


class Rewinding:
    """Reached as ``service.rewinding``; ``prepare`` is told what will be played next."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        engine: Engine,
        clock: Clock,
        prepare: Callable[[Scenario], None],
    ) -> None:
        self._store, self._shelf, self._engine = store, shelf, engine
        self._clock, self._prepare = clock, prepare

    async def branch(self, caller: Caller, session_id: str, turn: int) -> Session:
        """A new session that shares the turns before ``turn``; the old one stays as it was."""
        session = await asyncio.to_thread(self._store.load, caller, session_id)
        made = branch_of(session, turn, self._engine, self._clock())
        await asyncio.to_thread(self._store.create, made)
        self._prepare(await asyncio.to_thread(self._shelf.played, made))
        return made

    async def family(self, caller: Caller, session: Session) -> Family:
        """All attempts that began as one talk with ``session``."""
        found = await asyncio.to_thread(self._store.attempts, caller, session.family)
        return Family(found)

    async def compare(self, caller: Caller, one: str, other: str) -> SideBySide:
        """Side by side; BadInput unless both began as the same talk."""
        first = await asyncio.to_thread(self._store.load, caller, one)
        second = await asyncio.to_thread(self._store.load, caller, other)
        scenario = await asyncio.to_thread(self._shelf.played, first)
        family = await self.family(caller, first)
        return side_by_side(_whole(family, first), _whole(family, second), scenario)


def _whole(family: Family, session: Session) -> Attempt:
    """The attempt with all its turns; of a stranger to the family, just the session."""
    known = any(member.id == session.id for member in family.members)
    return replace(family.attempt(session.id), session=session) if known else Attempt(session)
