"""A real server, killed in the middle of an import: what it said it took, it takes in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.wiring import open_index
from coach.jobs import Job
from coach.session import LOCAL
from coach.settings import Settings
from coach.store import open_store
from tests.api.test_imports import fact

ROOT = Path(__file__).parents[2]
ITEMS = 240

#: ``coach serve`` with a short lease, so that the next server needn't wait long for it.
SERVE = """
import sys
from datetime import timedelta
import coach.jobs.worker
coach.jobs.worker.LEASE = timedelta(seconds=2)
from api.cli import main
sys.argv = ["coach", "serve", "--port", "0", "--home", sys.argv[1]]
main()
"""


class Server:
    def __init__(self, home: Path, until: ExitStack) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(home)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        until.enter_context(self.process)
        until.callback(self.process.kill)
        assert self.process.stdout
        line = self.process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://"))
        self.http = until.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=30))

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)

    def import_at(self, where: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            told: dict[str, Any] = self.http.get(where).json()
            if ready(told):
                return told
            time.sleep(0.05)
        raise AssertionError(told)


def job_at(settings: Settings, where: str) -> Job:
    store = open_store(settings.database)
    job = store.jobs.load(LOCAL, "import", where.rsplit("/", 1)[1])
    store.close()
    return job


@pytest.mark.eval  # starts four servers
@pytest.mark.timeout(300)
def test_killed_and_stopped_in_the_middle(copy_of_sample: Callable[[], Path]) -> None:
    """Killed when it has just answered, killed half way, then told to stop: the fourth server
    ends the import, and everything is in the index once."""
    home = copy_of_sample()
    rows = [
        {"id": f"bulk-{n}", "kind": "product_fact", "title": f"Berth {n}", "text": f"Berth {n} ."}
        for n in range(ITEMS)
    ]
    lines = "\n".join(map(json.dumps, rows)).encode()
    files = [("bulk.jsonl", lines), ("one.md", fact("one")), ("bad.pdf", b"%PDF-1.7 and no more")]
    settings = Settings(home=home)
    with ExitStack() as until:
        server = Server(home, until)
        answer = server.http.post("/v1/evidence", files=[("files", file) for file in files])
        server.end(signal.SIGKILL)
        assert answer.status_code == 202
        where = answer.headers["location"]

        server = Server(home, until)
        server.import_at(where, lambda told: told["done"] > 0)
        server.end(signal.SIGKILL)

        before = job_at(settings, where).attempts
        server = Server(home, until)
        server.import_at(where, lambda _: job_at(settings, where).attempts > before)
        start = time.monotonic()
        assert server.end(signal.SIGTERM) == 0
        assert time.monotonic() - start < 10
        left = job_at(settings, where)
        assert (left.state, left.attempts) == ("waiting", before)

        server = Server(home, until)
        done = server.import_at(where, lambda told: told["status"] in ("done", "failed"))
        assert server.end(signal.SIGTERM) == 0
    assert done["status"] == "done"
    assert [file["added"] for file in done["files"]] == [ITEMS, 1, 0]  # by whichever server
    assert len(done["files"][2]["problems"]) == 1
    _, index = open_index(settings)
    contents = index.contents()
    mine = [item.id for item in index.all() if item.id.startswith(("bulk-", "ferry-one"))]
    assert len(mine) == ITEMS + 1
    assert not contents.stale
    index.close()
