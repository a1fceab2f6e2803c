"""Whatever a model, a document or a rep wrote, a page shows it as text.

The words get into the database itself, past the checks that keep most of them out: what a page
escapes mustn't rest on what was checked before.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.wiring import build_service
from coach.settings import Settings
from tests.api.conftest import HERE
from tests.hostile import MARK, cases, harms, planted, shape

#: Names under which only what code knows can stand.
OURS = frozenset(
    {"id", "ids", "kind", "status", "verdict", "act", "evidence_id", "concern", "check", "style"}
    | {"type", "scenario", "standing", "turn", "reason", "outcome", "next_drill", "ending", "why"}
    | {"state_by_turn", "key", "level", "at", "seller", "buyer", "session", "move", "missed_turn"}
    | {"wording", "judging", "faults", "replaced", "rubrics", "attitude", "lead", "follow"}
)
#: What of a session is stored where, each with its key.
STORED = (
    ("turns", "text", "session_id"),
    ("turns", "assessment", "session_id"),
    ("turns", "provenance", "session_id"),
    ("hints", "text", "session_id"),
    ("sessions", "debrief", "id"),
)
SAID = "Yes, it was our failure, and 40% of it was mine. What did nine hours mean for you?"


@pytest.fixture(scope="module")
def home(copy_of_sample: Callable[[], Path]) -> Path:
    return copy_of_sample()


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with TestClient(
        create_app(lambda: build_service(Settings(home=home))), base_url=HERE
    ) as client:
        yield client


def practised(client: TestClient, ended: bool, said: str = SAID) -> str:
    started = client.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 3}).json()
    place = f"/v1/sessions/{started['id']}"
    assert client.post(f"{place}/turns", json={"text": said}).status_code == 200
    assert client.post(f"{place}/hint", json={"level": 2}).status_code == 200
    if ended:
        assert client.post(f"{place}/end").status_code == 200
    return str(started["id"])


def poison(home: Path, session: str, text: str) -> int:
    """Puts ``text`` into all that was stored of the session: words, verdicts, notes, debrief."""
    database = sqlite3.connect(home / "coach.db", timeout=30)
    changed = 0
    for table, column, key in STORED:
        asked = f"SELECT rowid, {column} FROM {table} WHERE {key} = ?"  # noqa: S608  # names of ours
        change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608
        for row, stored in database.execute(asked, [session]).fetchall():
            if stored and stored != "null":
                record = None if column == "text" else planted(json.loads(stored), text, OURS)
                database.execute(change, [text if record is None else json.dumps(record), row])
                changed += 1
    database.commit()
    database.close()
    return changed


def pages_of(session: str, ended: bool) -> list[str]:
    if not ended:
        return [f"/practice/{session}", f"/v1/sessions/{session}/transcript?format=html"]
    return [
        f"/debrief/{session}",
        f"/debrief/{session}/verdicts",
        f"/v1/sessions/{session}/transcript?format=html",
        f"/v1/sessions/{session}/debrief?format=html",
    ]


def read(client: TestClient, page: str) -> str:
    shown = client.get(page)
    assert shown.status_code == 200, f"{page}: {shown.text[:300]}"
    assert shown.headers["content-security-policy"]
    return shown.text


@pytest.mark.parametrize("ended", [False, True], ids=["in practice", "after the end"])
def test_what_was_said_and_judged_is_text(client: TestClient, home: Path, ended: bool) -> None:
    """Practice page, debrief, verdicts, transcript: all texts of a session replaced, in the store
    itself, by hostile ones; no element and no attribute is more than with harmless ones."""
    session = practised(client, ended)
    harmless = "Some words, and some more of them."
    assert poison(home, session, harmless) >= (4 if not ended else 5)
    before = {page: shape(read(client, page)) for page in pages_of(session, ended)}
    for text in ("\n".join(cases()), *cases()[:4]):
        poison(home, session, text)
        for page, known in before.items():
            shown = read(client, page)
            assert list(harms(shown)) == [], page
            more = shape(shown) - known
            assert {s for s in more if not s.startswith(("p[", "li[", "br["))} == set(), page
            assert MARK in shown, page


def test_what_a_document_says_is_text(client: TestClient) -> None:
    """Item, search, suggestions and live help over evidence each field of which is hostile."""
    text = " ".join(cases())
    names = ("title", "sector", "region", "customer", "source", "owner", "competitor", "criterion")
    item = {
        "kind": "case_study",
        "text": f"An outage of nine hours at a clinic was cut to two minutes. {text}",
        "as_of": "2026-01-01",
        **dict.fromkeys(names, f"{text[:150]} {MARK}"),
    }
    ids = (f"{MARK}-plain", f"{MARK}\"><script>alert('{MARK}')</script>")
    added = client.post("/v1/evidence", json={"items": [{"id": one, **item} for one in ids]})
    assert added.status_code == 202, added.text
    until = time.monotonic() + 60
    while client.get(f"/v1/evidence/{MARK}-plain").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    words = {"q": "outage of nine hours at a clinic cut to two minutes"}
    found = ""
    for page in ("/knowledge", "/knowledge/search", "/knowledge/gaps", "/assist"):
        shown = client.get(page, params=words).text
        found += shown
        assert list(harms(shown)) == [], page
    assert MARK in found
    assert f"/knowledge/items/{MARK}-plain" in found
    shown = read(client, f"/knowledge/items/{MARK}-plain")
    assert list(harms(shown)) == []
    assert "&lt;script&gt;" in shown
    asked = {
        "objection": f"You had an outage of nine hours at a clinic. {text}",
        "sector": text[:99],
    }
    shown = client.post("/assist", data=asked).text
    assert MARK in shown
    assert list(harms(shown)) == []


def test_what_is_typed_comes_back_as_text(client: TestClient) -> None:
    """In the composer, in an error, and in the talk."""
    session = practised(client, ended=False, said=f"{SAID} {' '.join(cases())}")
    text = "\n".join(cases())
    for path, form in (
        (f"/practice/{session}/hint", {"text": text}),
        (f"/practice/{session}/guess", {"guess": text, "text": text}),
        (f"/practice/{session}", {"text": text * 40}),  # too long: told, and not lost
    ):
        shown = client.post(path, data=form)
        assert list(harms(shown.text)) == [], path
        assert MARK in shown.text, path
