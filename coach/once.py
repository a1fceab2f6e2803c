"""What is sent twice under one key is done once: the second request gets the first answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from coach.jobs import Key, Record
from coach.session import Caller

if TYPE_CHECKING:
    from coach.ports import Clock, Store

#: A request that hasn't been answered for so long never will be: its process was killed.
LOST = timedelta(minutes=2)


class Once:
    """Reached as ``service.once``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def answer(
        self, caller: Caller, key: Key, make: Callable[[], Awaitable[Record]]
    ) -> Record:
        """What ``make`` gave the first time, JSON-ready.

        BadInput when the key came with something else then, Conflict while that is still under
        way. What failed isn't kept: the same key may be sent again.
        """
        now = self._clock()
        kept = await asyncio.to_thread(self._store.take_key, caller, key, now, LOST)
        if kept is not None:
            return kept
        try:
            made = await make()
            await asyncio.to_thread(self._store.keep_answer, caller, key, made)
        except BaseException:
            # shielded: whoever cancels this request must find the key free
            await asyncio.shield(asyncio.to_thread(self._store.drop_key, caller, key))
            raise
        return made
