"""The verbs about runs of ``coach fidelity`` that are asked for over the API, and their job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from coach.errors import Conflict
from coach.fidelity.asking import Wish, plan_of
from coach.jobs.kinds import FIDELITY

if TYPE_CHECKING:
    from coach.jobs import Background, Job, Record, Run
    from coach.session import Caller

#: Called with what is being done, how many are done, and of how many; may raise, to stop it.
Told = Callable[[str, int, int], None]
#: Plays what is wished for and returns the report; blocks, and takes no time of this process.
Play = Callable[[Wish, Told], dict[str, Any]]


class FidelityDesk:
    """What ships is played: its scenarios, on its sample, by the embedded engine."""

    def __init__(self, background: Background, play: Play) -> None:
        self._background, self._play_apart = background, play
        background.handle(FIDELITY, self._play)

    async def ask(self, caller: Caller, wish: Wish) -> Job:
        """Conflict while the caller's last run isn't over."""
        caller.must_be("trainer", "admin")
        await asyncio.to_thread(plan_of, wish)
        latest, _ = await self.runs(caller, 1)
        if latest and not latest[0].has_ended:
            raise Conflict("your last run isn't over yet: see /v1/fidelity, then ask for the next")
        key = uuid4().hex
        await self._background.enqueue(caller, FIDELITY, key, wish.as_record())
        return await self._background.load(caller, FIDELITY, key)

    async def run(self, caller: Caller, run_id: str) -> Job:
        caller.must_be("trainer", "admin")
        return await asyncio.to_thread(self._background.jobs.load, caller, FIDELITY, run_id)

    async def runs(
        self, caller: Caller, limit: int, cursor: str | None = None
    ) -> tuple[list[Job], str | None]:
        """Newest first."""
        caller.must_be("trainer", "admin")
        return await asyncio.to_thread(
            self._background.jobs.listing, caller, FIDELITY, limit, cursor
        )

    def _play(self, run: Run) -> Record:
        def told(phase: str, done: int, total: int) -> None:
            run.tell({"phase": phase, "done": done, "total": total})

        return {"report": self._play_apart(Wish.of(run.job.request), told)}
