"""What one caller may ask for in a time: over all processes, told in headers, never for health."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from coach.errors import TooMany
from coach.practice.allowance import Allowing, Limit, limits_of
from coach.session import LOCAL, Caller
from coach.store import open_store
from tests.api.conftest import HERE, lending
from tests.fakes import FixedClock, MemoryStore
from tests.fakes_service import FakeService

SPENDERS = """
import sys
from coach.practice.allowance import Limit
from coach.store import open_store
store = open_store(sys.argv[1])
print(sum(not store.use("anna", Limit("turns", 50), 1000.0).wait for _ in range(40)))
"""


@pytest.fixture
def limited(service: FakeService) -> Iterator[TestClient]:
    service.allowing = Allowing(MemoryStore(), FixedClock(), limits_of(4, 2, None))
    with TestClient(create_app(lending(service)), base_url=HERE) as client:
        yield client


def test_an_answer_tells_what_is_left(limited: TestClient) -> None:
    """And one too many is a problem that says how long to wait, on a page in plain words."""
    first = limited.get("/v1/scenarios")
    assert first.headers["ratelimit"] == '"requests";r=3;t=15'
    assert first.headers["ratelimit-policy"] == '"requests";q=4;w=60'
    session = limited.post("/v1/sessions", json={"scenario": "trust-unknown"}).json()["id"]
    turn = limited.post(
        f"/v1/sessions/{session}/turns",
        json={"text": "Hello"},
        headers={"Accept": "text/event-stream"},
    )
    assert turn.headers["ratelimit"] == '"requests";r=1;t=45, "turns";r=1;t=30'
    assert limited.get("/v1/scenarios").status_code == 200
    refused = limited.get("/v1/scenarios")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "15"
    assert refused.headers["ratelimit"] == '"requests";r=0;t=15'
    assert refused.headers["content-type"] == "application/problem+json"
    assert "wait 15 seconds" in refused.json()["detail"]
    page = limited.get("/")
    assert page.status_code == 429
    assert page.headers["retry-after"] == "15"
    assert "wait 15 seconds" in page.text
    assert limited.get("/healthz").status_code == 200


async def spent(allowing: Allowing, who: Caller, times: int) -> int:
    granted = 0
    for _ in range(times):
        try:
            await allowing.spend(who, "turns")
            granted += 1
        except TooMany:
            pass
    return granted


@pytest.mark.anyio
async def test_limits_hold_for_each_caller_and_come_back() -> None:
    """Evenly; local mode is spared unless the settings name a number; two tokens are two."""
    clock = FixedClock()
    usual = Allowing(MemoryStore(), clock, limits_of(None, None, None))
    assert await spent(usual, LOCAL, 200) == 200
    assert await spent(usual, Caller("anna", "north"), 200) == 60
    assert await spent(usual, Caller("anna", "south"), 200) == 60
    named = Allowing(MemoryStore(), clock, limits_of(None, 10, None))
    assert await spent(named, LOCAL, 200) == 10
    assert await spent(Allowing(MemoryStore(), clock, limits_of(0, 0, 0)), LOCAL, 200) == 200


def test_several_processes_share_one_allowance(tmp_path: Path) -> None:
    """Of 80 tries by two processes at once 50 are granted, as one process would grant."""
    url = f"sqlite:///{tmp_path / 'coach.db'}"
    open_store(url).close()
    command = [sys.executable, "-c", SPENDERS, url]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(one.communicate(timeout=60)[0]) for one in both) == 50
    store = open_store(url)
    assert store.use("anna", Limit("turns", 50), 1000.0).wait > 1
    assert not store.use("anna", Limit("turns", 50), 1002.4).wait, "one came back"
    assert not store.use("ben", Limit("turns", 50), 1000.0).wait
    store.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
