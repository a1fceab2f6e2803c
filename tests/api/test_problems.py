"""Whatever goes wrong is a problem (RFC 9457) that says what to do, and nothing of our insides."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient

from coach.errors import BadInput, Conflict, ModelFailed, NotFound, Refused, Unavailable
from knowledge.errors import IndexBroken, IndexInUse, UnreadableFile
from tests.fakes_service import FakeService


def problem(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status, response.text  # type: ignore[attr-defined]
    assert response.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body: dict[str, object] = json.loads(response.content)  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail", "instance"} <= body.keys()
    assert body["status"] == status
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (BadInput("write less"), 422, "bad-input"),
        (NotFound("no such session"), 404, "not-found"),
        (Conflict("it has ended"), 409, "conflict"),
        (Refused("not yours"), 403, "refused"),
        (Unavailable("try again"), 503, "unavailable"),
        (ModelFailed("no answer"), 503, "model-failed"),
        (UnreadableFile("x.csv line 3"), 422, "bad-input"),
    ],
)
def test_each_error_of_the_domain_has_its_status(
    client: TestClient, service: FakeService, session: str, error: Exception, status: int, word: str
) -> None:
    """The status follows from the kind of error, the detail is its message."""
    service.fails = error
    body = problem(client.get(f"/v1/sessions/{session}?a=b"), status)
    assert body["type"] == f"urn:coach:problem:{word}"
    assert body["detail"] == str(error)
    assert body["instance"] == f"/v1/sessions/{session}"


@pytest.mark.parametrize("kind", [IndexInUse, IndexBroken])
def test_a_message_with_a_folder_in_it_stays_in_the_log(
    client: TestClient,
    service: FakeService,
    session: str,
    kind: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who asks over HTTP learns that the index fails, not where it lies."""
    service.fails = kind("another process holds /home/me/.coach/index")
    response = client.get(f"/v1/sessions/{session}")
    problem(response, 503)
    assert "/home/me" not in response.text
    assert "/home/me" in caplog.text


def test_an_unexpected_error_tells_nothing_but_is_logged(
    client: TestClient, service: FakeService, session: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is 500 with safe headers; the stack trace is in the log."""
    service.fails = ZeroDivisionError("/usr/lib/secret.py")
    with caplog.at_level(logging.ERROR, "api"):
        response = client.get(f"/v1/sessions/{session}")
    problem(response, 500)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivisionError" in caplog.text


def test_unknown_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    """404 and 405 come as problems, the latter with the methods that are allowed."""
    problem(client.get("/v1/nothing"), 404)
    refused = client.put("/v1/sessions")
    problem(refused, 405)
    assert refused.headers["allow"]
    problem(client.get("/v1/sessions/none"), 404)
    problem(client.get("/v1/sessions/" + "x" * 300), 404)
    problem(client.get("/v1/sessions/%00"), 404)
    problem(client.get("/v1/scenarios/%ED%A0%80"), 404)


def test_a_faulty_field_is_named(client: TestClient) -> None:
    """422 lists each fault with where it is; the first stands in the detail."""
    body = problem(client.post("/v1/sessions", json={"difficulty": "brutal", "x": 1}), 422)
    errors = body["errors"]
    assert isinstance(errors, list)
    assert {tuple(error["loc"]) for error in errors} == {
        ("body", "scenario"),
        ("body", "difficulty"),
        ("body", "x"),
    }
    assert all(error.keys() == {"loc", "msg"} for error in errors)
    assert str(body["detail"]).startswith("scenario: ")
    problem(client.get("/v1/evidence?limit=0"), 422)
    problem(client.get("/v1/evidence?kind=gossip"), 422)
    problem(client.get("/v1/scenarios?kind=other"), 422)


@pytest.mark.parametrize(
    "content", [b"{", b"", b"\xff\xfe", b"[" * 5000, b'{"text": "a', b"9" * 5000]
)
def test_bad_json_is_a_problem(client: TestClient, session: str, content: bytes) -> None:
    """What can't be read as JSON is refused, never a crash."""
    response = client.post(
        f"/v1/sessions/{session}/turns",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    problem(response, 422 if not content else 400)


def test_a_body_that_is_not_json_is_told_so(client: TestClient, session: str) -> None:
    """A form from elsewhere doesn't become a turn."""
    url = f"/v1/sessions/{session}/turns"
    problem(client.post(url, content=b'{"text": "a"}', headers={"Content-Type": "text/plain"}), 415)
    problem(client.post(url, data={"text": "a"}), 415)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff"])
def test_text_that_is_not_text_is_refused(client: TestClient, session: str, text: str) -> None:
    """NUL and half surrogates are named, and don't break the answer."""
    body = json.dumps({"text": text}).encode()
    headers = {"Content-Type": "application/json"}
    told = problem(client.post(f"/v1/sessions/{session}/turns", content=body, headers=headers), 422)
    assert "character" in str(told["detail"]) or "Unicode" in str(told["detail"])
    problem(client.get("/v1/evidence?q=%00"), 422)


def test_the_length_of_a_reply_has_one_message(client: TestClient, session: str) -> None:
    """Empty, blank and too long are all answered by the service's own words."""
    for text in ("", "  \n", "x" * 8001, "x" * 90_000):
        body = problem(client.post(f"/v1/sessions/{session}/turns", json={"text": text}), 422)
        assert body["detail"] == "write between 1 and 8,000 characters"


def test_a_body_over_256_kb_is_refused(client: TestClient, session: str) -> None:
    """With or without a declared length."""
    url = f"/v1/sessions/{session}/turns"
    problem(client.post(url, content=b"x" * 300_000), 413)
    problem(client.post(url, content=iter([b"x" * 100_000] * 3)), 413)
    problem(client.post(url, content=b"x" * 9_000_000), 413)
    assert client.get(f"/v1/sessions/{session}").json()["turn_count"] == 1


def test_a_request_id_is_echoed_or_made(client: TestClient) -> None:
    """One that could split a header or flood the log is replaced."""
    assert (
        client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    )
    made = client.get("/healthz", headers={"X-Request-Id": "a b<>" * 50}).headers["x-request-id"]
    assert made.isalnum()
