"""Debriefs made in the background, when a buyer has ended the talk and before somebody asks.

The store notes each as a job in the transaction that ends the session, so that whichever process
lives on makes it. Who asks earlier gets it made at once; who asks later finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.jobs.kinds import DEBRIEF

if TYPE_CHECKING:
    from coach.jobs import Background, Record, Run
    from coach.service import CoachService


class Preparing:
    """``of`` finds a tenant's service, on a thread; ``awake`` are those that somebody may be
    practising with here: turns come first."""

    def __init__(
        self,
        of: Callable[[str], CoachService],
        awake: Callable[[], Iterable[CoachService]],
    ) -> None:
        self._of, self._awake = of, awake

    def start(self, background: Background) -> None:
        background.handle(DEBRIEF, self._prepare, may=self._is_quiet)

    def _is_quiet(self) -> bool:
        return all(service.turns.is_quiet for service in self._awake())

    async def _prepare(self, run: Run) -> Record:
        owner, session_id = run.job.owner, run.job.request["session"]
        try:
            service = await asyncio.to_thread(self._of, owner.tenant)
            debrief = await service.debrief(owner, session_id)
        except NotFound as error:  # deleted since
            return {"dropped": error.message}
        return {"score": debrief.score}
