"""Evidence is written and changed on a page, and two editors never overwrite each other unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

ITEM = {
    "kind": "case_study",
    "title": "Brantwood Mills <b>answers</b> sooner",
    "text": "Brantwood Mills answered its phones in 9 seconds.",
    "customer": "Brantwood Mills",
    "as_of": "2026-02-01",
    "visibility": "public",
    "label": "fact",
}
PATH = "/knowledge/edit/brantwood-mills-b-answers-b-sooner"


@pytest.fixture
def written(coach: TestClient) -> Iterator[str]:
    """The address of an item that was written by hand, which made its id of the title."""
    made = coach.post("/knowledge/new", data=ITEM, follow_redirects=False)
    assert made.status_code == 303, made.text
    yield made.headers["location"].replace("/knowledge/items/", "/v1/evidence/")
    coach.delete(PATH.replace("/knowledge/edit", "/v1/evidence"))


def tag_in(page: str) -> str:
    return str(re.findall(r'name="tag" value="([^"]+)"', page)[0])


def send(coach: TestClient, **changes: str) -> None:
    saved = coach.post(PATH, data={**ITEM, **changes}, follow_redirects=False)
    assert saved.status_code == 303, saved.text


def test_what_is_written_can_be_quoted_and_changed(coach: TestClient, written: str) -> None:
    """A change keeps what it doesn't touch; the same title again overwrites nothing."""
    assert coach.get(written).json()["customer"] == "Brantwood Mills"
    again = coach.post("/knowledge/new", data=ITEM)
    assert (again.status_code, "give this one another id" in again.text) == (409, True)
    page = coach.get(PATH).text
    assert "<b>answers" not in page
    send(coach, tag=tag_in(page), sector="textiles", do_not_say="never\r\nalways")
    found = coach.get(written).json()
    assert (found["sector"], found["do_not_say"]) == ("textiles", ["never", "always"])
    assert found["text"] == ITEM["text"]


def test_a_change_made_meanwhile_stands_beside_it(coach: TestClient, written: str) -> None:
    """Nothing is saved and nothing typed is lost; saving again is a choice."""
    tag = tag_in(coach.get(PATH).text)
    send(coach, sector="textiles", tag=tag)
    late = coach.post(PATH, data={**ITEM, "tag": tag, "sector": "weaving"})
    assert late.status_code == 412
    assert re.search(r"Sector.*textiles.*weaving", late.text, re.DOTALL)
    assert coach.get(written).json()["sector"] == "textiles"
    assert coach.post(PATH.replace("edit", "remove"), data={"tag": tag}).status_code == 412
    send(coach, sector="weaving", tag=tag_in(late.text))
    assert coach.get(written).json()["sector"] == "weaving"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("as_of", "yesterday", "As of"), ("kind", "rumour", "position"), ("size", "-4", "Employees")],
)
def test_what_cant_be_taken_is_told_above_the_form(
    coach: TestClient, written: str, field: str, value: str, told: str
) -> None:
    """With the words as they were typed."""
    tag = tag_in(coach.get(PATH).text)
    refused = coach.post(PATH, data={**ITEM, "tag": tag, "source": "Kept words", field: value})
    assert refused.status_code == 422
    assert told in re.findall(r'class="problem" role="alert">([^<]*)', refused.text)[0]
    assert "Kept words" in refused.text


def test_an_item_is_removed_in_the_version_that_was_seen(coach: TestClient, written: str) -> None:
    """Afterwards a change that was begun can still be saved as a new item."""
    tag = tag_in(coach.get(PATH).text)
    gone = coach.post(PATH.replace("edit", "remove"), data={"tag": tag}, follow_redirects=False)
    assert gone.status_code == 303
    assert coach.get(written).status_code == 404
    late = coach.post(PATH, data={**ITEM, "tag": tag})
    assert (late.status_code, 'action="/knowledge/new"' in late.text) == (412, True)
