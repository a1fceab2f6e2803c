"""``/readyz`` says what is so: each part is broken in turn, and told by name."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.wiring import build_service, open_index
from coach.health import Health, health_of
from coach.models import Models
from coach.settings import Settings
from coach.store import open_store
from knowledge.searching.retrieval import HybridRetriever
from tests.canned import ITEM
from tests.chroma_server import chroma_server, free_port


def test_a_database_that_lost_its_tables_is_told(copy_of_sample: Callable[[], Path]) -> None:
    """503, which part, and what to do; and nothing of a path or a query."""
    settings = Settings(home=copy_of_sample())
    app = create_app(lambda: build_service(settings))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/readyz").json()["status"] == "ready"
        other = sqlite3.connect(settings.home / "coach.db")
        other.execute("ALTER TABLE sessions RENAME TO gone")
        other.commit()
        broken = client.get("/readyz")
        assert broken.status_code == 503
        assert broken.json()["store"].startswith("not available")
        assert broken.json()["index"] == "ok"
        metrics = client.get("/metrics")
        assert metrics.status_code == 200, "what can be told is told"
        assert 'coach_ready{part="store"} 0.0' in metrics.text
        other.execute("ALTER TABLE gone RENAME TO sessions")
        other.commit()
        assert client.get("/readyz").status_code == 200, "it recovers without a restart"
        other.close()


@pytest.mark.slow
def test_a_chroma_server_that_is_gone_is_told(tmp_path: Path) -> None:
    """Within the second after which a shared index is looked at again, and so is its return."""

    def health() -> Health:
        store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
        try:
            return asyncio.run(health_of(store, retriever, Models()))
        finally:
            store.close()

    port = free_port()
    with chroma_server(tmp_path / "chroma", port) as url:
        _, index = open_index(Settings(home=tmp_path / "home", chroma_url=url))
        index.upsert([ITEM])
        retriever = HybridRetriever(index)
        assert health().ready
    end = time.monotonic() + 20
    while (gone := health()).ready and time.monotonic() < end:
        time.sleep(0.1)  # what was just looked at is believed for a second
    assert not gone.ready
    assert (gone.store, gone.index) == ("ok", "not available (IndexUnavailable)")
    with chroma_server(tmp_path / "chroma", port):
        assert health().ready
    index.close()
