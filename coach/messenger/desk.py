"""The verbs about messengers: workspaces, people and the threads in which they practise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from coach.accounts.secret import digest_of, new_secret
from coach.errors import NotFound
from coach.messenger.people import Installation, Pass, Person, Talk
from coach.messenger.reminding import Cadence, next_after

if TYPE_CHECKING:
    from coach.messenger.arrival import Inbox
    from coach.messenger.people import MessengerStore
    from coach.messenger.sealing import Sealer
    from coach.ports import Clock

T = TypeVar("T")

PASSES = {"install": timedelta(minutes=15), "link": timedelta(hours=24)}
SNOOZE = timedelta(hours=3)
USED = "this link was used already, or is too old; ask the bot for another one"


@dataclass(frozen=True)
class MessengerStores:
    """Where it is kept; ``key`` is the file with the key that seals tokens."""

    inbox: Inbox
    rows: MessengerStore
    key: Path


class Messenger:
    """Reached as ``service.messenger``; serves the workspaces of every tenant."""

    def __init__(self, stores: MessengerStores, clock: Clock) -> None:
        self.inbox, self.clock = stores.inbox, clock
        self._rows, self._key = stores.rows, stores.key

    # --- workspaces ---

    async def install(self, made: Installation) -> None:
        await self._thread(lambda: self._rows.install(replace(made, token=self._seal(made.token))))

    async def installation(self, workspace: str) -> Installation | None:
        return await self._thread(lambda: self._opened(self._rows.installation(workspace)))

    async def installations(self) -> list[Installation]:
        """Their tokens stay sealed."""
        return await self._thread(self._rows.installations)

    async def uninstall(self, workspace: str) -> None:
        await self._thread(lambda: self._rows.uninstall(workspace))

    # --- people ---

    async def person(self, workspace: str, user: str) -> Person | None:
        return await self._thread(lambda: self._rows.person(workspace, user))

    async def keep_person(self, person: Person) -> None:
        await self._thread(lambda: self._rows.keep_person(person))

    async def remind(self, person: Person, cadence: Cadence, hour: int) -> Person:
        """From now on as often as they asked, at ``hour`` on their own clock."""
        next_at = next_after(self.clock(), cadence, hour, person.zone)
        changed = replace(person, cadence=cadence, hour=hour, next_at=next_at)
        await self.keep_person(changed)
        return changed

    async def snooze(self, person: Person) -> Person:
        """In three hours again, or at their usual time if that is sooner."""
        usual = next_after(self.clock(), person.cadence, person.hour, person.zone)
        later = self.clock() + SNOOZE
        changed = replace(person, next_at=min(usual, later) if usual else None)
        await self.keep_person(changed)
        return changed

    async def to_remind(self) -> list[Person]:
        """Who is to be reminded now; each of them once, whoever asks."""
        return await self._thread(self._due)

    def _due(self) -> list[Person]:
        now = self.clock()
        return [
            person
            for person in self._rows.due(now)
            if self._rows.remind(person, next_after(now, person.cadence, person.hour, person.zone))
        ]

    # --- talks ---

    async def talk(self, workspace: str, channel: str, thread: str) -> Talk | None:
        return await self._thread(lambda: self._rows.talk(workspace, channel, thread))

    async def keep_talk(self, talk: Talk) -> None:
        await self._thread(lambda: self._rows.keep_talk(talk))

    # --- away and back ---

    async def send_away(self, kind: str, tenant: str, workspace: str = "", user: str = "") -> str:
        """The secret to come back with, once."""
        secret = new_secret()
        given = Pass(digest_of(secret), kind, tenant, workspace, user, self.clock())
        await self._thread(lambda: self._rows.add_pass(given))
        return secret

    async def came_back(self, kind: str, secret: str) -> Pass:
        """NotFound for a secret that isn't known, was used or is too old."""
        found = await self._thread(lambda: self._rows.take_pass(digest_of(secret)))
        if found is None or found.kind != kind:
            raise NotFound(USED)
        if found.created_at < self.clock() - PASSES[kind]:
            raise NotFound(USED)
        return found

    def _seal(self, token: str) -> str:
        return self._sealer.seal(token)

    def _opened(self, found: Installation | None) -> Installation | None:
        return found and replace(found, token=self._sealer.open(found.token))

    @cached_property
    def _sealer(self) -> Sealer:
        from coach.messenger.sealing import Sealer  # noqa: PLC0415  # only where there is a token

        return Sealer(self._key)

    async def _thread(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)
