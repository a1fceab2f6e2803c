"""A workshop of 100 guests on one process: how far the board is behind them, and what fails.

Print the figures with ``pytest -m bench -s tests/bench/test_workshop.py``.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from api.wiring import open_accounts
from coach.settings import Settings

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

ROOT = Path(__file__).parent.parent.parent
REPS, LOBBIES = 100, 20
WITHIN = 25.0  # seconds in which each of them sends a reply
MOST_BEHIND = 2.0  # seconds, of 95 in 100 replies
REPLIES = (
    "I understand why you ask. What would you need to see before you trust a new supplier?",
    "Trust us, we are the best on the market.",
    "What worries you most about a name that nobody knows?",
)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--home", str(home)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=quiet, text=True, env=env
    ) as process:
        assert process.stdout
        try:
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


class Seen:
    """What the trainer's board showed, and when; what went wrong."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, int]] = []  # when, and replies on the board
        self.told: list[float] = []  # when a reply was acknowledged
        self.faults: list[str] = []
        self.complete = asyncio.Event()

    def behind(self) -> list[float]:
        """Seconds from each acknowledged reply to the board that counts it."""
        found = []
        for number, at in enumerate(sorted(self.told), start=1):
            first = next((when for when, count in self.shown if count >= number), float("inf"))
            found.append(max(first - at, 0.0))
        return found


def fine(seen: Seen, answer: httpx.Response, *wanted: int) -> httpx.Response:
    if answer.status_code not in wanted:
        seen.faults.append(f"{answer.request.url}: {answer.status_code} {answer.text[:200]}")
    return answer


async def watching(client: httpx.AsyncClient, own: str, seen: Seen) -> None:
    """The board as its page follows it: read anew when the server says so."""
    async with client.stream("GET", f"{own}/events", timeout=60) as events:
        async for line in events.aiter_lines():
            if line.startswith("event: changed"):
                board = fine(seen, await client.get(f"{own}/board"), 200).json()
                count = sum(person["replies"] for person in board["people"])
                seen.shown.append((time.perf_counter(), count))
                if count >= REPS + 2:  # with the two who came before
                    seen.complete.set()


async def waiting(url: str, cookies: httpx.Cookies, own: str) -> None:
    """A guest who follows the lobby."""
    async with (
        httpx.AsyncClient(base_url=url, cookies=cookies, trust_env=False) as client,
        client.stream("GET", f"{own}/events", timeout=60) as events,
    ):
        async for _ in events.aiter_lines():
            pass


async def practising(url: str, workshop: dict[str, Any], number: int, seen: Seen) -> httpx.Cookies:
    """A guest who joins, starts and replies once; their cookies."""
    chance = random.Random(number)
    async with httpx.AsyncClient(
        base_url=url, headers={"Origin": url}, timeout=60, trust_env=False
    ) as client:
        form = {"code": workshop["join_code"], "name": f"Guest {number}"}
        fine(seen, await client.post("/join", data=form), 303)
        await asyncio.sleep(chance.random() * WITHIN)
        given = {"scenario": "trust-unknown", "workshop": workshop["id"]}
        begun = fine(seen, await client.post("/v1/sessions", json=given), 201).json()
        said = {"text": f"{REPLIES[number % len(REPLIES)]} ({number})"}
        fine(seen, await client.post(f"/v1/sessions/{begun['id']}/turns", json=said), 200)
        seen.told.append(time.perf_counter())
        return client.cookies


async def held(url: str, token: str) -> Seen:
    seen, bearer = Seen(), {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=url, headers=bearer, timeout=60, trust_env=False
    ) as trainer:
        given = {"title": "All", "scenarios": ["trust-unknown"], "guests": True}
        workshop = (await trainer.post("/v1/workshops", json=given)).json()
        own = f"/v1/workshops/{workshop['id']}"
        await practising(url, workshop, -1, Seen())  # the first turn waits until the coach is warm
        first = await practising(url, workshop, -2, Seen())
        others = [asyncio.create_task(waiting(url, first, own)) for _ in range(LOBBIES)]
        board = asyncio.create_task(watching(trainer, own, seen))
        await asyncio.gather(*(practising(url, workshop, n, seen) for n in range(REPS)))
        async with asyncio.timeout(30):
            await seen.complete.wait()
        for task in (board, *others):
            task.cancel()
        await asyncio.gather(board, *others, return_exceptions=True)
    seen.shown = [(when, count - 2) for when, count in seen.shown]
    return seen


def test_the_board_follows_a_hundred_reps(copy_of_sample: Callable[[], Path]) -> None:
    """Every reply is on the board within 2 s at the 95th percentile, and nothing fails."""
    home = copy_of_sample()
    with open_accounts(Settings(home=home)) as book:
        book.add_user("ada", ["admin", "trainer"])
        token = book.create_token("ada")[1]
    with serving(home) as url:
        seen = asyncio.run(held(url, token))
    behind = np.array(seen.behind())
    print(
        f"\nworkshop of {REPS} reps: board behind p50 {np.percentile(behind, 50):.2f} s, "
        f"p95 {np.percentile(behind, 95):.2f} s, most {behind.max():.2f} s; "
        f"{len(seen.shown)} boards read, {LOBBIES} lobbies open, {len(seen.faults)} errors"
    )
    assert seen.faults == []
    assert len(behind) == REPS
    assert np.percentile(behind, 95) <= MOST_BEHIND
