"""All sessions of a caller, one after another, for whatever is to be made of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.exports.outcome import Outcome, outcome_of
from coach.exports.statements import Statement, Statements
from coach.scenario import Scenario
from coach.session import Caller, Session

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Store

log = logging.getLogger(__name__)

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
                try:
                    found = await asyncio.to_thread(self._found, caller, listed.id)
                except NotFound as error:  # deleted meanwhile, or its scenario never was kept
                    log.warning("session %s is not exported: %s", listed.id, error)
                else:
                    yield found
            if cursor is None:
                return

    def _found(self, caller: Caller, session_id: str) -> tuple[Session, Scenario]:
        session = self._store.load(caller, session_id)
        return session, self._shelf.played(session)
