"""The server a command talks to: the one that runs on its home, or one of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.announcement import NAME, announce, announced, withdraw
from api.client import PATIENCE_SECONDS, find_running, open_client
from api.following import Problem
from api.server import listen, private_server
from api.wiring import Built, prepare_home
from coach.errors import BadInput, Misconfigured, Refused, Unavailable
from coach.settings import Settings
from knowledge.errors import IndexInUse
from tests.fakes_service import FakeService

ROOT = Path(__file__).parents[2]


def test_a_private_server_lives_as_long_as_its_command(
    settings: Settings, service: FakeService
) -> None:
    """It announces itself meanwhile, and leaves nothing behind."""
    with private_server(settings) as url:
        assert url.startswith("http://127.0.0.1:")
        assert find_running(settings) == url
    assert service.closed
    assert find_running(settings) is None
    assert list(settings.home.iterdir()) == []


def test_a_command_uses_the_server_that_runs(settings: Settings) -> None:
    """The index is locked by that one, so no second is started."""
    with private_server(settings) as url, open_client(settings) as client:
        assert client.get("/healthz")["status"] == "ok"
        found = announced(settings.home)
        assert found
        assert found.url == url


def test_a_stale_announcement_is_ignored(settings: Settings) -> None:
    """Nobody listens there any more, or the file makes no sense."""
    announce(settings.home, "http://127.0.0.1:9", "gone")
    assert find_running(settings) is None
    for text in ("", "[]", '{"pid": 1}', '{"pid": 1, "url": "::", "instance": "x"}', "\x00"):
        (settings.home / NAME).write_text(text)
        assert find_running(settings) is None


def test_a_strangers_server_is_not_taken(settings: Settings, tmp_path: Path) -> None:
    """Another coach may have got the port since: it tells another instance."""
    with private_server(settings) as url:
        other = Settings(home=tmp_path / "other")
        other.home.mkdir()
        announce(other.home, url, "another")
        assert find_running(other) is None
        withdraw(settings.home, "another")
        assert find_running(settings) == url, "only its own server withdraws an announcement"


def test_the_client_finds_the_next_server_when_one_goes(
    settings: Settings, service: FakeService
) -> None:
    """A private server of another command may end at any time."""
    first = private_server(settings)
    first.__enter__()
    with open_client(settings) as client:
        started = client.post("/v1/sessions", {"scenario": "trust-unknown"})
        first.__exit__(None, None, None)
        names = [name for name, _ in client.take_turn(started["id"], "Hello")]
    assert names[-1] == "turn.completed"


def test_a_command_waits_for_an_index_in_use(
    settings: Settings, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another command may just be starting; one that never lets go is told."""
    attempts = iter([True, True, False])

    def assembled(*_: object) -> Built:
        if next(attempts, True):
            raise IndexInUse("another process holds the index")
        return Built(service, __import__("contextlib").ExitStack())

    monkeypatch.setattr("api.server.assemble", assembled)
    with open_client(settings) as client:
        assert client.get("/healthz")["status"] == "ok"
    monkeypatch.setattr("api.client.PATIENCE_SECONDS", 0.1)
    with pytest.raises(IndexInUse), open_client(settings):
        pass
    assert PATIENCE_SECONDS > 1


def test_words_arrive_while_they_are_spoken(settings: Settings, service: FakeService) -> None:
    """The stream isn't held back until the turn is over."""
    service.pause = 0.1
    with open_client(settings) as client:
        started = client.post("/v1/sessions", {"scenario": "trust-unknown"})
        at = [time.monotonic() for _ in client.take_turn(started["id"], "Hello")]
    assert at[-1] - at[0] > 0.25


def test_problems_reach_the_command(settings: Settings, service: FakeService) -> None:
    """With status and detail, also from the middle of a stream."""
    with open_client(settings) as client:
        with pytest.raises(Problem, match="no such scenario") as refused:
            client.post("/v1/sessions", {"scenario": "none"})
        assert refused.value.status == 404
        session = client.post("/v1/sessions", {"scenario": "trust-unknown"})["id"]
        with pytest.raises(Problem, match="between 1 and 8,000"):
            list(client.take_turn(session, " "))
        service.breaks = Unavailable("try again")
        with pytest.raises(Problem, match="try again") as broken:
            list(client.take_turn(session, "Hello"))
        assert broken.value.status == 503
        with pytest.raises(BadInput, match="Unicode"):
            list(client.take_turn(session, "\udc80"))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.com", "::"])  # noqa: S104
def test_without_users_only_this_machine_is_served(host: str) -> None:
    """Any other address is refused at start, with the reason."""
    with pytest.raises(Refused, match="no user exists yet"):
        listen(host, 0)


def test_a_port_in_use_is_one_clear_line() -> None:
    """It names host and port and what to do."""
    with listen("localhost", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"127.0.0.1 port {port} .*--port"):
            listen("127.0.0.1", port)


def test_a_home_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """It names the folder and what to do."""
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(Misconfigured, match="--home or COACH_HOME") as told:
        prepare_home(file / "home")
    assert "\n" not in str(told.value)


SERVE = """
import contextlib, sys
import api.server
from api.wiring import Built
from tests.fakes_service import FakeService

service = FakeService()
service.pause = 0.3
api.server.assemble = lambda *_: Built(service, contextlib.ExitStack())
from api.cli import main
sys.argv = ["coach", "serve", "--port", "0", "--home", sys.argv[1]]
main()
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``coach serve`` in a process, and the address that it printed."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process:
        line = process.stdout.readline()
        yield process, next(word for word in line.split() if word.startswith("http://"))
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_its_address_and_finishes_what_runs(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path, number: signal.Signals
) -> None:
    """Told to stop in the middle of a turn, the server lets the turn end, and says nothing."""
    process, url = served
    assert json.loads((tmp_path / NAME).read_text())["url"] == url
    with httpx.Client(base_url=url, trust_env=False) as client:
        session = client.post("/v1/sessions", json={"scenario": "trust-unknown"}).json()["id"]
        turn = f"/v1/sessions/{session}/turns"
        accept = {"Accept": "text/event-stream"}
        with client.stream("POST", turn, json={"text": "Hello"}, headers=accept) as response:
            lines = response.iter_lines()
            next(lines)
            process.send_signal(number)
            assert "event: turn.completed" in list(lines)
    assert process.wait(10) == 0
    assert process.stderr
    assert process.stderr.read() == ""
    assert not (tmp_path / NAME).exists()


def test_a_second_serve_on_the_same_home_says_where_the_first_is(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    """Rather than failing on the locked index."""
    _, url = served
    second = subprocess.run(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--home", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 2
    assert url in second.stderr
    assert second.stderr.count("\n") == 1


def test_an_idle_connection_does_not_hold_the_server(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    """A browser keeps connections open; the stop comes at once all the same."""
    process, url = served
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        idle.recv(4096)
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - start < 5
