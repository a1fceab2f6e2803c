"""How much one caller may ask for in a time: the same over all processes, for it is stored.

A token bucket kept as one number (GCRA): the instant at which the whole of it may be used again.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from coach.errors import TooMany
from coach.session import LOCAL

if TYPE_CHECKING:
    from coach.ports import Clock
    from coach.session import Caller


REQUESTS, TURNS, PER_DAY = "requests", "turns", "turns-of-a-day"
MOST_REQUESTS, MOST_TURNS = 600, 60  # a minute, for each caller, unless settings say otherwise
A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Limit:
    """``most`` in ``seconds``; what wasn't used comes back evenly over that time."""

    name: str
    most: int
    seconds: int = 60
    local_too: bool = False  # holds in local mode, where there is nobody to protect from others

    @property
    def each(self) -> float:
        return self.seconds / self.most

    @property
    def words(self) -> str:
        what = TURNS if self.name == PER_DAY else self.name
        return f"{what} a {'minute' if self.seconds == 60 else 'day'}"


def limits_of(requests: int | None, turns: int | None, per_day: int | None) -> tuple[Limit, ...]:
    """As settings give them: None is the default, which spares local mode; 0 is no limit."""
    given = ((REQUESTS, requests, MOST_REQUESTS, 60), (TURNS, turns, MOST_TURNS, 60))
    minutes = [
        Limit(name, usual if most is None else most, seconds, local_too=most is not None)
        for name, most, usual, seconds in given
    ]
    return (*minutes, Limit(PER_DAY, per_day or 0, A_DAY, local_too=True))


@dataclass(frozen=True)
class Left:
    """What of a limit may still be used; ``wait`` is in seconds, 0 where it was granted."""

    limit: Limit
    left: int
    wait: float = 0.0
    refilled: float = 0.0  # seconds until all of it may be used


def left_of(limit: Limit, full_at: float, now: float, *, granted: bool) -> Left:
    ahead = max(full_at - now, 0.0)
    free = max(int((limit.seconds - ahead) / limit.each + 1e-9), 0)
    wait = 0.0 if granted else max(ahead + limit.each - limit.seconds, 0.001)
    return Left(limit, free if granted else 0, wait, ahead)


class Allowances(Protocol):
    """This part of the ``Store`` port."""

    def use(self, holder: str, limit: Limit, now: float) -> Left:
        """Takes one of what ``holder`` may use; where there is none, ``wait`` says how long."""


class Allowing:
    """Reached as ``service.allowing``. Without limits nothing is counted, or written."""

    def __init__(self, store: Allowances, clock: Clock, limits: Sequence[Limit] = ()) -> None:
        self._store, self._clock = store, clock
        self._limits = {limit.name: limit for limit in limits if limit.most}

    async def spend(self, caller: Caller, *names: str) -> tuple[Left, ...]:
        """One of each limit named, for this caller; TooMany where there is none left."""
        known = [self._limits[name] for name in names if name in self._limits]
        wanted = [limit for limit in known if limit.local_too or caller != LOCAL]
        if not wanted:
            return ()
        return await asyncio.to_thread(self._spent, _holder(caller), wanted)

    def _spent(self, holder: str, wanted: Sequence[Limit]) -> tuple[Left, ...]:
        now, found = self._clock().timestamp(), list[Left]()
        for limit in wanted:
            left = self._store.use(f"{holder} {limit.name}", limit, now)
            found.append(left)
            if left.wait:
                raise TooMany(
                    f"{limit.most:,} {limit.words} are the most here; "
                    f"wait {math.ceil(left.wait):,} seconds, then send it again",
                    wait=left.wait,
                    left=tuple(found),
                )
        return tuple(found)


def _holder(caller: Caller) -> str:
    """Each token by itself; without one the person. No two callers share one, and none is named."""
    parts = json.dumps([caller.tenant, caller.user, caller.token or ""])
    return sha256(parts.encode()).hexdigest()[:32]
