"""A service for each tenant, around evidence of its own: what it can't reach, it can't show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from coach.session import LOCAL

if TYPE_CHECKING:
    from coach.accounts.book import AccountBook
    from coach.fidelity.desk import FidelityDesk
    from coach.jobs import Background
    from coach.service import CoachService

#: Puts together the service of a tenant; may take seconds, as the first index is built.
Build = Callable[[str], "CoachService"]


@dataclass(frozen=True)
class Place:
    """Whose service it is, who may come in, the services of the others, and what all work at."""

    tenant: str = LOCAL.tenant
    accounts: AccountBook | None = None
    neighbours: Neighbours | None = None
    background: Background | None = None
    fidelity: FidelityDesk | None = None


class Neighbours:
    """The services of the other tenants, each opened when it is first asked for; thread-safe."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._guard = Lock()
        self._doors: dict[str, Lock] = {}
        self._open: dict[str, CoachService] = {}

    def known(self, tenant: str) -> CoachService | None:
        """The one of ``tenant``, if it is open."""
        return self._open.get(tenant)

    def of(self, tenant: str) -> CoachService:
        if found := self._open.get(tenant):
            return found
        with self._guard:
            door = self._doors.setdefault(tenant, Lock())
        with door:  # the others don't wait while one is opened
            if tenant not in self._open:
                self._open[tenant] = self._build(tenant)
            return self._open[tenant]

    def awake(self) -> list[CoachService]:
        """Those that are open now."""
        return list(self._open.values())

    async def close(self) -> None:
        await asyncio.gather(*(service.close() for service in self._open.values()))
