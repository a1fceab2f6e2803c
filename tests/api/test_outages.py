"""What the coach stands on goes away while it serves: it says so, and goes on when that is back.

COACH_OUTAGE says for how many seconds (2).
"""

from __future__ import annotations

import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chroma_server import chroma_server, free_port
from tests.postgres import Server
from tests.serving import Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OUTAGE = float(os.environ.get("COACH_OUTAGE", "2"))
BACK_WITHIN = 30.0  # seconds: a machine may be busy
SAID = "What would nine hours without calls have meant for your team, number {}?"


class Talk:
    """A rep in one session of a server, and what was acknowledged of it."""

    def __init__(self, server: Served) -> None:
        self.http = httpx.Client(base_url=server.url, timeout=60, trust_env=False)
        made = self.http.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 7})
        self.place = f"/v1/sessions/{made.json()['id']}"
        self.kept: list[str] = []

    def say(self) -> httpx.Response:
        text = SAID.format(len(self.kept))
        told = self.http.post(f"{self.place}/turns", json={"text": text})
        if told.is_success:
            self.kept.append(text)
        return told

    def must_say(self) -> None:
        """Soon, without a restart of anything."""
        until = time.monotonic() + BACK_WITHIN
        while not (told := self.say()).is_success:
            assert time.monotonic() < until, told.text
            time.sleep(0.1)

    def check(self) -> None:
        """What was acknowledged is there once, nothing else is, and nothing is under way."""
        told = self.http.get(self.place).json()
        assert [turn["text"] for turn in told["turns"][1::2]] == self.kept
        assert told["turn_count"] == 2 * len(self.kept) + 1
        assert "running" not in told
        assert self.http.get("/readyz").status_code == 200


@contextmanager
def talking(server: Served) -> Iterator[Talk]:
    talk = Talk(server)
    try:
        yield talk
    finally:
        talk.http.close()


def is_clear(told: httpx.Response) -> dict[str, Any]:
    """A problem that says what is the matter and when to ask again, and no more than that."""
    assert told.status_code == 503, told.text
    assert told.headers["content-type"] == "application/problem+json"
    assert int(told.headers["retry-after"]) > 0
    body: dict[str, Any] = told.json()
    assert "try again" in body["detail"].lower() or "doctor" in body["detail"]
    assert "Traceback" not in told.text
    assert "/tmp" not in told.text  # noqa: S108  # looked for, not written to
    return body


def during(outage: float, talk: Talk) -> Iterator[httpx.Response]:
    """What is answered to turn after turn, at least one, for that long."""
    until = time.monotonic() + outage
    while True:
        yield talk.say()
        if time.monotonic() > until:
            return
        time.sleep(0.2)


@pytest.fixture(scope="module")
def on_file(copy_of_sample: Callable[[], Path]) -> Iterator[tuple[Served, Path]]:
    home = copy_of_sample()
    with serving(home) as server:
        yield server, home / "coach.db"


@contextmanager
def no_room(server: Served) -> Iterator[None]:
    """No file of the server may grow: what a full disk does, without filling one."""
    kind, pid = resource.RLIMIT_FSIZE, server.process.pid
    before = resource.prlimit(pid, kind, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, kind, before)


def test_no_room_on_the_disk(on_file: tuple[Served, Path]) -> None:
    """A turn that can't be written down isn't acknowledged; what was said can still be read."""
    server, _ = on_file
    with talking(server) as talk:
        talk.must_say()
        with no_room(server):
            for told in during(OUTAGE, talk):
                assert "database" in is_clear(told)["detail"]
            assert talk.http.get(talk.place).json()["turn_count"] == 3
        talk.must_say()
        talk.check()


def test_a_database_that_another_program_holds(on_file: tuple[Served, Path]) -> None:
    """Waited for, then told; the lock is let go of, and the same words are taken."""
    server, file = on_file
    with talking(server) as talk:
        talk.must_say()
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for told in during(OUTAGE, talk):
                assert "locked" in is_clear(told)["detail"]
            other.execute("ROLLBACK")
        talk.must_say()
        talk.check()


def test_postgresql_stopped_and_started(copy_of_sample: Callable[[], Path]) -> None:
    """As if it had crashed: turns are refused, whoever looks whether the coach is ready is told,
    and the same process goes on."""
    cluster = Server()
    with (
        serving(copy_of_sample(), COACH_DATABASE_URL=cluster.make_database()) as server,
        talking(server) as talk,
    ):
        talk.must_say()
        cluster.stop()
        for told in during(OUTAGE, talk):
            is_clear(told)
        assert talk.http.get("/healthz").status_code == 200
        ready = is_clear(talk.http.get("/readyz"))
        assert ready["store"] != "ok"
        assert ready["index"] == "ok"
        cluster.start()
        talk.must_say()
        talk.check()
    cluster.remove()


def test_a_chroma_server_that_is_gone(tmp_path: Path) -> None:
    """A turn goes on without its ledger and says so, or is refused in clear words; the evidence is
    found again when the server is back."""
    port = free_port()
    with ExitStack() as until:
        with chroma_server(tmp_path / "chroma", port) as chroma:
            server = until.enter_context(serving(tmp_path / "home", COACH_CHROMA_URL=chroma))
        talk = until.enter_context(talking(server))  # it is gone now
        for told in during(OUTAGE, talk):
            if not told.is_success:
                is_clear(told)
        is_clear(talk.http.get("/v1/evidence", params={"q": "uptime"}))
        assert is_clear(talk.http.get("/readyz"))["store"] == "ok"
        until.enter_context(chroma_server(tmp_path / "chroma", port))
        patience = time.monotonic() + BACK_WITHIN
        while not (found := talk.http.get("/v1/evidence", params={"q": "uptime"})).is_success:
            assert time.monotonic() < patience, found.text
            time.sleep(0.1)
        assert found.json()["items"]
        talk.must_say()
        talk.check()
