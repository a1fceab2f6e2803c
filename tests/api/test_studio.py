"""The scenario studio without JavaScript: every step of a trainer is a form."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from coach.authoring.starting import started

TITLE = "title: Not before the summer"


@pytest.fixture
def text(coach: TestClient) -> Iterator[str]:
    """A scenario that isn't stored yet."""
    yield started("studio-made")
    coach.post("/studio/withdraw/studio-made")


def kept(coach: TestClient, text: str, **more: str) -> str:
    """The version under which it was saved."""
    saved = coach.post("/studio/save", data={"source": text, **more}, follow_redirects=False)
    assert saved.status_code == 303, saved.text
    return str(re.sub(r".*saved=", "", saved.headers["location"]))


def test_a_fault_is_told_with_its_line_its_field_and_its_words(
    coach: TestClient, text: str
) -> None:
    """Nothing is stored; what was typed stands in the page, and hostile words stay words."""
    number = text.splitlines().index(TITLE) + 1
    broken = text.replace(TITLE, "tilte: <script>alert(1)</script>")
    page = coach.post("/studio/check", data={"source": broken}).text
    assert f'data-line="{number}"' in page
    assert '<b dir="auto">tilte</b>' in page
    assert "did you mean &#39;title&#39;?" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'aria-label="What a rep meets"' not in page
    refused = coach.post("/studio/save", data={"source": broken})
    assert (refused.status_code, f'data-line="{number}"' in refused.text) == (422, True)
    assert coach.get("/v1/scenarios/studio-made").status_code == 404


def test_a_text_begins_with_whatever_there_is(coach: TestClient) -> None:
    """A frame, a copy, or a draft from what is known of a rival: each valid, with a preview."""
    shelf = coach.get("/studio").text
    offered = re.findall(r'<option value="(evidence:[^"]+)">', shelf)
    assert len(offered) > 5
    for start in ("blank", "copy:interest", offered[0]):
        page = coach.get("/studio/new", params={"start": start})
        assert page.status_code == 200, page.text
        assert 'aria-label="What a rep meets"' in page.text
    assert coach.get("/studio/new?start=nothing").status_code == 422


def test_what_is_tried_is_stored_nowhere(coach: TestClient, text: str) -> None:
    """The session is played with the text as it stands."""
    changed = text.replace(TITLE, "title: Not before the autumn")
    tried = coach.post("/studio/try", data={"source": changed}, follow_redirects=False)
    assert tried.status_code == 303
    assert "Not before the autumn" in coach.get(tried.headers["location"]).text
    assert coach.get("/v1/scenarios/studio-made").status_code == 404
    assert coach.post("/studio/try", data={"source": "id: x"}).status_code == 422


def test_versions_are_kept_compared_and_restored(coach: TestClient, text: str) -> None:
    """Whoever saves over what they haven't seen is told, and their text is still there."""
    first = kept(coach, text)
    changed = text.replace(TITLE, "title: Not before the autumn")
    second = kept(coach, changed, of="studio-made", after=first)
    late = text.replace(TITLE, "title: Not before the winter").replace("\n", "\r\n")
    sent = {"source": late, "of": "studio-made", "after": first}
    overtaken = coach.post("/studio/save", data=sent)
    assert overtaken.status_code == 412
    assert f"Somebody saved version {second}" in overtaken.text
    assert "Not before the winter" in overtaken.text
    assert f'name="after" value="{second}"' in overtaken.text
    path = "/studio/versions/studio-made"
    page = coach.get(path, params={"one": first, "two": second}).text
    assert re.search(r'class="gone".*Not before the summer', page)
    assert re.search(r'class="new".*Not before the autumn', page)
    coach.post("/studio/restore/studio-made", data={"version": first})
    assert coach.get("/v1/scenarios/studio-made/source").text == text
    assert "In the gallery" in coach.get(path).text
    assert coach.get("/studio/versions/interest").status_code == 200


def test_a_bundle_is_handed_on_and_each_file_has_its_answer(coach: TestClient, text: str) -> None:
    """What is good goes in, what isn't is told with its line; nothing at all is told too."""
    kept(coach, text)
    bundle = coach.get("/studio/bundle", params={"id": ["studio-made", "interest"]})
    names = zipfile.ZipFile(io.BytesIO(bundle.content)).namelist()
    assert {"studio-made.yaml", "interest.yaml"} < set(names)
    again = coach.post("/studio/bring", files={"file": ("all.zip", bundle.content)}).text
    assert again.count("unchanged") == 2
    broken = text.replace("kind: tactical", "kind: wild").encode()
    refused = coach.post("/studio/bring", files={"file": ("one.yaml", broken)}).text
    assert re.search(r"refused.*Line \d+: kind", refused, re.DOTALL)
    assert coach.post("/studio/bring", files={"other": b"x"}).status_code == 422
