"""What the end of a session costs, with its other replies played ahead and without.

Run: pytest -m bench -s tests/bench/test_ending.py
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from api.wiring import build_service
from coach.debrief import ahead
from coach.service import CoachService
from coach.session import LOCAL, Status
from coach.settings import Settings
from tests.bench.test_turn import percentile, unlike

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

SCENARIOS = ("trust-true-rumour", "incumbent-competitor", "misunderstood-value", "market-entry")
BAD = (
    "Everybody says that our product is the best on the market.",
    "That never happened, it is a story that competitors tell.",
    "We have 99.99% availability and support around the clock.",
    "Sign today, the offer ends tonight.",
)


async def _ended(service: CoachService, scenario: str, mark: str, wait: bool) -> float:
    """Seconds of the end; with ``wait`` the person took their time before each turn."""
    session = await service.start(LOCAL, scenario, seed=1)
    for words in BAD:
        async for _ in await service.take_turn(LOCAL, session.id, unlike(words, mark)):
            pass
        if wait:
            await service.what_if.ahead.settle()
        if (await service.session(LOCAL, session.id)).status is not Status.ACTIVE:
            break
    start = time.perf_counter()
    assert (await service.end(LOCAL, session.id)).what_if
    return time.perf_counter() - start


async def _ends(home: Path) -> tuple[list[float], list[float]]:
    at_once, played_ahead = [], []
    async with build_service(Settings(home=home)) as service:
        await asyncio.to_thread(service.warm)
        for n, scenario in enumerate(SCENARIOS):
            ahead.QUIET = 60.0
            at_once.append(await _ended(service, scenario, f"no. {n}", wait=False))
            ahead.QUIET = 0.0
            played_ahead.append(await _ended(service, scenario, f"nr. {n}", wait=True))
    return at_once, played_ahead


def test_who_took_their_time_waits_for_nothing(
    copy_of_sample: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was played while they read and typed isn't played at the end."""
    monkeypatch.setattr(ahead, "QUIET", ahead.QUIET)  # put back at the end
    at_once, played_ahead = asyncio.run(_ends(copy_of_sample()))
    ratio = np.median(played_ahead) / np.median(at_once)
    print(
        f"\nending a session, {len(at_once)} sessions: p50 {percentile(played_ahead, 50):.0f} ms, "
        f"p95 {percentile(played_ahead, 95):.0f} ms; when nothing was played ahead "
        f"p50 {percentile(at_once, 50):.0f} ms, p95 {percentile(at_once, 95):.0f} ms; "
        f"ratio {ratio:.2f}"
    )
    assert ratio < 0.5
