"""A real server, killed or stopped in the middle of a turn: what it accepted is answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.loopback import loopback, stall

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAID = "What would nine hours without calls have meant for you?"

#: ``coach serve`` with a short lease, so that the next server needn't wait long for it.
SERVE = """
import sys
from datetime import timedelta
import coach.practice.running as running
running.LEASE, running.RENEW_SECONDS = timedelta(seconds=3), 0.5
from api.cli import main
sys.argv = ["coach", "serve", "--port", "0", "--home", sys.argv[1]]
main()
"""


@contextmanager
def serving(home: Path, model: str = "") -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    given = {"PYTHONPATH": str(ROOT), "COACH_MODEL_URL": model, "OPENAI_API_KEY": ""}
    command = [sys.executable, "-c", SERVE, str(home)]
    with subprocess.Popen(
        command, cwd=home, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            url = next(word for word in line.split() if word.startswith("http://"))
            with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
                yield process, http
        finally:
            process.kill()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_accepted_turn_is_answered_by_the_next_server(
    copy_of_sample: Callable[[], Path], number: signal.Signals
) -> None:
    """Its model never came to an end. Told to stop, the server is gone within 10 seconds; the next
    one takes the turn up, and the listener goes on where the stream broke."""
    home = copy_of_sample()
    with loopback() as model:
        model.behave(stall("I would like to know more about that. And "))  # a whole one is shown
        with serving(home, model.url) as (process, http):
            start = {"scenario": "trust-true-rumour", "seed": 7}
            session = http.post("/v1/sessions", json=start).json()["id"]
            place = f"/v1/sessions/{session}/turns"
            accept = {"Accept": "text/event-stream"}
            with http.stream("POST", place, json={"text": SAID}, headers=accept) as stream:
                lines = stream.iter_lines()
                seen = next(line for line in lines if line.startswith("id:") and "words" in line)
                began = time.monotonic()
                process.send_signal(number)
                process.wait(30)
                took = time.monotonic() - began
        assert took < 10.5, "as the README says"
    with serving(home) as (_, http):
        while not (listed := http.get("/v1/sessions").json()["items"][0]["running"])["left"]:
            time.sleep(0.1)  # until the lease of the one that was killed has run out
        assert listed["text"] == SAID
        running = http.get(f"/v1/sessions/{session}").json()
        assert running.get("running", {"text": SAID})["text"] == SAID
        resumed = http.get(
            f"{place}/1/events",
            headers={**accept, "Last-Event-ID": seen.removeprefix("id:").strip()},
        )
        assert "turn.created" not in resumed.text
        assert resumed.text.count("event: reply.reset") == 1, "other words than the model's"
        assert resumed.text.count("event: turn.completed") == 1
        told = http.get(f"/v1/sessions/{session}").json()
        assert told["turn_count"] == 3
        assert told["turns"][1]["text"] == SAID
        assert "running" not in told
