"""``kill -9`` of the whole server under load: what it acknowledged is there once, and whole.

What it did not acknowledge is sent to the next server under the same key, and is there once too.
For many minutes: COACH_KILLS says how often (50).
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from coach.session import LOCAL
from coach.store import open_store
from tests.postgres import own_database
from tests.serving import Served

pytestmark = [pytest.mark.scale, pytest.mark.timeout(3600)]

KILLS = int(os.environ.get("COACH_KILLS", "50"))
SELLERS = 4
STARTS_WITHIN = 60.0  # seconds
TAKEN_UP_WITHIN = 30.0

#: ``coach serve`` with a short lease, so that the next server needn't wait long for what was left.
SERVE = """
import sys
from datetime import timedelta
import coach.practice.running as running
running.LEASE, running.RENEW_SECONDS = timedelta(seconds=2), 0.5
from api.cli import main
sys.argv[0] = "coach"
main()
"""


@dataclass
class Said:
    """What one server was sent: by session and key, the words, and where they were stored."""

    turns: dict[tuple[str, str], str] = field(default_factory=dict)
    told: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def open(self) -> set[tuple[str, str]]:
        """What was sent and not acknowledged."""
        return self.turns.keys() - self.told.keys()


def send(client: httpx.Client, said: Said, session: str, key: str) -> httpx.Response:
    """What was answered; notes where it stands if it was taken."""
    place, text = f"/v1/sessions/{session}/turns", said.turns[session, key]
    told = client.post(place, json={"text": text}, headers={"Idempotency-Key": key})
    if told.status_code == httpx.codes.OK:
        said.told[session, key] = told.json()["seller"]["index"]
    return told


def sell(url: str, said: Said, stop: threading.Event) -> None:
    """Turns in one session after the other; notes each before it is sent."""
    with suppress(httpx.HTTPError), httpx.Client(base_url=url, timeout=30) as client:
        while not stop.is_set():
            session = client.post("/v1/sessions", json={"scenario": "trust-unknown"}).json()["id"]
            for number in range(6):
                key = uuid4().hex
                said.turns[session, key] = f"May I ask what worries you most, number {number}?"
                told = send(client, said, session, key)
                assert told.is_success, told.text
                if told.json()["session"]["status"] != "active":
                    break


def loaded(url: str, seconds: float, kill: Callable[[], None]) -> Said:
    """What sellers sent until the server was killed under them."""
    said, stop = Said(), threading.Event()
    sellers = [threading.Thread(target=sell, args=(url, said, stop)) for _ in range(SELLERS)]
    for one in sellers:
        one.start()
    until = time.monotonic() + STARTS_WITHIN
    while not said.told and time.monotonic() < until:
        time.sleep(0.02)  # the first turn waits until the coach is warm
    time.sleep(seconds)
    kill()
    stop.set()
    for one in sellers:
        one.join()
    return said


def send_again(url: str, said: Said) -> int:
    """What the server before this one left open, under the same keys; how much that was."""
    left = sorted(said.open)
    with httpx.Client(base_url=url, timeout=60) as client:
        for session, key in left:
            until = time.monotonic() + TAKEN_UP_WITHIN
            while not (told := send(client, said, session, key)).is_success:
                assert time.monotonic() < until, told.text
                time.sleep(0.1)
    return len(left)


def check(database: str, said: Said) -> None:
    """Everything that was sent is there once, where it was said to be; no half exchange."""
    with closing(open_store(database)) as store:
        for session_id in {session for session, _ in said.turns}:
            found = store.load(LOCAL, session_id)
            assert [turn.index for turn in found.turns] == list(range(found.turn_count))
            assert found.turn_count % 2 == 1
            sent = [place for place in said.told if place[0] == session_id]
            assert all(found.turns[said.told[p]].text == said.turns[p] for p in sent)
            assert Counter(turn.text for turn in found.turns[1::2]) == Counter(
                said.turns[place] for place in sent
            )
            assert found.turns[-1].state == found.state
            assert store.accepted(LOCAL, session_id) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_again_and_again(kind: str, copy_of_sample: Callable[[], Path]) -> None:
    """The next start finds the index and the turns as they were told, and takes what was open."""
    home, chance = copy_of_sample(), random.Random()
    url = own_database() if kind == "postgres" else None
    database = url or f"sqlite:///{home / 'coach.db'}"
    given = {"COACH_DATABASE_URL": url} if url else {}
    before, turns, again = Said(), 0, 0
    for _ in range(KILLS):
        server = Served(home, command=(sys.executable, "-c", SERVE), **given)
        again += send_again(server.url, before)
        check(database, before)
        turns += len(before.told)
        before = loaded(server.url, chance.uniform(0.0, 1.5), server.kill)
    last = Served(home, command=(sys.executable, "-c", SERVE), **given)
    try:
        again += send_again(last.url, before)
        check(database, before)
        turns += len(before.told)
        ready = httpx.get(f"{last.url}/readyz", timeout=30).json()
        assert (ready["store"], ready["index"]) == ("ok", "ok")
        found = httpx.get(f"{last.url}/v1/evidence", params={"q": "uptime"}, timeout=30).json()
        assert found["items"]
    finally:
        last.kill()
    print(f"\n{kind}: {KILLS} kills, {turns} turns, {again} of them sent again; each there once")
    assert turns > KILLS
