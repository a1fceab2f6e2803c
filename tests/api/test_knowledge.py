"""Suggestions, claims and evidence over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from coach.suggestion import Situation
from knowledge.evidence import Filters, Kind
from tests.canned import ITEM, QUOTE
from tests.fakes_service import FakeService


def test_suggestions_carry_their_proof(client: TestClient, service: FakeService) -> None:
    """Every cited quote stands at its span in the full text of the item."""
    context = {"sector": "healthcare", "region": "Nordics", "competitor": "P", "customer_size": 9}
    given = {"objection": "Who are you?", "context": context, "count": 2}
    body = client.post("/v1/suggestions", json=given).json()
    assert service.asked == [("Who are you?", Situation("healthcare", "Nordics", "P", 9), 2)]
    assert body["objection"] == {"type": "unknown", "scenario": "trust-unknown", "confidence": 0.8}
    assert body["gaps"] == ["audit"]
    (one,) = body["suggestions"]
    assert one.keys() == {"style", "text", "claims", "question", "next_step"}
    (claim,) = one["claims"]
    full = client.get(f"/v1/evidence/{claim['evidence_id']}").json()["text"]
    start, end = claim["span"]
    assert full[start:end] == claim["quote"] == QUOTE
    assert body["evidence"][0]["text"] == QUOTE


@pytest.mark.parametrize(
    "wrong",
    [{}, {"objection": 3}, {"objection": "a", "count": 4}, {"objection": "a", "context": {"x": 1}}],
)
def test_a_faulty_request_for_suggestions_is_refused(
    client: TestClient, wrong: dict[str, object]
) -> None:
    """With a problem, not with a guess."""
    assert client.post("/v1/suggestions", json=wrong).status_code == 422


def test_claims_are_checked_without_a_session(client: TestClient) -> None:
    """Each sentence with its status and its proof."""
    body = client.post("/v1/claims/check", json={"text": "It works."}).json()
    (claim,) = body["claims"]
    assert claim.keys() == {"text", "span", "status", "evidence", "note"}
    assert claim["status"] == "supported"


def test_a_passage_has_the_fields_of_the_contract(client: TestClient) -> None:
    """Dates are dates, what is past its date is stale, a rumour says how to handle it."""
    case, rumour = client.get("/v1/evidence").json()["items"]
    assert case.keys() >= {
        "evidence_id",
        "kind",
        "title",
        "text",
        "score",
        "sector",
        "region",
        "competitor",
        "customer",
        "source",
        "as_of",
        "valid_until",
        "stale",
    }
    assert (case["evidence_id"], case["valid_until"], case["stale"]) == (
        ITEM.id,
        "2025-05-14",
        True,
    )
    assert "truth" not in case
    assert (rumour["truth"], rumour["position"]) == ("true", "Own it, say what changed.")
    assert rumour["stale"] is False


def test_a_search_is_narrowed(client: TestClient, service: FakeService) -> None:
    """By kind (more than one), sector, region and competitor; without q it is a listing."""
    url = "/v1/evidence?q=outage&kind=rumour&kind=testimonial&sector=&region=Nordics&limit=3"
    assert client.get(url).json() == {"items": [], "next_cursor": None}
    kinds = (Kind.RUMOUR, Kind.TESTIMONIAL)
    assert service.asked == [("outage", Filters(kinds, None, "Nordics", None), 3)]
    client.get("/v1/evidence?q=%20")
    assert service.asked[-1] == (None, Filters(), 20)


def test_an_item_is_found_by_any_id(client: TestClient) -> None:
    """Ids from files may hold slashes and spaces."""
    body = client.get("/v1/evidence/case/nordhavn%201").json()
    assert body["text"] == ITEM.text
    assert client.get("/v1/evidence/case%2Fnordhavn%201").json() == body
    assert client.get("/v1/evidence/none").status_code == 404
