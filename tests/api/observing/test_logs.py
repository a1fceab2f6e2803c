"""The log of a server: whose work each line is about, and never what somebody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.observing.logs import log_open
from api.wiring import build_service
from coach.errors import Misconfigured
from coach.model_settings import one_model
from coach.settings import Settings, load_settings
from tests.loopback import answer, loopback

KEY = "sk-test-1234567890abcdef"
WORDS = (
    "My zebra-striped umbrella cost 4711 crowns.",
    "Would your ferret-keeping colleague mind a pilot of three weeks?",
)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], io.StringIO]]:
    """Opens the log of those settings on a buffer."""
    monkeypatch.delenv("COACH_DEBUG", raising=False)
    written = io.StringIO()
    with ExitStack() as open_ones:

        def opened(settings: Settings) -> io.StringIO:
            monkeypatch.setattr("sys.stderr", written)
            open_ones.enter_context(log_open(settings))
            return written

        yield opened


@pytest.mark.slow
def test_a_whole_session_leaves_no_word_in_the_log(
    copy_of_sample: Callable[[], Path],
    lines: Callable[[Settings], io.StringIO],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the most talkative level, with a model that fails on the way and a part that breaks."""
    with loopback() as server:
        server.behave(answer("As an AI I can't say 99 things."))
        settings = Settings(
            home=copy_of_sample(), openai_api_key=KEY, models=one_model(server.url, KEY),
            log="json", log_level="DEBUG",
        )  # fmt: skip
        written = lines(settings)
        with TestClient(
            create_app(lambda: build_service(settings)), base_url="http://127.0.0.1:8000"
        ) as client:
            session = client.post("/v1/sessions", json={"scenario": "interest"}).json()["id"]
            turns = f"/v1/sessions/{session}/turns"
            first = client.post(turns, json={"text": WORDS[0]}, headers={"X-Request-ID": "mine-1"})
            assert first.headers["x-request-id"] == "mine-1"

            def break_down(*_: object) -> None:
                raise ValueError(f"can't read {WORDS[1]!r} with {KEY}")

            service = client.app.state.service  # type: ignore[attr-defined]
            monkeypatch.setattr(service._checker, "check", break_down)
            client.post(turns, json={"text": WORDS[1]})
            client.get("/v1/evidence", params={"q": WORDS[0]})
            client.post(f"/v1/sessions/{session}/end")
    text = written.getvalue()
    told = [json.loads(line) for line in text.splitlines()]
    of_turn = [line for line in told if line.get("request") == "mine-1"]
    request = next(line for line in of_turn if line["logger"] == "api.requests")
    assert request["session"] == session
    assert (request["user"], request["status"]) == ("local", 200)
    assert request["route"] == "/v1/sessions/{session_id}/turns"
    broke = next(line for line in told if "error" in line)
    assert broke["session"] == session, "a line from inside the turn says whose it is, too"
    assert broke["error"]["says"] == "ValueError"
    assert any("_read" in frame for frame in broke["error"]["frames"])
    for secret in (KEY, "zebra", "umbrella", "4711", "ferret", "99 things"):
        assert secret not in text, secret


def test_a_key_is_blotted_out_wherever_it_turns_up(
    tmp_path: Path, lines: Callable[[Settings], io.StringIO]
) -> None:
    """Also in a line that another library wrote, and a key that isn't ours."""
    written = lines(Settings(home=tmp_path, openai_api_key="hunter2hunter2"))
    logging.getLogger("some.library").warning("sent hunter2hunter2 and sk-live-abcdefgh12345")
    logging.getLogger("some.library").info("a whole request that nobody is to see")
    assert "hunter2" not in written.getvalue()
    assert "abcdefgh" not in written.getvalue()
    assert "whole request" not in written.getvalue()


def test_a_terminal_stays_quiet_unless_it_asks(tmp_path: Path) -> None:
    """Without COACH_LOG only warnings; with it each request; a level may be named."""
    assert load_settings(tmp_path, {}).log_level == "WARNING"
    assert load_settings(tmp_path, {"COACH_LOG": "json"}).log_level == "INFO"
    asked = {"COACH_LOG": "text", "COACH_LOG_LEVEL": "error"}
    assert load_settings(tmp_path, asked).log_level == "ERROR"
    with pytest.raises(Misconfigured, match="COACH_LOG must be text or json, not 'xml'"):
        load_settings(tmp_path, {"COACH_LOG": "xml"})
