"""Progress, what is next, overruling and calibration: over HTTP, on the pages and as commands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import calibrating, mastering
from api.web.progress_drawing import over_time
from coach.errors import BadInput
from coach.progress import Point

DENIED = "There was no outage. That is just a rumour our competitors spread."
SHARES = ((0.0, 0.0, 0.4), (0.5, 0.2, 0.8), (1.0, 0.6, 1.0))
HARD, ASKS = "true-rumour-not-denied", "asks-before-answering"


@pytest.fixture(scope="module")
def practised(own_coach: TestClient) -> Iterator[str]:
    """The id of an ended session in which an outage was denied; it is gone afterwards."""
    given = {"scenario": "trust-true-rumour", "seed": 7, "difficulty": "normal"}
    session = own_coach.post("/v1/sessions", json=given).json()["id"]
    assert own_coach.post(f"/v1/sessions/{session}/turns", json={"text": DENIED}).status_code == 200
    assert own_coach.post(f"/v1/sessions/{session}/end").status_code == 200
    yield session
    own_coach.delete(f"/v1/sessions/{session}")


def path(session: str, check: str, turn: int = 1) -> str:
    return f"/v1/sessions/{session}/turns/{turn}/checks/{check}/overrule"


def test_progress_tells_mastery_over_time_and_drills(own_coach: TestClient, practised: str) -> None:
    """The weakest check first, each with its last miss in the rep's own words."""
    body = own_coach.get("/v1/me/progress").json()
    assert body.keys() == {"checks", "drills", "overall", "sessions", "advisory", "next"}
    asks = next(one for one in body["checks"] if one["check"] == ASKS)
    assert asks["level"] == "new"
    assert asks["last_miss"]["session"] == practised
    assert asks["last_miss"]["quote"] in DENIED
    assert asks["over_time"][-1].keys() == {"at", "share", "low", "high"}
    assert asks["over_time"][-1]["at"].endswith("Z")
    assert ASKS in [drill["check"] for drill in body["drills"]]
    assert body["next"] == own_coach.get("/v1/me/next").json()


def test_next_can_be_practised_as_it_comes(own_coach: TestClient, practised: str) -> None:
    """Its scenario, difficulty and persona start a session."""
    found = own_coach.get("/v1/me/next").json()
    assert (
        found["last_miss"]["quote"].rstrip(".")[:30] in found["why"] or "never came" in found["why"]
    )
    given = {name: found[name] for name in ("scenario", "difficulty", "persona")}
    started = own_coach.post("/v1/sessions", json=given)
    assert started.status_code == 201
    own_coach.delete(f"/v1/sessions/{started.json()['id']}")


def test_a_verdict_is_overruled_and_given_back(own_coach: TestClient, practised: str) -> None:
    """Both verdicts are told; the debrief changes with it."""
    url = f"/v1/sessions/{practised}"
    before = own_coach.get(f"{url}/debrief").json()
    assert before["failed"]
    given = {"verdict": "yes", "reason": "<b>He</b> was joking."}
    ruling = own_coach.post(path(practised, HARD), json=given).json()
    assert (ruling["verdict"], ruling["machine"], ruling["author"]) == ("yes", "no", "local")
    assert own_coach.get(f"{url}/overrulings").json()["items"] == [ruling]
    assert own_coach.get(f"{url}/debrief").json()["failed"] != before["failed"]
    page = own_coach.get(f"/debrief/{practised}/verdicts").text
    assert "&lt;b&gt;He&lt;/b&gt; was joking." in page
    assert "Overruled by local" in page
    assert own_coach.delete(path(practised, HARD)).status_code == 204
    assert own_coach.get(f"{url}/debrief").json() == before
    assert own_coach.delete(path(practised, HARD)).status_code == 404


@pytest.mark.parametrize(
    ("check", "turn", "given", "status"),
    [
        (HARD, 1, {"verdict": "perhaps", "reason": "x"}, 422),
        (HARD, 1, {"verdict": "yes"}, 422),
        (HARD, 1, {"verdict": "yes", "reason": " "}, 422),
        (HARD, 1, {"verdict": "no", "reason": "So it said."}, 422),
        ("nothing", 1, {"verdict": "yes", "reason": "x"}, 404),
        (HARD, 7, {"verdict": "yes", "reason": "x"}, 404),
        (HARD, -1, {"verdict": "yes", "reason": "x"}, 422),
    ],
)
def test_what_cant_be_overruled_is_a_problem(
    own_coach: TestClient, practised: str, check: str, turn: int, given: dict[str, str], status: int
) -> None:
    """In words, and nothing changes."""
    answer = own_coach.post(path(practised, check, turn), json=given)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert own_coach.get(f"/v1/sessions/{practised}/overrulings").json()["items"] == []


def test_the_page_overrules_without_scripts(own_coach: TestClient, practised: str) -> None:
    """A form for each verdict; an empty reason is a page that says so."""
    url = f"/debrief/{practised}/verdicts"
    form = {"turn": "1", "check": ASKS, "verdict": "yes", "reason": "It did ask."}
    assert own_coach.post(url, data=form).status_code == 200  # after the redirect
    assert "It did ask." in own_coach.get(url).text
    assert own_coach.post(url, data={"turn": "1", "check": ASKS}).status_code == 200
    assert "It did ask." not in own_coach.get(url).text
    wrong = own_coach.post(url, data={**form, "reason": ""})
    assert (wrong.status_code, "reason is empty" in wrong.text) == (422, True)
    assert own_coach.get("/debrief/none/verdicts").status_code == 404


def test_the_page_of_progress(own_coach: TestClient, practised: str) -> None:
    """What to practise next with a button, a picture over time, and the recent sessions."""
    page = own_coach.get("/progress").text
    assert "Practise next" in page
    assert '<form method="post" action="/practice">' in page
    assert "<polyline" in page
    assert f'href="/debrief/{practised}"' in page


def test_labels_go_out_and_come_back(own_coach: TestClient, practised: str) -> None:
    """Balanced rows to fill in, scored per check; bad rows are told and the rest counts."""
    sheet = own_coach.get("/v1/calibration/sheet", params={"count": 500})
    assert sheet.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text.lstrip("\ufeff"))))
    assert DENIED in {row["reply"] for row in rows}
    assert "coach_says" not in rows[0]
    labels = [{"row": row["row"], "rater": "anna", "verdict": "no"} for row in rows]
    labels += [{**label, "rater": "ben"} for label in labels[:3]]
    labels += [{**labels[0], "verdict": "yes"}, {"row": "none:1:x", "rater": "a", "verdict": "no"}]
    found = own_coach.post("/v1/calibration/labels", json={"labels": labels, "keep": True}).json()
    assert found["labelled"] == len(labels) - 2
    assert [fault["place"] for fault in found["faults"]] == [len(labels) - 2, len(labels) - 1]
    assert {one["check"] for one in found["items"]} == {row["check"] for row in rows}
    assert own_coach.get("/v1/calibration").json()["items"] == []  # too few labels to decide by
    assert own_coach.get("/v1/calibration/sheet", params={"count": 0}).status_code == 422
    assert own_coach.post("/v1/calibration/labels", json={"labels": []}).status_code == 422


def test_the_commands_tell_people(
    own_coach: TestClient, practised: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Progress as bars, next as a command to type, agreement as kappa."""
    mastering.show_progress(own_coach.get("/v1/me/progress").json())
    out = capsys.readouterr().out
    assert re.search(r"[█·]{20} +\d+%  ", out)
    assert "coach practise trust-true-rumour --difficulty" in out
    rows = csv.DictReader(io.StringIO(own_coach.get("/v1/calibration/sheet").text.lstrip("\ufeff")))
    labels = [{"row": row["row"], "verdict": "no"} for row in rows]
    calibrating.show_agreements(
        own_coach.post("/v1/calibration/labels", json={"labels": labels}).json()
    )
    assert re.search(r"kappa .+ the same, \d+ labels", capsys.readouterr().out)


def test_a_sheet_that_isnt_one_is_a_line(tmp_path: Path) -> None:
    """Told before anything is started."""
    file = tmp_path / "labels.csv"
    with pytest.raises(BadInput, match="can't be opened"):
        calibrating.score([file])
    file.write_text("row,label\ns:1:a,\n")
    with pytest.raises(BadInput, match="no row has a label"):
        calibrating.score([file])


def test_a_line_over_time_is_drawn_by_date() -> None:
    """From the left edge to the right, up for kept; a lone session stands in the middle."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    points = [Point(start + timedelta(days=n), *shares) for n, shares in enumerate(SHARES)]
    line = over_time(points)
    assert [(x, y) for x, y, _ in line.dots] == [(0.0, 100.0), (50.0, 50.0), (100.0, 0.0)]
    assert line.points == "0.0,100.0 50.0,50.0 100.0,0.0"
    assert line.band.split()[:3] == ["0.0,60.0", "50.0,20.0", "100.0,0.0"]
    assert [x for x, *_ in over_time(points[:1]).dots] == [50.0]
    assert over_time([]).points == ""
