"""The verbs of workshops: a trainer makes and runs them, reps and guests join and practise."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from coach.accounts.account import checked_user
from coach.accounts.secret import digest_of, new_secret
from coach.errors import CoachError, Conflict, NotFound, Refused, TooMany
from coach.practice.allowance import Limit
from coach.session import GUEST, Caller
from coach.workshops.ballots import Ballots
from coach.workshops.floor import Floor
from coach.workshops.keeping import Run, WorkshopStore
from coach.workshops.workshop import (
    Member,
    State,
    Wish,
    Workshop,
    checked,
    checked_name,
    new_code,
    plain_code,
)

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock, Store
    from coach.scenario import Difficulty, Scenario
    from coach.session import Session

MOST_PEOPLE = 500
STAYS = timedelta(days=1)  # how long a guest may read on after the end
LONGEST = timedelta(days=14)  # and how long at most where there is no end
#: Codes that one address may try in a minute: a whole class joins from one office, each looking
#: once and joining once, and of 31^8 codes 600 are few.
TRIES = Limit("codes", 600)
NO_SUCH_CODE = "no workshop has this code; check it with your trainer"
GUEST_SECRET = "guest_"  # how such a secret begins  # noqa: S105


class Starts(Protocol):
    """``CoachService.play``."""

    def __call__(
        self,
        caller: Caller,
        chosen: Scenario,
        *,
        difficulty: Difficulty | None = None,
        seed: int | None = None,
    ) -> Awaitable[Session]: ...


@dataclass(frozen=True)
class Lobby:
    """A workshop as somebody in it sees it: their own sessions, oldest first."""

    workshop: Workshop
    state: State
    member: Member
    runs: tuple[Run, ...]

    def left(self, scenario: str) -> int | None:
        """Attempts that are left; None where there is no limit."""
        if not self.workshop.attempts:
            return None
        return max(self.workshop.attempts - sum(r.scenario == scenario for r in self.runs), 0)


class Workshops:
    """Reached as ``service.workshops``. Who doesn't run or attend a workshop gets NotFound."""

    def __init__(
        self, keeps: WorkshopStore, store: Store, shelf: Shelf, clock: Clock, play: Starts
    ) -> None:
        self._keeps, self._store, self._shelf = keeps, store, shelf
        self._clock, self._play = clock, play
        self.floor = Floor(keeps, store, shelf, clock)
        self.ballots = Ballots(keeps, self.floor, clock)

    # --- the trainer's ---

    async def create(self, caller: Caller, wish: Wish) -> Workshop:
        caller.must_be("trainer")
        return await asyncio.to_thread(self._create, caller, wish)

    def _create(self, caller: Caller, wish: Wish) -> Workshop:
        now = self._clock()
        sound = checked(wish, [one.id for one in self._shelf.all(caller.tenant)], now)
        cohort = [
            Member(name, name, False, None)
            for name in dict.fromkeys(map(checked_user, sound.cohort))
        ]
        made = Workshop(
            id=uuid4().hex,
            tenant=caller.tenant,
            trainer=caller.user,
            title=sound.title,
            join_code=new_code(),
            scenarios=sound.scenarios,
            starts_at=sound.starts_at,
            ends_at=sound.ends_at,
            pass_mark=sound.pass_mark,
            attempts=sound.attempts,
            difficulty=sound.difficulty,
            seed=secrets.randbelow(2**31) if sound.same_buyer else None,
            guests=sound.guests,
            names_hidden=sound.names_hidden,
            invited_only=sound.invited_only,
            paused_at=None,
            created_at=now,
        )
        self._keeps.add(made, cohort)
        return made

    async def run_by(self, caller: Caller) -> list[Workshop]:
        """Those that the caller made, newest first."""
        return await asyncio.to_thread(self._keeps.of_trainer, caller.tenant, caller.user)

    async def attended(self, caller: Caller) -> list[Workshop]:
        """Those that the caller is in, or invited to."""
        return await asyncio.to_thread(self._keeps.of_member, caller.tenant, caller.user)

    async def own(self, caller: Caller, workshop_id: str) -> Workshop:
        """One that the caller runs."""
        found = await asyncio.to_thread(self._keeps.get, caller.tenant, workshop_id)
        if found.trainer != caller.user or GUEST in caller.roles:
            raise _missing(workshop_id)
        return found

    async def pause(self, caller: Caller, workshop_id: str) -> None:
        """From now on nobody's words are taken, until it goes on."""
        await self._paused(caller, workshop_id, self._clock())

    async def resume(self, caller: Caller, workshop_id: str) -> None:
        await self._paused(caller, workshop_id, None)

    async def _paused(self, caller: Caller, workshop_id: str, at: datetime | None) -> None:
        found = await self.own(caller, workshop_id)
        if found.state(self._clock()) is State.OVER:
            raise Conflict("this workshop is over")
        await asyncio.to_thread(self._keeps.pause, caller.tenant, workshop_id, at)

    async def hide_names(self, caller: Caller, workshop_id: str, hidden: bool) -> None:
        await self.own(caller, workshop_id)
        await asyncio.to_thread(self._keeps.hide_names, caller.tenant, workshop_id, hidden)

    async def finish(self, caller: Caller, workshop_id: str) -> None:
        """Nobody joins or begins another session; what runs may be finished."""
        found = await self.own(caller, workshop_id)
        if found.state(now := self._clock()) is not State.OVER:
            await asyncio.to_thread(self._keeps.finish, caller.tenant, workshop_id, now)

    async def remove(self, caller: Caller, workshop_id: str) -> None:
        await self.own(caller, workshop_id)
        await asyncio.to_thread(self._keeps.remove, caller.tenant, workshop_id)

    # --- joining ---

    async def find(self, code: str, address: str) -> Workshop:
        """By its join code, for whoever has it; TooMany for an ``address`` that tries too many."""
        return await asyncio.to_thread(self._find, code, address)

    def _find(self, code: str, address: str) -> Workshop:
        holder = sha256(f"{TRIES.name} {address}".encode()).hexdigest()[:32]
        left = self._store.use(holder, TRIES, self._clock().timestamp())
        if left.wait:
            raise TooMany("too many codes were tried; wait a minute", wait=left.wait, left=(left,))
        plain = plain_code(code)
        found = self._keeps.by_code(plain) if plain else None
        if found is None:
            raise NotFound(NO_SUCH_CODE)
        return found

    async def join(self, caller: Caller, code: str, address: str) -> Workshop:
        """Somebody with an account; again it changes nothing."""
        found = await self.find(code, address)
        if found.tenant != caller.tenant or GUEST in caller.roles:
            raise NotFound(NO_SUCH_CODE)
        await asyncio.to_thread(self._joined, found, caller)
        return found

    def _joined(self, workshop: Workshop, caller: Caller) -> None:
        known = self._keeps.member(workshop, caller.user)
        if known is not None and known.joined_at is not None:
            return
        if workshop.invited_only and known is None:
            raise Refused("this workshop is for those whom the trainer invited")
        now = self._clock()
        _refuse_over(workshop, now)
        self._keeps.join(workshop, Member(caller.user, caller.user, False, now), MOST_PEOPLE)

    async def join_as_guest(self, code: str, name: str, address: str) -> tuple[Workshop, str]:
        """Somebody without an account; the secret is for their browser to keep."""
        found = await self.find(code, address)
        if not found.guests:
            raise Refused("this workshop is for people with an account; sign in, then join")
        now, shown = self._clock(), checked_name(name)
        _refuse_over(found, now)
        secret = GUEST_SECRET + new_secret()
        member = Member(f"{GUEST}:{uuid4().hex[:12]}", shown, True, now)
        await asyncio.to_thread(self._keeps.join, found, member, MOST_PEOPLE, digest_of(secret))
        return found, secret

    def guest(self, secret: str) -> Caller | None:
        """Whose secret that is, for as long as a guest may stay; call it on a thread."""
        found = self._keeps.guest(digest_of(secret)) if secret.startswith(GUEST_SECRET) else None
        if found is None:
            return None
        workshop, member = found
        until = workshop.ends_at + STAYS if workshop.ends_at else workshop.created_at + LONGEST
        if self._clock() >= until:
            return None
        return Caller(member.user, workshop.tenant, frozenset({GUEST}), token=member.user)

    # --- taking part ---

    async def lobby(self, caller: Caller, workshop_id: str) -> Lobby:
        """NotFound for who isn't in it."""
        return await asyncio.to_thread(self._lobby, caller, workshop_id)

    def _lobby(self, caller: Caller, workshop_id: str) -> Lobby:
        found = self._keeps.get(caller.tenant, workshop_id)
        member = self._keeps.member(found, caller.user)
        if member is None or member.joined_at is None:
            raise _missing(workshop_id)
        runs = self._keeps.used(found, caller.user)
        return Lobby(found, found.state(self._clock()), member, tuple(runs))

    async def start(self, caller: Caller, workshop_id: str, scenario: str) -> Session:
        """An attempt at one of its scenarios; Conflict where it can't begin, with the reason."""
        lobby = await self.lobby(caller, workshop_id)
        workshop = lobby.workshop
        if scenario not in workshop.scenarios:
            raise NotFound(f"{scenario[:60]!r} isn't part of this workshop")
        if lobby.state is not State.OPEN:
            raise Conflict(_NOT_OPEN[lobby.state])
        if lobby.left(scenario) == 0:
            raise Conflict(f"all {workshop.attempts} attempts at this scenario are used")
        chosen = await asyncio.to_thread(self._shelf.get, caller.tenant, scenario)
        session = await self._play(
            caller, chosen, difficulty=workshop.difficulty, seed=workshop.seed
        )
        try:
            await asyncio.to_thread(self._keeps.link, workshop, session)
        except CoachError:
            await asyncio.to_thread(self._store.delete, caller, session.id)
            raise
        return session

    async def must_go_on(self, caller: Caller, session_id: str) -> None:
        """Conflict while the session's workshop is paused; nothing for any other session."""
        found = await self.of_session(caller, session_id)
        if found is not None and found.state(self._clock()) is State.PAUSED:
            raise Conflict("your trainer paused the workshop; send this again when it goes on")

    async def of_session(self, caller: Caller, session_id: str) -> Workshop | None:
        return await asyncio.to_thread(self._keeps.of_session, caller.tenant, session_id)

    def state(self, workshop: Workshop) -> State:
        return workshop.state(self._clock())


_NOT_OPEN = {
    State.PLANNED: "the workshop hasn't begun yet",
    State.PAUSED: "your trainer paused the workshop; begin when it goes on",
    State.OVER: "the workshop is over",
}


def _refuse_over(workshop: Workshop, now: datetime) -> None:
    if workshop.state(now) is State.OVER:
        raise Conflict(_NOT_OPEN[State.OVER])


def _missing(workshop_id: str) -> NotFound:
    return NotFound(f"there is no workshop {workshop_id[:60]!r}")
