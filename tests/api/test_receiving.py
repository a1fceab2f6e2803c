"""Reading what is sent never holds up the event loop, and nothing large is held in memory."""

from __future__ import annotations

import asyncio
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.receiving import _of_json
from coach.jobs import Background
from coach.library import Holding, Library
from coach.session import LOCAL
from coach.store import SqlStore, open_store
from knowledge.indexing.index import KnowledgeIndex
from tests.api.conftest import HERE, lending
from tests.fakes import FixedClock
from tests.fakes_service import FakeService


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield store
    store.close()


@pytest.fixture
def app(store: SqlStore, service: FakeService, tmp_path: Path) -> FastAPI:
    """The doors over a library whose worker doesn't run: what is sent only is stored."""

    class Unused:
        name = "unused"

    shelf = KnowledgeIndex(tmp_path / "index", Unused())  # type: ignore[arg-type]
    service.library = Library(
        Background(store.jobs, FixedClock()),
        lambda _: Holding(shelf, lambda: None),
        FixedClock(),
    )
    app = create_app(lending(service))
    app.state.service = service
    return app


async def _longest_pause(app: FastAPI, **request: Any) -> tuple[float, httpx.Response]:
    """The longest that another task had to wait while the request was served."""
    longest, over = 0.0, False

    async def tick() -> None:
        nonlocal longest
        while not over:
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - start)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0.01)
        answer = await client.post("/v1/evidence", **request)
        over = True
        await ticking
    return longest, answer


def test_items_are_checked_beside_the_loop(app: FastAPI) -> None:
    """A request of 2 MB holds others up for less than a third of the time its checking takes."""
    item = {"kind": "product_fact", "title": "Berth", "text": "word " * 20}
    body = json.dumps({"items": [{**item, "id": f"b{n}"} for n in range(12_000)]}).encode()
    headers = {"Content-Type": "application/json"}
    shares = []
    for _ in range(3):  # the best of three: others use this machine too
        start = time.perf_counter()
        _of_json(body)
        alone = time.perf_counter() - start
        longest, answer = asyncio.run(_longest_pause(app, content=body, headers=headers))
        assert answer.status_code == 202
        shares.append(longest / alone)
        if shares[-1] < 1 / 3:
            break
    assert min(shares) < 1 / 3


def test_a_large_file_is_never_in_memory(app: FastAPI, store: SqlStore) -> None:
    """48 MB on their way into the database take less than a quarter of that."""
    size = 48_000_000
    boundary = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.csv\r\n\r\n"

    async def body() -> Any:
        yield boundary
        for _ in range(size // 100_000):
            yield bytes(100_000)
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    tracemalloc.start()
    _, answer = asyncio.run(_longest_pause(app, content=body(), headers=headers))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 202, answer.text
    assert most < size / 4
    assert len(store.jobs.content(answer.json()["import"], 0)) == size


def test_one_key_at_a_time(app: FastAPI, store: SqlStore) -> None:
    """While a request with a key is being read, a second one with it is told to wait."""

    async def both() -> tuple[httpx.Response, httpx.Response]:
        arrived, go_on = asyncio.Event(), asyncio.Event()
        item = b'{"id": "k", "kind": "product_fact", "title": "K", "text": "K."}'

        async def slowly() -> Any:
            yield item[:9]
            arrived.set()
            await go_on.wait()
            yield item[9:]

        headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=HERE, headers=headers
        ) as client:
            first = asyncio.create_task(client.post("/v1/evidence", content=slowly()))
            await arrived.wait()
            second = await client.post("/v1/evidence", content=item)
            go_on.set()
            return await first, second

    first, second = asyncio.run(both())
    assert (first.status_code, second.status_code) == (202, 409)
    assert "wait for it" in second.json()["detail"]
    assert len(store.jobs.listing(LOCAL, "import", 9, None)[0]) == 1


def test_a_broken_off_upload_leaves_nothing(app: FastAPI, store: SqlStore) -> None:
    """Neither a job nor a key: the same request may be sent again."""

    async def broken() -> Any:
        yield b"--x\r\nContent-Disposition: form-data; name=files; filename=a.csv\r\n\r\nabc"

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"}
    _, answer = asyncio.run(_longest_pause(app, content=broken(), headers=headers))
    assert answer.status_code == 422
    assert store.jobs.listing(LOCAL, "import", 9, None)[0] == []
