"""Who asks: a workspace's user as a user of the coach, by e-mail address or a one-time link."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient

from coach.errors import CoachError, NotSignedIn
from coach.messenger.desk import Messenger
from coach.messenger.people import Installation, Person
from coach.service import CoachService
from coach.session import Caller

LINK = "I don't know you yet. Open this once, signed in as yourself."
ASK = "I don't know you yet. Ask your admin for an account with your e-mail address."
DISABLED = "Your account is disabled; ask your admin."


class Stranger(NotSignedIn):
    """``link`` lets them say who they are, once; "" where the coach has no address."""

    def __init__(self, message: str, link: str = "") -> None:
        super().__init__(message)
        self.link = link


@dataclass(frozen=True)
class Visitor:
    """Somebody of a workspace, whom the coach knows."""

    person: Person
    caller: Caller
    service: CoachService  # of their tenant


class Identity:
    """``address`` is where people's browsers find the coach, "" where that isn't known."""

    def __init__(
        self, service: CoachService, messenger: Messenger, join: str, address: str
    ) -> None:
        self._service, self._messenger = service, messenger
        self._join, self.address = join, address

    async def visitor(self, installed: Installation, user: str, client: AsyncWebClient) -> Visitor:
        """Raises NotSignedIn, with what to do, for who isn't known or may not come in."""
        person = await self._messenger.person(installed.workspace, user)
        if person is None:
            person = await self._met(installed, user, client)
        service = await asyncio.to_thread(self._service.of, installed.tenant)
        caller = await self._caller(person)
        if caller is None:
            raise NotSignedIn(DISABLED)
        return Visitor(person, caller, service)

    async def with_page(self) -> bool:
        """Whether people can open pages of the coach: not while it is one person's own."""
        return bool(self.address) and await self._in_use()

    async def _caller(self, person: Person) -> Caller | None:
        accounts = self._service.accounts
        if accounts is None or not await self._in_use():
            return Caller(person.owner, person.tenant)
        return await asyncio.to_thread(accounts.named, person.tenant, person.owner)

    async def _in_use(self) -> bool:
        accounts = self._service.accounts
        return accounts is not None and await asyncio.to_thread(accounts.in_use)

    async def _met(self, installed: Installation, user: str, client: AsyncWebClient) -> Person:
        answer = await client.users_info(user=user)
        known: dict[str, Any] = answer["user"]
        owner = await self._owner(installed, known)
        if owner is None:
            raise await self._way_in(installed, user)
        zone = str(known.get("tz") or "UTC")
        person = Person(installed.workspace, user, installed.tenant, owner, zone)
        await self._messenger.keep_person(person)
        return person

    async def _owner(self, installed: Installation, known: dict[str, Any]) -> str | None:
        """The name of the user with their address. Guests, bots and people of other workspaces
        may write any address they like into their profile: they come by a link."""
        foreign = known.get("team_id", installed.workspace) != installed.workspace
        trusted = not foreign and not any(
            known.get(flag) for flag in ("is_bot", "is_restricted", "is_stranger", "deleted")
        )
        email = str(known.get("profile", {}).get("email") or "").strip().casefold()
        accounts = self._service.accounts
        if accounts is None or not await self._in_use():
            own = email if trusted and email else f"slack.{installed.workspace}.{known['id']}"
            return own.casefold()
        if not (trusted and email):
            return None
        if found := await asyncio.to_thread(accounts.named, installed.tenant, email):
            return found.user
        if self._join != "anyone":
            return None
        try:
            came = await asyncio.to_thread(accounts.arrived, email, installed.tenant, None)
        except CoachError:
            return None
        return came.user if came else None

    async def _way_in(self, installed: Installation, user: str) -> Stranger:
        if not self.address:
            return Stranger(ASK)
        secret = await self._messenger.send_away(
            "link", installed.tenant, installed.workspace, user
        )
        return Stranger(LINK, f"{self.address}/slack/link?{urlencode({'code': secret})}")
