"""The contract of scenarios and sessions over HTTP, field by field."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.canned import SECRET
from tests.fakes_service import FakeService

SESSION_FIELDS = {
    "id",
    "scenario",
    "difficulty",
    "seed",
    "status",
    "parent",
    "engine",
    "turns",
    "created_at",
    "persona",
}


def test_scenarios_tell_a_rep_nothing_hidden(client: TestClient) -> None:
    """Concerns, needs and lines stay out; the opening is what the persona would say."""
    response = client.get("/v1/scenarios")
    body = response.json()
    assert body["next_cursor"] is None
    (one,) = body["items"]
    assert one == client.get("/v1/scenarios/trust-unknown").json()
    assert SECRET not in response.text
    assert not {"concerns", "needs", "facts", "lines", "next_step"} & one.keys()
    assert one["opening"] == "I am Ingrid. Who is Corvane?"
    assert one["persona"]["name"] == "Ingrid"
    assert [p["id"] for p in one["personas"]] == ["ingrid", "tobias"]
    assert one["rubric"][0].keys() == {"id", "question"}
    assert client.get("/v1/scenarios?kind=strategic").json()["items"] == []
    assert client.get("/v1/scenarios/none").status_code == 404


def test_a_session_has_the_fields_of_the_contract(client: TestClient) -> None:
    """Times are RFC 3339 in UTC; what isn't known yet is null or left out as the contract says."""
    response = client.post(
        "/v1/sessions",
        json={"scenario": "trust-unknown", "difficulty": "hard", "persona": "tobias", "seed": 3},
    )
    assert response.status_code == 201
    body = response.json()
    assert body.keys() >= SESSION_FIELDS
    assert (body["difficulty"], body["persona"], body["seed"]) == ("hard", "tobias", 3)
    assert body["created_at"] == "2026-11-23T09:30:01Z"
    assert body["parent"] is None
    assert body["engine"] == {"voice": "embedded", "judge": "embedded", "embedding": "minilm"}
    (opening,) = body["turns"]
    assert opening == {
        "index": 0,
        "speaker": "buyer",
        "text": "Who are you?",
        "at": "2026-11-23T09:30:00Z",
        "act": "open",
    }
    assert client.get(response.headers["location"]).json() == body


def test_sessions_are_listed_in_pages_and_deleted(client: TestClient) -> None:
    """Newest first; a deleted one is gone."""
    for _ in range(3):
        client.post("/v1/sessions", json={"scenario": "trust-unknown"})
    first = client.get("/v1/sessions?limit=2").json()
    assert [s["id"] for s in first["items"]] == ["s3", "s2"]
    rest = client.get("/v1/sessions", params={"cursor": first["next_cursor"]}).json()
    assert [s["id"] for s in rest["items"]] == ["s1"]
    assert rest["next_cursor"] is None
    assert rest["items"][0]["turns"] == []
    gone = client.delete("/v1/sessions/s2")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get("/v1/sessions/s2").status_code == 404
    assert client.delete("/v1/sessions/s2").status_code == 404


def test_a_turn_as_one_answer(client: TestClient, session: str) -> None:
    """Both turns, the assessment and the session's status."""
    body = client.post(f"/v1/sessions/{session}/turns", json={"text": "We offer a pilot."}).json()
    assert body["seller"]["text"] == "We offer a pilot."
    assert (body["seller"]["index"], body["buyer"]["index"]) == (1, 2)
    assert body["buyer"]["act"] == "press"
    assert "assessment" not in body["buyer"]
    assert "note" not in body["buyer"]
    assert body["session"] == {"id": session, "status": "won"}
    assessment = body["assessment"]
    assert assessment == body["seller"]["assessment"]
    assert assessment.keys() == {"scored", "moves", "checks", "claims", "tip", "rubrics"}
    (check,) = assessment["checks"]
    assert check["verdict"] == "yes"
    start, end = check["span"]
    assert body["seller"]["text"][start:end] == check["quote"]
    (claim,) = assessment["claims"]
    assert claim["evidence"][0].keys() == {"id", "quote", "span"}
    again = client.post(f"/v1/sessions/{session}/turns", json={"text": "More?"})
    assert again.status_code == 409


def test_a_note_is_shown_where_a_model_failed(
    client: TestClient, service: FakeService, session: str
) -> None:
    """The rep sees which engine spoke."""
    service.note = "The model failed; the embedded engine answers."
    body = client.post(f"/v1/sessions/{session}/turns", json={"text": "Hello"}).json()
    assert body["buyer"]["note"] == service.note


def test_hints_grow_and_may_be_asked_by_level(client: TestClient, session: str) -> None:
    """With or without a body; suggestions only at level 3."""
    url = f"/v1/sessions/{session}/hint"
    assert client.post(url).json() == {"level": 1, "text": "What worries them? (1)"}
    assert client.post(url, json={}).json()["level"] == 2
    full = client.post(url, json={"level": 3}).json()
    assert full["suggestions"][0]["claims"][0]["evidence_id"] == "case/nordhavn 1"
    for wrong in (0, 4, "2", True, 1.5):
        assert client.post(url, json={"level": wrong}).status_code == 422


def test_ending_gives_the_debrief_and_so_does_asking_again(
    client: TestClient, session: str
) -> None:
    """Before the end there is none."""
    assert client.get(f"/v1/sessions/{session}/debrief").status_code == 409
    ended = client.post(f"/v1/sessions/{session}/end").json()
    assert ended == client.get(f"/v1/sessions/{session}/debrief").json()
    assert ended["outcome"] == "ended"
    assert ended["score"] is None
    assert ended["buyer"]["concerns"][0]["card"] == SECRET
    assert ended["what_if"] == [{"turn": 1, "suggestion": "Ask first."}]


@pytest.mark.parametrize("seed", [-1, 2**31, "3", True, 1.5, float("1e300")])
def test_a_seed_is_a_small_whole_number(client: TestClient, seed: object) -> None:
    """Anything else is refused rather than guessed at."""
    given = {"scenario": "trust-unknown", "seed": seed}
    assert client.post("/v1/sessions", json=given).status_code == 422


def test_health_and_readiness(client: TestClient, service: FakeService) -> None:
    """Alive is not ready; what isn't ready says which part."""
    assert client.get("/healthz").json()["status"] == "ok"
    ready = client.get("/readyz")
    parts = {"store": "ok", "index": "ok", "embedding": "ok", "model": "embedded"}
    assert ready.json() == {"status": "ready", **parts}
    service.ready = False
    not_ready = client.get("/readyz")
    assert not_ready.status_code == 503
    assert not_ready.headers["content-type"] == "application/problem+json"
    assert not_ready.json()["index"] == "is being built"
