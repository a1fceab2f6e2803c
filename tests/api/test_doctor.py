"""`coach doctor` looks at the real parts and says what to do about each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from api.doctor import Verdict, as_record, examine
from coach.settings import Settings


def findings(settings: Settings) -> dict[str, tuple[Verdict, str]]:
    return {f.name: (f.verdict, f"{f.says} {f.todo}") for f in examine(settings)}


class Models(BaseHTTPRequestHandler):
    """A model server that wants a key."""

    def do_GET(self) -> None:
        is_allowed = self.headers.get("Authorization") == "Bearer sk-right"
        self.send_response(200 if is_allowed and self.path == "/v1/models" else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def model_url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Models) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_fresh_home_is_well_and_says_what_comes_next(tmp_path: Path) -> None:
    """Nothing is broken: the index is empty so far, and no model is needed."""
    found = findings(Settings(home=tmp_path / "new"))
    assert {verdict for verdict, _ in found.values()} == {Verdict.OK, Verdict.MISSING}
    assert found["index"][0] is Verdict.MISSING
    assert "coach ingest" in found["index"][1]
    assert "OPENAI_API_KEY" in found["model"][1]


def test_each_broken_part_is_named_with_its_remedy(tmp_path: Path) -> None:
    """One illness doesn't hide another."""
    (tmp_path / "file").write_text("")
    settings = Settings(home=tmp_path / "file" / "home", model_url="http://me:pw@127.0.0.1:9/v1")
    found = findings(settings)
    broken = {name for name, (verdict, _) in found.items() if verdict is Verdict.BROKEN}
    assert broken == {"home", "database", "index", "model"}
    assert "--home" in found["home"][1]
    assert "pw" not in found["model"][1]
    assert not as_record(settings, examine(settings))["ok"]


def test_the_model_is_asked_whether_it_takes_the_key(tmp_path: Path, model_url: str) -> None:
    """The key itself is never shown."""
    for key, verdict in (("sk-right", Verdict.OK), ("sk-wrong", Verdict.BROKEN)):
        settings = Settings(home=tmp_path, model_url=model_url, openai_api_key=key)
        assert findings(settings)["model"][0] is verdict
        assert key not in json.dumps(as_record(settings, examine(settings)))
    lost = Settings(home=tmp_path, model_url=f"{model_url}/lost", openai_api_key="sk-right")
    assert findings(lost)["model"][0] is Verdict.BROKEN
