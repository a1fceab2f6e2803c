"""Suggestions, claims and evidence over HTTP."""

from __future__ import annotations

from dataclasses import fields

import pytest
from fastapi.testclient import TestClient

from coach.suggestion import Situation
from knowledge.evidence import TEXT_FIELDS, Filters, Kind, Peer
from tests.canned import ITEM, QUOTE
from tests.fakes_service import FakeService


def test_suggestions_carry_their_proof(client: TestClient, service: FakeService) -> None:
    """Every cited quote stands at its span in the full text of the item."""
    context = {"sector": "healthcare", "region": "Nordics", "competitor": "P", "customer_size": 9}
    given = {"objection": "Who are you?", "context": context, "count": 2}
    body = client.post("/v1/suggestions", json=given).json()
    assert service.asked == [("Who are you?", Situation("healthcare", "Nordics", "P", 9), 2)]
    guess = {"type": "unknown", "scenario": "trust-unknown", "confidence": 0.8, "sure": True}
    assert body["objection"] == {**guess, "alternatives": [], "says": "This is about unknown."}
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
    narrowed = Filters(kinds, None, "Nordics", None)
    assert service.asked == [("outage", narrowed, 3, None, None)]
    client.get("/v1/evidence?q=%20")
    assert service.asked[-1] == (None, Filters(), 20, None, None)


def test_every_filter_of_a_search_can_be_asked_for(
    client: TestClient, service: FakeService
) -> None:
    """Text, choices, ranges and days; what a form leaves empty means any."""
    wanted = {
        **dict.fromkeys(TEXT_FIELDS, "x"),
        "truth": "false",
        "advantage": "them",
        "visibility": "internal",
        "label": "assumption",
        "size_from": 10,
        "size_to": 10,
        "as_of_from": "2026-01-01",
        "as_of_to": "2026-01-01",
        "stale": "true",
        "quotable": "true",
        "peer_sector": "retail",
        "peer_region": "DACH",
        "peer_size": 300,
    }
    assert client.get("/v1/evidence", params={"q": "a", **wanted}).status_code == 200
    _, filters, _, near, _ = service.asked[-1]  # type: ignore[misc]
    asked = {f.name for f in fields(filters) if getattr(filters, f.name)}
    assert asked == {f.name for f in fields(Filters)} - {"kinds", "current_on"}
    assert near == Peer("retail", "DACH", 300)
    client.get("/v1/evidence", params={"q": "a", "stale": "false", "quotable": "false"})
    _, filters, *_ = service.asked[-1]  # type: ignore[misc]
    assert (filters.stale_on, filters.quotable_on) == (None, None)
    assert filters.current_on is not None
    client.get("/v1/evidence", params={"q": "a", **dict.fromkeys(wanted, "")})
    assert service.asked[-1] == ("a", Filters(), 20, None, None)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("as_of_from=2026-02-01&as_of_to=2026-01-31", "as_of_to: is before as_of_from"),
        ("size_from=50&size_to=49", "size_to: is less than size_from"),
        ("kind=story", "case_study"),
        ("truth=maybe", "true"),
        ("as_of_from=yesterday", "as_of_from"),
        ("size_from=-1", "size_from"),
        ("size_to=many", "size_to"),
        ("peer_size=0", "peer_size"),
        ("stale=perhaps", "stale"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("sectr=retail", "sectr"),
        ("q=a&cursor=aXRlbSBh", "raise `limit`"),
        ("cursor=MSAyIDM", "next_cursor"),
    ],
)
def test_a_faulty_filter_is_refused(coach: TestClient, query: str, told: str) -> None:
    """With what to do about it; a misspelt one isn't passed over."""
    answer = coach.get(f"/v1/evidence?{query}")
    assert answer.status_code == 422, answer.text
    assert told in answer.json()["detail"]


def test_a_listing_comes_in_pages(coach: TestClient) -> None:
    """By id, each item once, the last page full or not; only a full one leads on."""
    ids: list[str] = []
    cursor = None
    while True:
        query = {"kind": "competitive_fact", "limit": 16, **({"cursor": cursor} if cursor else {})}
        page = coach.get("/v1/evidence", params=query).json()
        ids += [item["evidence_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(ids) > 32
    assert ids == sorted(set(ids))


def test_a_missing_peer_is_told(coach: TestClient) -> None:
    """Peers come first; where none is there the answer says so and gives what there is."""
    known = {"q": "missed calls", "kind": "case_study", "peer_sector": "Healthcare"}
    found = coach.get("/v1/evidence", params=known).json()
    assert "warning" not in found
    assert found["items"][0]["sector"] == "healthcare"
    assert "same sector" in found["items"][0]["why"]
    odd = coach.get("/v1/evidence", params={**known, "peer_sector": "mining"}).json()
    assert odd["warning"].startswith("no reference from the sector mining was found")
    assert odd["items"]


def test_an_item_is_found_by_any_id(client: TestClient) -> None:
    """Ids from files may hold slashes and spaces."""
    body = client.get("/v1/evidence/case/nordhavn%201").json()
    assert body["text"] == ITEM.text
    assert client.get("/v1/evidence/case%2Fnordhavn%201").json() == body
    assert client.get("/v1/evidence/none").status_code == 404
