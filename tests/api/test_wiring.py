"""The real parts put together behind the real door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.client import events, open_client
from api.wiring import build_service
from coach.settings import Settings
from tests.api.conftest import HERE


@pytest.fixture(scope="module")
def coach(copy_of_sample: Callable[[], Path]) -> Iterator[TestClient]:
    """The application as it is served, on the sample knowledge base."""
    home = copy_of_sample()
    app = create_app(lambda: build_service(Settings(home=home)))
    with TestClient(app, base_url=HERE) as client:
        yield client


def assert_verbatim(coach: TestClient, cited: dict[str, Any], evidence_id: str) -> None:
    full = coach.get(f"/v1/evidence/{evidence_id}").json()["text"]
    start, end = cited["span"]
    assert full[start:end] == cited["quote"] != ""


def test_the_coach_is_ready_with_its_sample(coach: TestClient) -> None:
    """Without a key, an account or a network."""
    assert coach.get("/readyz").json()["status"] == "ready"
    assert len(coach.get("/v1/evidence?limit=200").json()["items"]) > 70
    assert coach.get("/v1/evidence?q=outage&kind=rumour").json()["items"]
    assert len(coach.get("/v1/scenarios?kind=tactical").json()["items"]) == 7
    assert len(coach.get("/v1/scenarios?kind=strategic").json()["items"]) >= 4


def test_a_whole_session_over_http(coach: TestClient) -> None:
    """Start, a turn as an answer, one as a stream, hints, the end, the debrief, the transcript."""
    started = coach.post("/v1/sessions", json={"scenario": "trust-unknown", "seed": 1}).json()
    assert started["engine"]["voice"] == "embedded"
    url = f"/v1/sessions/{started['id']}"
    text = "That is fair, you haven't met us. What would you need to see before you trusted us?"
    answer = coach.post(f"{url}/turns", json={"text": text}).json()
    for check in answer["assessment"]["checks"]:
        start, end = check["span"]
        assert answer["seller"]["text"][start:end] == check["quote"]
    assert 0 < len(answer["assessment"]["tip"]) <= 200
    stream = coach.post(
        f"{url}/turns",
        json={"text": "Our customers keep a 99.99% uptime and pay nothing for the pilot."},
        headers={"Accept": "text/event-stream"},
    )
    told = dict(events(stream.text.splitlines()))
    assert told["turn.completed"]["session"]["id"] == started["id"]
    for claim in told["assessment"]["claims"]:
        for cited in claim["evidence"]:
            assert_verbatim(coach, cited, cited["id"])
    assert [coach.post(f"{url}/hint").json()["level"] for _ in range(3)] == [1, 2, 3]
    debrief = coach.post(f"{url}/end").json()
    assert debrief == coach.get(f"{url}/debrief").json()
    assert debrief["hints_used"] == 3
    assert coach.post(f"{url}/turns", json={"text": "One more?"}).status_code == 409
    session = coach.get(url).json()
    assert [turn["index"] for turn in session["turns"]] == [0, 1, 2, 3, 4]
    assert session["turns"][1]["assessment"] == answer["assessment"]
    for form in ("md", "csv", "html"):
        assert "99.99%" in coach.get(f"{url}/transcript?format={form}").text
    assert coach.delete(url).status_code == 204


def test_suggestions_are_cited_word_for_word(coach: TestClient) -> None:
    """Every claim of every suggestion stands at its span."""
    given = {"objection": "We have worked with Meridant for ten years.", "count": 3}
    advice = coach.post("/v1/suggestions", json=given).json()
    assert advice["objection"]["scenario"] == "incumbent-competitor"
    assert len(advice["suggestions"]) == 3
    for suggestion in advice["suggestions"]:
        for claim in suggestion["claims"]:
            assert_verbatim(coach, claim, claim["evidence_id"])


def test_what_is_not_clear_is_asked_back(coach: TestClient) -> None:
    """The answer says so, names what it may be, and suggests the question that settles it."""
    advice = coach.post("/v1/suggestions", json={"objection": "I have to think about it."}).json()
    guess = advice["objection"]
    assert guess["sure"] is False
    assert guess["says"].startswith("Not sure: this may be about ")
    assert all(r.keys() == {"type", "scenario", "confidence"} for r in guess["alternatives"])
    assert guess["alternatives"]
    (only,) = advice["suggestions"]
    assert only["question"] in only["text"]


@pytest.mark.parametrize(
    "text",
    ["", " \n", "x" * 8001, "a\x00b", "<script>alert(1)</script>", "\u202e\u0000", "كيف حالك"],
)
def test_bad_text_is_a_problem_or_a_reply_in_role(coach: TestClient, text: str) -> None:
    """Never a crash."""
    session = coach.post("/v1/sessions", json={"scenario": "interest"}).json()["id"]
    response = coach.post(f"/v1/sessions/{session}/turns", json={"text": text})
    assert response.status_code in (200, 422)
    for path, field in (("/v1/suggestions", "objection"), ("/v1/claims/check", "text")):
        assert coach.post(path, json={field: text}).status_code in (200, 422)


@pytest.mark.slow
def test_a_command_of_its_own_finds_what_was_stored(copy_of_sample: Callable[[], Path]) -> None:
    """Two commands, one after the other, on the same home: the session is there again."""
    settings = Settings(home=copy_of_sample())
    with open_client(settings) as client:
        session = client.post("/v1/sessions", {"scenario": "interest"})["id"]
        assert [name for name, _ in client.take_turn(session, "What made you ask?")][-1] == (
            "turn.completed"
        )
    with open_client(settings) as client:
        assert client.get(f"/v1/sessions/{session}")["turn_count"] == 3
