"""Sessions for other programs: CSV, xAPI and webhooks, over HTTP and from the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from api import doctor
from api.export_commands import show_webhooks
from coach.session import LOCAL, Caller, Status
from coach.settings import Settings
from coach.store import SqlStore, open_store
from coach.store.tables import jobs
from tests.api.conftest import Run
from tests.coach.store.samples import START, exchange_at, new_session
from tests.receiver import SECRET, Receiver, receiving

GIVEN_UP = {
    "id": "m",
    "tenant": "local",
    "owner": "local",
    "kind": "webhook",
    "state": "failed",
    "request": {"webhook": "w"},
    "progress": {},
    "reason": "given up after 8 tries: HTTP 500",
    "attempts": 0,
    "created_at": START,
}
OWNER = Caller(LOCAL.user, LOCAL.tenant)


@pytest.fixture
def ended(coach: TestClient) -> Callable[..., str]:
    """Stores a session that was won; its id."""
    store: SqlStore = coach.app.state.service._store  # type: ignore[attr-defined]

    def one(**changes: object) -> str:
        session = new_session(owner=OWNER, **changes)
        store.create(session)
        store.append(OWNER, session.id, exchange_at(1, Status.WON))
        return session.id

    return one


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def test_sessions_as_csv(coach: TestClient, ended: Callable[..., str]) -> None:
    """One a line, over as many pages as it takes, and never a formula."""
    session, formula = ended(), ended(persona='=HYPERLINK("http://x")')
    more = {ended() for _ in range(52)}
    response = coach.get("/v1/exports/sessions.csv")
    assert response.headers["content-type"].startswith("text/csv")
    rows = {row["session"]: row for row in csv.DictReader(io.StringIO(response.text))}
    assert rows.keys() >= {session, formula} | more
    row = rows[session]
    assert (row["status"], row["replies"], row["claims_overstated"]) == ("won", "1", "1")
    assert row["ended_at"].startswith("2026-03-02T09:30:01")
    assert rows[formula]["persona"] == '\'=HYPERLINK("http://x")'
    for name in more:
        coach.delete(f"/v1/sessions/{name}")


def test_statements_over_http(coach: TestClient, ended: Callable[..., str]) -> None:
    """As an array and line by line, the same ones; exported again with the same ids."""
    ended()
    array = coach.get("/v1/exports/xapi").json()
    lines = coach.get("/v1/exports/xapi", params={"format": "ndjson"})
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in lines.text.splitlines()] == array
    assert len({one["id"] for one in array}) == len(array) >= 4
    assert coach.get("/v1/exports/xapi", params={"format": "xml"}).status_code == 422


def test_webhooks_over_http(
    coach: TestClient, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    """The secret is shown once; a test is sent at once, and told how it went."""
    given, key = {"url": receiver.url, "secret": SECRET}, {"Idempotency-Key": uuid4().hex}
    made = coach.post("/v1/webhooks", json=given, headers=key)
    assert coach.post("/v1/webhooks", json=given, headers=key).json() == made.json()
    assert (made.status_code, made.json()["secret"]) == (201, SECRET)
    path = f"/v1/webhooks/{made.json()['id']}"
    receiver.replies = [(204, {}), (302, {"Location": "/other"})]
    assert coach.post(f"{path}/test").json() == {"delivered": True, "says": "HTTP 204"}
    failed = coach.post(f"{path}/test").json()
    assert (failed["delivered"], "redirect" in failed["says"]) == (False, True)
    assert receiver.forged == 0
    listed = coach.get("/v1/webhooks")
    assert SECRET not in listed.text
    assert len(listed.json()["items"]) == 1
    show_webhooks(listed.json())
    assert "0 done, 0 waiting, 0 failed" in capsys.readouterr().out
    assert coach.delete(path).status_code == 204
    assert coach.post(f"{path}/test").status_code == 404
    assert coach.post("/v1/webhooks", json={"url": "ftp://x"}).status_code == 422


def test_the_terminal_writes_a_file(
    coach: TestClient, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all: a coach that can't export leaves no file behind."""
    code, _, err = run("export", "xapi", "-o", str(tmp_path / "out"))
    assert (code, "keeps nothing of a team" in err) == (1, True)
    assert list((tmp_path / "out").glob("*.json")) == []


def test_the_doctor_says_what_was_given_up(tmp_path: Path, receiver: Receiver) -> None:
    """How many messages waited, arrived and were given up, and what to do."""
    settings = Settings(home=tmp_path)
    assert doctor._webhooks(settings).verdict == "ok"
    store = open_store(settings.database)
    with store.writes.begin() as connection:
        connection.execute(insert(jobs), GIVEN_UP)
    store.close()
    told = doctor._webhooks(settings)
    assert (told.verdict, "1 given up" in told.says) == ("missing", True)
    assert "HTTP 500" in told.todo
