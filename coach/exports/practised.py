"""All sessions of a caller, one after another, for whatever is to be made of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from coach.exports.outcome import Outcome, outcome_of
from coach.exports.statements import Statement, Statements
from coach.scenario import Scenario
from coach.session import Caller, Session

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Store

PAGE = 50


class Exports:
    """Newest first. One page is in memory at a time, and one session with its turns."""

    def __init__(self, store: Store, shelf: Shelf, address: str | None = None) -> None:
        self._store, self._shelf = store, shelf
        self._statements = Statements(address)

    async def outcomes(self, caller: Caller) -> AsyncIterator[Outcome]:
        async for session, scenario in self._played(caller):
            yield outcome_of(session, scenario)

    async def statements(self, caller: Caller) -> AsyncIterator[Statement]:
        """Those of a session in the order of what happened."""
        async for session, scenario in self._played(caller):
            for statement in self._statements.of(session, scenario):
                yield statement

    async def _played(self, caller: Caller) -> AsyncIterator[tuple[Session, Scenario]]:
        cursor: str | None = None
        while True:
            page, cursor = await asyncio.to_thread(self._store.sessions, caller, PAGE, cursor)
            for listed in page:
                session = await asyncio.to_thread(self._store.load, caller, listed.id)
                yield session, await asyncio.to_thread(self._shelf.played, session)
            if cursor is None:
                return
