"""What is made ready beforehand, so that nobody waits for it in the middle of a talk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from coach.perception import Perceiver
from coach.scenario import Scenario


class Warmer:
    """``parts`` load what every turn needs; scenarios follow, before and while they are played."""

    def __init__(self, perceiver: Perceiver, scenarios: Callable[[], Iterable[Scenario]]) -> None:
        self._perceiver, self._scenarios = perceiver, scenarios
        self._preparing: set[asyncio.Task[None]] = set()
        self.closing = False

    def warm(self, *parts: Callable[[], object]) -> bool:
        """Loads all of it; call it on a thread. False when it was to stop meanwhile."""
        for part in parts:
            if self.closing:
                return False
            part()
        for scenario in self._scenarios():
            if self.closing:
                return False
            self._perceiver.warm(scenario)
        return True

    def prepare(self, scenario: Scenario) -> None:
        """Gets the scenario ready while the rep reads the opening."""
        task = asyncio.create_task(asyncio.to_thread(self._perceiver.warm, scenario))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def settle(self) -> None:
        await asyncio.gather(*self._preparing, return_exceptions=True)
