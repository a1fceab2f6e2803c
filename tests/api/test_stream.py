"""A turn as server-sent events: the same content as the one answer, as it happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.client import events
from coach.errors import Unavailable
from tests.fakes_service import FakeService

STREAM = {"Accept": "text/event-stream"}


def stream(client: TestClient, session: str, text: str = "Hello") -> list[tuple[str, Any]]:
    response = client.post(f"/v1/sessions/{session}/turns", json={"text": text}, headers=STREAM)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    ids = [line for line in response.text.splitlines() if line.startswith("id:")]
    found = list(events(response.text.splitlines()))
    assert len(ids) == len(set(ids)) == len(found)
    return found


def test_the_events_come_in_the_order_of_the_contract(client: TestClient, session: str) -> None:
    """The deltas make up the reply, and each event has an id of its own."""
    found = stream(client, session, "What about a pilot?")
    names = [name for name, _ in found]
    assert names == [
        "turn.created",
        *["reply.delta"] * 4,
        "reply.completed",
        "assessment",
        "turn.completed",
    ]
    content = dict(found)
    deltas = [told["text"] for name, told in found if name == "reply.delta"]
    assert "".join(deltas).strip() == content["reply.completed"]["turn"]["text"]
    assert content["turn.created"]["turn"]["text"] == "What about a pilot?"
    assert content["assessment"]["tip"] == "Ask one more question."
    assert content["turn.completed"] == {"session": {"id": session, "status": "won"}}


def test_the_stream_holds_the_same_as_the_answer(client: TestClient, session: str) -> None:
    """Field for field."""
    other = client.post("/v1/sessions", json={"scenario": "trust-unknown"}).json()["id"]
    answer = client.post(f"/v1/sessions/{other}/turns", json={"text": "Hello"}).json()
    content = dict(stream(client, session))
    assert content["reply.completed"]["turn"] == answer["buyer"]
    assert content["assessment"] == answer["assessment"]
    assert content["turn.completed"]["session"]["status"] == answer["session"]["status"]


def test_withdrawn_words_are_announced(
    client: TestClient, service: FakeService, session: str
) -> None:
    """After reply.reset the earlier deltas are void, and the note says why."""
    service.note = "The model failed."
    found = stream(client, session)
    assert ("reply.reset", {"note": "The model failed."}) in found
    assert dict(found)["reply.completed"]["turn"]["note"] == "The model failed."


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable("try again"), 503), (ZeroDivisionError("/secret"), 500)]
)
def test_a_turn_that_breaks_ends_with_an_error(
    client: TestClient, service: FakeService, session: str, error: Exception, status: int
) -> None:
    """The event holds the problem; as one answer it is a problem too."""
    service.breaks = error
    name, told = stream(client, session)[-1]
    assert name == "error"
    assert told["status"] == status
    assert told["instance"] == f"/v1/sessions/{session}/turns"
    assert "secret" not in json.dumps(told)
    answer = client.post(f"/v1/sessions/{session}/turns", json={"text": "Hello"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_wrong_before_the_stream_is_a_plain_problem(
    client: TestClient, session: str
) -> None:
    """No stream begins for a session that isn't there or a text that can't be taken."""
    missing = client.post("/v1/sessions/none/turns", json={"text": "a"}, headers=STREAM)
    assert missing.status_code == 404
    empty = client.post(f"/v1/sessions/{session}/turns", json={"text": " "}, headers=STREAM)
    assert empty.status_code == 422
    assert empty.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "text",
    ["data: x\n\nevent: error\ndata: {}\n\n", "a\rb\r\nc", "line\u2028separator \u0085", "😀 é"],
)
def test_text_cannot_forge_an_event(
    client: TestClient, service: FakeService, session: str, text: str
) -> None:
    """Whatever is typed or spoken comes back as text."""
    service.reply = text.replace(" ", "_")
    found = stream(client, session, text)
    assert [name for name, _ in found].count("error") == 0
    assert dict(found)["turn.created"]["turn"]["text"] == text
    assert dict(found)["reply.completed"]["turn"]["text"] == service.reply


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("application/json, text/event-stream;q=0.9", True),
        ("*/*", False),
        ("application/json", False),
    ],
)
def test_the_accept_header_chooses(
    client: TestClient, session: str, accept: str, is_stream: bool
) -> None:
    """Who doesn't ask for a stream by name gets one answer."""
    url = f"/v1/sessions/{session}/turns"
    response = client.post(url, json={"text": "Hello"}, headers={"Accept": accept})
    assert ("event-stream" in response.headers["content-type"]) is is_stream
