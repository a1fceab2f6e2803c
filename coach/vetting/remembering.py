"""What is worked out once for a scenario, and kept for the scenarios that are played."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from coach.scenario import Scenario

T = TypeVar("T")
MOST = 64  # scenarios


class _Content:
    """A scenario that is equal to another by what is in it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return hash(self.scenario.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and (
            self.scenario.fingerprint == other.scenario.fingerprint
        )


def per_scenario(work: Callable[[Scenario], T]) -> Callable[[Scenario], T]:
    """``work``, whose results are kept by the scenario's content."""
    kept = lru_cache(maxsize=MOST)(lambda content: work(content.scenario))

    @wraps(work)
    def remembered(scenario: Scenario) -> T:
        return kept(_Content(scenario))

    return remembered
