"""Whatever is sent, the server answers as it says it would, and never with its own failure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.server import private_server
from coach.settings import Settings

pytestmark = pytest.mark.slow

#: Fuzzed by checks of what was answered; a status that isn't in the description is a failure.
CHECKS = (
    "not_a_server_error,status_code_conformance,"
    "content_type_conformance,response_schema_conformance"
)
STRIDE = 32  # of the strings, which one field is sent
TOOL = Path(sys.executable).parent / "schemathesis"


@pytest.fixture(scope="module")
def url(copy_of_sample: Callable[[], Path]) -> Iterator[str]:
    with private_server(Settings(home=copy_of_sample())) as url:
        yield url


@pytest.mark.timeout(900)
def test_schemathesis_finds_nothing(url: str, tmp_path: Path) -> None:
    """Made-up requests to every route, by the description: no failure."""
    command = [
        *(
            str(TOOL),
            "run",
            f"{url}/openapi.json",
            "--checks",
            CHECKS,
            "--phases",
            "examples,fuzzing",
        ),
        *("--max-examples", "12", "--request-timeout", "60", "--seed", "7", "--no-color"),
        *("--exclude-path-regex", "^/v1/webhooks.*test$"),  # sends what it is told to the internet
        *("--suppress-health-check", "all", "--continue-on-failure"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]


def naughty() -> list[str]:
    folder = os.environ.get("COACH_EVAL_DATA")
    file = Path(folder or "") / "security" / "blns.json"
    if not folder or not file.is_file():
        pytest.skip("COACH_EVAL_DATA names no folder with security/blns.json")
    found: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def text_fields(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Method, path, a body that is taken, and the name of a field of text in it."""
    schemas = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, asked in methods.items():
            shown = asked.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = shown.get("schema", {})
            inner = next((o for o in schema.get("anyOf", ()) if "$ref" in o), schema)
            fields = schemas.get(inner.get("$ref", "").rpartition("/")[2], inner)
            for name, kind in fields.get("properties", {}).items():
                kinds = [kind, *kind.get("anyOf", ())]
                if any(one.get("type") in ("string", "array", "object") for one in kinds):
                    yield method, path, shown["example"], name


def text_parameters(described: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and name of each parameter of text in the query of a GET."""
    for path, methods in described["paths"].items():
        for one in methods.get("get", {}).get("parameters", ()):
            if one["in"] == "query":
                yield path, one["name"]


@pytest.mark.scale  # hundreds of strings through hundreds of fields: many minutes
@pytest.mark.timeout(3600)
def test_naughty_strings_through_every_text_field(url: str) -> None:
    """Each string through some fields, each field with some strings, all of them through search
    and turns: no answer of 500."""
    strings, broken, sent = naughty(), list[object](), 0
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:

        def send(method: str, path: str, note: object, **more: Any) -> None:
            nonlocal sent
            sent += 1
            answer = http.request(method, path, **more)
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE or not answer.is_server_error:
                return
            broken.append((method, path, note, answer.text[:300]))

        def in_body(method: str, path: str, body: dict[str, Any], field: str, text: str) -> None:
            content = json.dumps({**body, field: text})
            headers = {"Content-Type": "application/json"}
            send(method, path, (field, text), content=content, headers=headers)

        described = http.get("/openapi.json").json()
        session = http.post("/v1/sessions", json={"scenario": "interest"}).json()["id"]
        place = _places(session)
        for number, (method, path, body, field) in enumerate(text_fields(described)):
            for text in strings[number % STRIDE :: STRIDE]:
                in_body(method, place(path), body, field, text)
        for number, (path, name) in enumerate(text_parameters(described)):
            for text in strings[number % STRIDE :: STRIDE]:
                send("GET", place(path), (name, text), params={name: text})
        for text in strings:
            send("GET", "/v1/evidence", text, params={"q": text})
            send("GET", f"/v1/sessions/{quote(text, safe='')}", text)
            started = http.post("/v1/sessions", json={"scenario": "trust-unknown"}).json()["id"]
            in_body("POST", f"/v1/sessions/{started}/turns", {}, "text", text)
    print(f"{sent:,} requests with {len(strings)} naughty strings, {len(broken)} answers of 5xx")
    assert not broken, broken[:10]


def _places(session: str) -> Callable[[str], str]:
    def place(path: str) -> str:
        return re.sub(r"\{\w+\}", "1", path.replace("{session_id}", session))

    return place
