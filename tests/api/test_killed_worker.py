"""Background work whose server is killed: another one on the same database brings it to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from coach.jobs import State, id_of
from coach.jobs.kinds import DEBRIEF
from coach.session import LOCAL, Status
from coach.store import SqlStore, open_store
from tests.postgres import own_database

pytestmark = [pytest.mark.slow, pytest.mark.scale, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[2]
BAD = "Everybody knows it never happened. Sign today, the offer ends tonight."

#: ``coach serve`` with a short lease, so that the next server needn't wait long for it, and that
#: plays as eagerly as it serves.
SERVE = """
import sys
from datetime import timedelta
import api.playing
import coach.jobs.worker
api.playing.NICE = 0
coach.jobs.worker.LEASE = timedelta(seconds=3)
from api.cli import main
if __name__ == "__main__":
    sys.argv = ["coach", "serve", "--port", "0", "--home", sys.argv[1]]
    main()
"""


class Server:
    def __init__(self, home: Path, database: str | None, until: ExitStack) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        if database:
            env["COACH_DATABASE_URL"] = database
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(home)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        until.enter_context(self.process)
        until.callback(self.process.kill)
        assert self.process.stdout
        line = self.process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://"))
        self.http = until.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=60))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(15)

    def run_at(self, where: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + 200
        while time.monotonic() < end:
            told: dict[str, Any] = self.http.get(where).json()
            if ready(told):
                return told
            time.sleep(0.1)
        raise AssertionError(told)

    def lost_session(self) -> str:
        """A session whose buyer has just walked away."""
        made = self.http.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 1})
        session = str(made.json()["id"])
        for number in range(12):
            said = {"text": f"{BAD} For the {number}. time."}
            told = self.http.post(f"/v1/sessions/{session}/turns", json=said)
            if told.json()["session"]["status"] != Status.ACTIVE:
                return session
        raise AssertionError("nobody walks away from that")


def debriefed(store: SqlStore, session: str) -> bool:
    job = store.jobs.load(LOCAL, DEBRIEF, id_of(LOCAL.tenant, DEBRIEF, session))
    return job.state is State.DONE


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_another_server_takes_over(kind: str, copy_of_sample: Callable[[], Path]) -> None:
    """A run of fidelity is half played, and a debrief waits, when their server is killed.

    On PostgreSQL the other server runs beside it, on SQLite it starts on the same folder.
    """
    home = copy_of_sample()
    database = own_database() if kind == "postgres" else None
    with ExitStack() as until:
        first = Server(home, database, until)
        session = first.lost_session()
        wish = {"scenarios": ["interest"], "difficulties": ["normal"], "seeds": 2, "spread": False}
        asked = first.http.post("/v1/fidelity", json=wish)
        assert asked.status_code == 202, asked.text
        where = asked.headers["location"]
        first.run_at(where, lambda told: told["done"] > 0)
        again = first.http.post("/v1/fidelity", json=wish)
        assert (again.status_code, "isn't over" in again.json()["detail"]) == (409, True)
        others = [Server(copy_of_sample(), database, until)] if kind == "postgres" else []
        first.kill()
        [second] = others or [Server(home, database, until)]
        done = second.run_at(where, lambda told: told["status"] in ("done", "failed"))
        report = done["report"]
        assert done["status"] == "done", done
        assert report["played"]["sessions"] == done["total"] == done["done"] == 60
        assert report["floors"], "what it comes to is for tests/evals: sixty talks are too few"
        with closing(open_store(database or f"sqlite:///{home / 'coach.db'}")) as store:
            end = time.monotonic() + 60
            while not debriefed(store, session) and time.monotonic() < end:
                time.sleep(0.1)
            assert debriefed(store, session)
            found = store.load(LOCAL, session)
        assert found.debrief
        assert second.http.get(f"/v1/sessions/{session}/debrief").json()["outcome"] == found.status
