"""Objections that met no evidence, over HTTP and from the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.governing import show_gaps
from tests.api.conftest import Run

URL = "/v1/evidence/gaps"
OBJECTION = "I've never heard of you."


def met(client: TestClient, sector: str, times: int = 1, **more: str) -> None:
    context = {"sector": sector}
    for _ in range(times):
        given = {"objection": OBJECTION, "context": context, **more}
        assert client.post("/v1/suggestions", json=given).status_code == 200


@pytest.fixture
def clean(coach: TestClient) -> Iterator[TestClient]:
    """The application as it is served, with no gaps before and after."""
    forget_gaps(coach)
    yield coach
    forget_gaps(coach)


def forget_gaps(coach: TestClient) -> None:
    for gap in coach.get(URL, params={"limit": 200}).json()["items"]:
        assert coach.delete(f"{URL}/{gap['id']}").status_code == 204


@pytest.mark.slow
def test_gaps_are_listed_most_frequent_first(clean: TestClient) -> None:
    """Each with its counts, its words, and what to write."""
    met(clean, "mining")
    met(clean, "shipping", 2)
    body = clean.get(URL).json()
    assert [(gap["sector"], gap["live"]) for gap in body["items"]] == [
        ("shipping", 2),
        ("mining", 1),
    ]
    first = body["items"][0]
    assert first.keys() == {
        *("id", "lack", "says", "objection", "topic", "competitor", "sector", "live", "practice"),
        *("first_seen", "last_seen", "examples", "covered", "write"),
    }
    assert (first["lack"], first["write"], first["covered"]) == ("reference", "case_study", False)
    assert first["examples"] == [{"words": OBJECTION, "met": "live"}]
    assert first["last_seen"].endswith("Z")


def test_what_is_still_being_typed_isnt_there_yet(clean: TestClient) -> None:
    """Only when it stands still."""
    met(clean, "mining", draft="page-1")
    assert clean.get(URL).json() == {"items": [], "next_cursor": None}


def test_a_list_is_narrowed_and_paged(clean: TestClient) -> None:
    """By sector and where it was met; a page leads to the next."""
    for sector in ("mining", "shipping", "energy"):
        met(clean, sector)
    assert len(clean.get(URL, params={"sector": "MINING"}).json()["items"]) == 1
    assert clean.get(URL, params={"met": "practice"}).json()["items"] == []
    page = clean.get(URL, params={"limit": 2}).json()
    rest = clean.get(URL, params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert clean.get(URL, params={"cursor": "x"}).status_code == 422
    assert clean.get(URL, params={"met": "dreams"}).status_code == 422


def test_a_gap_gives_a_file_to_fill_in(clean: TestClient) -> None:
    """To be saved, begun with the sector; nothing of the words can leave the comment."""
    met(clean, "mining")
    gap = clean.get(URL).json()["items"][0]
    answer = clean.get(f"{URL}/{gap['id']}/template")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    name = f"case-study-{gap['id'][:8]}.md"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert 'sector: "mining"\n' in answer.text


def test_what_was_dismissed_is_gone(clean: TestClient) -> None:
    """404 from then on, as for what never was."""
    met(clean, "mining")
    gap = clean.get(URL).json()["items"][0]
    assert clean.delete(f"{URL}/{gap['id']}").status_code == 204
    for answer in (
        clean.delete(f"{URL}/{gap['id']}"),
        clean.get(f"{URL}/{gap['id']}/template"),
        clean.delete(f"{URL}/none"),
    ):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_command_lists_them(clean: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    """For people, with what to do next; --json is what the API answers."""
    show_gaps(clean.get(URL).json())
    assert capsys.readouterr().out.startswith("No gaps")
    met(clean, "mining")
    met(clean, "energy")
    show_gaps(clean.get(URL, params={"limit": 1}).json())
    out = capsys.readouterr().out
    assert "   1 live    0 practice\n" in out
    assert f"“{OBJECTION}” (live)" in out
    assert "-> coach template case-study" in out
    assert "raise --limit" in out


def test_the_command_asks_the_api(run: Run) -> None:
    """With its options as they are; a wrong one is one line."""
    code, _, err = run("knowledge", "gaps", "--met", "dreams")
    assert (code, err.count("\n")) == (2, 1)
