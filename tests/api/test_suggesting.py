"""Live help: heard at once, then one reply after the other, over HTTP and in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.assisting import LiveCall
from api.client import ApiClient, events
from coach.errors import Unavailable
from coach.settings import Settings
from coach.suggestion import Situation
from tests.fakes_service import FakeService

STREAM = {"Accept": "text/event-stream"}


def stream(client: TestClient, **given: Any) -> list[tuple[str, Any]]:
    body = {"objection": "Who are you?", **given}
    response = client.post("/v1/suggestions", json=body, headers=STREAM)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    found = list(events(response.text.splitlines()))
    ids = [line for line in response.text.splitlines() if line.startswith("id:")]
    assert len(set(ids)) == len(found)
    return found


def test_what_was_recognised_comes_before_the_replies(client: TestClient) -> None:
    """Then each reply, and what is left; together they are the one answer, field for field."""
    whole = client.post("/v1/suggestions", json={"objection": "Who are you?"}).json()
    found = stream(client)
    assert [name for name, _ in found] == ["objection", "suggestion", "advice"]
    (_, objection), (_, suggestion), (_, rest) = found
    assert {"objection": objection, "suggestions": [suggestion], **rest} == whole
    assert whole["warning"] == "all from elsewhere"


def test_a_failure_after_the_first_event_is_told_as_one(
    client: TestClient, service: FakeService
) -> None:
    """What was recognised stands; the error says what to do."""
    service.live.breaks = Unavailable("the index is being built; ask again")  # type: ignore[attr-defined]
    (_, objection), (name, problem) = stream(client)
    assert objection["type"] == "unknown"
    assert (name, problem["status"]) == ("error", 503)
    assert problem["detail"] == "the index is being built; ask again"


@pytest.mark.parametrize("wrong", [{"count": 0}, {"context": {"age": 3}}, {"objection": 3}])
def test_a_faulty_request_gets_a_problem_and_no_stream(
    client: TestClient, wrong: dict[str, Any]
) -> None:
    """Whatever the client accepts."""
    refused = client.post("/v1/suggestions", json={"objection": "Who?", **wrong}, headers=STREAM)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_form_takes_the_customers_size(client: TestClient, service: FakeService) -> None:
    """A number of employees; anything else is told beside the form."""
    given = {"objection": "Who are you?", "sector": "retail", "customer_size": "400"}
    page = client.post("/assist", data=given)
    assert page.status_code == 200
    assert service.asked[-1] == ("Who are you?", Situation("retail", customer_size=400), 3)
    assert "Before you name a customer: all from elsewhere." in page.text
    for wrong in ("many", "0", "٣", "99999999999"):
        refused = client.post("/assist", data={**given, "customer_size": wrong})
        assert refused.status_code == 422
        assert "the size is a number of employees, for example 400" in refused.text


def test_a_call_is_followed_line_by_line(
    copy_of_sample: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real coach: who the customer is stays known, small talk is told quietly."""
    home: Path = copy_of_sample()
    lines = iter(
        [
            "/sector healthcare",
            "/size many",
            "We've worked with Meridant for ten years.",
            "Shall we meet at the station at nine?",
            "/who",
            "/quit",
        ]
    )
    monkeypatch.setattr("api.assisting.read_line", lambda _: next(lines))
    with ApiClient(Settings(home=home)) as client:
        LiveCall(client, {}).run()
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("The customer: sector healthcare.") == 2
    assert "The size is a number of employees" in told
    assert told.index("This is about what is in place today.") < told.index("acknowledge and ask")
    assert "proof [" in told
    assert told.count("concise") == 1  # none for the station
    assert "No objection." in told
