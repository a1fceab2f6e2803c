"""Many reps who practise at once, over HTTP, with the load made on the same machine.

Print the figures with ``pytest -m bench -s tests/bench/test_load.py``, and with ``-m scale`` those
of minutes. Every message is new to the coach: nothing of it was embedded before. What else the
machine does is told with each figure, since it takes the same two cores.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from api.wiring import assemble
from coach.settings import Settings
from tests.bench.reps import Told, practised
from tests.chroma_server import chroma_server
from tests.postgres import own_database
from tests.serving import Served, serving

PACE = 10.0  # seconds between two turns of one rep
CORES = psutil.cpu_count() or 1
BUSY = 3 * CORES  # reps who answer at once: as many as keep every core at work
STEPS = (20.0, 25.0, 30.0, 35.0, 40.0)  # turns a second
P95 = 500.0  # ms

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def home(copy_of_sample: Callable[[], Path]) -> Path:
    """With what a first start embeds: later ones find it there."""
    made = copy_of_sample()
    built = assemble(Settings(home=made))
    built.warm()
    asyncio.run(built.close())
    return made


def under_load(name: str, servers: list[Served], reps: int, pace: float, seconds: float) -> Told:
    """What so many reps are told, after every scenario was played once."""
    practised([one.url for one in servers], BUSY, 0.0, 6.0)
    spent, since = [one.cpu() for one in servers], psutil.cpu_times()
    began, ours = time.monotonic(), psutil.Process().cpu_times()
    told = practised([one.url for one in servers], reps, pace, seconds)
    took, now, own = time.monotonic() - began, psutil.cpu_times(), psutil.Process().cpu_times()
    served = sum(one.cpu() - before for one, before in zip(servers, spent, strict=True))
    made = own.user + own.system - ours.user - ours.system
    idle = now.idle + now.iowait - since.idle - since.iowait
    rest = CORES * took - idle - served - made
    print(
        f"\n{name}: {told}\n  {1000 * served / max(len(told.turns), 1):.0f} ms of computing a "
        f"turn; of {CORES} cores the coach had {served / took:.2f}, making the load "
        f"{made / took:.2f}, others on this machine {rest / took:.2f}; "
        f"{max(one.memory() for one in servers):.0f} MB"
    )
    assert told.errors == []
    return told


@pytest.mark.bench
def test_a_hundred_reps_at_once(home: Path) -> None:
    """All of them answered, without an error, and together no fewer than one rep alone gets: a
    crowd costs waiting, never work."""
    with serving(home) as server:
        alone = under_load("alone", [server], 1, 0.0, 6.0)
        many = under_load("100 reps without a pause", [server], 100, 0.0, 12.0)
    assert len(many.turns) >= 100
    assert many.rate > 0.7 * alone.rate


@pytest.mark.scale
def test_three_hundred_reps_for_three_minutes(home: Path) -> None:
    """A turn every 10 s each: no errors, and 95 of 100 within half a second on an idle machine."""
    with serving(home) as server:
        told = under_load("300 reps", [server], 300, PACE, 180.0)
        ready = told.percentile(95) < P95
    assert told.rate > 0.9 * 300 / PACE
    assert ready, f"p95 {told.percentile(95):.0f} ms"


@pytest.mark.scale
def test_the_highest_rate_that_lasts(home: Path) -> None:
    """The last step at which 95 of 100 turns take less than half a second."""
    held = 0.0
    with serving(home) as server:
        for rate in STEPS:
            told = under_load(f"{rate:.0f} a second", [server], int(rate * PACE), PACE, 25.0)
            if told.percentile(95) > P95:
                break
            held = told.rate
        most = under_load("without a pause", [server], BUSY, 0.0, 20.0)
    print(f"sustained: {held:.1f} turns a second; at most {most.rate:.1f}")
    assert held > 0


@pytest.mark.scale
def test_two_processes_beat_one(home: Path, tmp_path: Path) -> None:
    """On one PostgreSQL and one Chroma server, without a pause between turns."""
    rates = {}
    with ExitStack() as running:
        shared = {
            "COACH_DATABASE_URL": own_database(),
            "COACH_CHROMA_URL": running.enter_context(chroma_server(tmp_path / "chroma")),
        }
        servers = [running.enter_context(serving(home, **shared)) for _ in range(2)]
        for number in (1, 2, 1, 2):
            used = servers[:number]
            told = under_load(f"{number} on PostgreSQL", used, BUSY, 0.0, 20.0)
            rates[number] = max(told.rate, rates.get(number, 0.0))
    print(f"two processes: {rates[2] / rates[1]:.2f} times one")
    assert rates[2] > rates[1]
