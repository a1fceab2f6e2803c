"""Goals, their numbers and both beside practice: over HTTP, on the page and from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.goal_commands import show_goals, show_import
from coach.errors import Refused
from coach.indicators.goal import Direction, Goal, Horizon
from coach.session import Caller
from tests.api.conftest import Run
from tests.coach.store.samples import exchange_at, new_session

URL = "/v1/goals"
TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
CSV = {"content-type": "text/csv"}


@pytest.fixture
def clean(coach: TestClient) -> Iterator[TestClient]:
    """The application as it is served, without goals before and after."""
    yield coach
    for goal in coach.get(URL).json()["items"]:
        assert coach.delete(f"{URL}/{goal['id']}").status_code == 204


def made(client: TestClient, name: str, **more: object) -> str:
    response = client.post(URL, json={"name": name, **more})
    assert response.status_code == 201, response.text
    assert response.headers["Location"] == f"{URL}/{response.json()['id']}"
    return str(response.json()["id"])


def test_a_usual_goal_needs_only_its_name(clean: TestClient) -> None:
    """What "Market share" is, is known; of a goal of one's own the horizon must be told."""
    made(clean, "Market share", target=18, due="2030-12-31")
    [goal] = clean.get(URL).json()["items"]
    assert [goal[name] for name in ("horizon", "counting", "unit", "direction")] == [
        *("long", "latest", "%", "more")
    ]
    assert goal["progress"]["standing"] == "no_numbers"
    response = clean.post(URL, json={"name": "Site visits"})
    assert (response.status_code, response.json()["detail"].partition(":")[0]) == (422, "horizon")
    assert clean.post(URL, json={"name": "market SHARE"}).status_code == 409


def test_numbers_by_csv_go_in_once(clean: TestClient) -> None:
    """The same file again changes nothing; a corrected one takes the place of what stood there."""
    made(clean, "Deals closed", target=10, since=str(MONDAY - timedelta(days=70)))
    sheet = f"date,Deals closed\n{MONDAY - timedelta(days=7)},3\n{MONDAY},oops\n"
    for changed in (1, 0):
        told = clean.post(f"{URL}/numbers", content=sheet, headers=CSV).json()
        assert (told["read"], told["changed"]) == (1, changed)
        assert told["faults"] == [{"line": 3, "says": "Deals closed: 'oops' is no number"}]
    form = {"file": ("deals.csv", sheet.replace(",3", ",5"), "text/csv")}
    assert clean.post(f"{URL}/numbers", files=form).json()["changed"] == 1
    [goal] = clean.get(URL).json()["items"]
    assert goal["progress"]["now"] == 5
    assert goal["weeks"][-2:] == [5, None]


def test_a_deal_that_falls_through_no_longer_counts(clean: TestClient) -> None:
    """By its id: moved to another day it moves, no longer won it goes."""
    made(clean, "Deals closed")
    head = "Deal ID,Deal Stage,Close Date\n"
    for rows, now in ((f"7,Closed Won,{MONDAY}\n8,Closed Won,{MONDAY}\n", 2), ("8,Lost,\n", 1)):
        assert not clean.post(f"{URL}/numbers", content=head + rows, headers=CSV).json()["faults"]
        assert clean.get(URL).json()["items"][0]["progress"]["now"] == now


def test_numbers_by_json_are_all_taken_or_none(clean: TestClient) -> None:
    """Each that can't be is named with its place."""
    goal = made(clean, "Customer value")
    later = str(TODAY + timedelta(days=2))
    numbers = [{"goal": goal, "day": str(MONDAY), "value": 4}]
    bad = [*numbers, {"goal": "Moon", "day": str(MONDAY), "value": 1}]
    bad.append({"goal": goal, "day": later, "value": 1})
    refused = clean.post(f"{URL}/numbers", json={"numbers": bad})
    assert refused.status_code == 422
    assert [error["loc"] for error in refused.json()["errors"]] == [["numbers", 1], ["numbers", 2]]
    assert clean.get(URL).json()["items"][0]["progress"]["now"] is None
    assert clean.post(f"{URL}/numbers", json={"numbers": numbers}).json()["changed"] == 1
    assert clean.post(f"{URL}/numbers", content=b"{", headers={}).status_code == 422


def test_what_goes_together_is_told_with_its_weeks(clean: TestClient) -> None:
    """Practice stands beside the numbers; under eight full weeks no correlation is given."""
    made(clean, "Market share")
    weeks = [MONDAY - timedelta(days=7 * n) for n in range(12)]
    sheet = "week,Market share\n" + "".join(f"{day},{n}\n" for n, day in enumerate(weeks))
    assert clean.post(f"{URL}/numbers", content=sheet, headers=CSV).json()["changed"] == 12
    store = clean.app.state.service._store  # type: ignore[attr-defined]
    session = new_session(owner=Caller("local"), created_at=datetime.now(UTC))
    store.create(session)
    store.append(session.owner, session.id, exchange_at(1))
    body = clean.get(URL, params={"weeks": 12}).json()
    assert body["practice"][-1]["sessions"] >= 1
    assert body["practice"][-1]["tactical"] >= 1
    told = body["items"][0]["with_sessions"]
    assert (told["rho"], told["why"]) == (None, "too few weeks to say")
    assert "without either having to do with the other" in body["note"]


@pytest.mark.anyio
async def test_only_trainers_write(clean: TestClient) -> None:
    """A rep sees the goals and changes none; another tenant sees nothing."""
    made(clean, "Deals closed")
    board = clean.app.state.service.team.goals  # type: ignore[attr-defined]
    rep = Caller("rita")
    [goal] = (await board.overview(Caller("rita", tenant="local"))).goals
    for refused in (
        board.set(rep, goal.goal),
        board.change(rep, goal.goal),
        board.remove(rep, goal.goal.id),
        board.take_file(rep, b"date,x\n", "x.csv"),
        board.take(rep, []),
    ):
        with pytest.raises(Refused, match="trainers"):
            await refused
    assert (await board.overview(Caller("mia", tenant="elsewhere"))).goals == ()


def test_the_page(clean: TestClient) -> None:
    """It sets a goal, takes a file, shows both, and what was typed is never markup."""
    nasty = '<script>alert("x")</script>'
    sent = clean.post("/goals", data={"name": nasty, "horizon": "long", "unit": "", "target": "3"})
    assert sent.status_code == 200
    sheet = f"date,goal,value\n{MONDAY},{nasty.replace(chr(34), '')},2\n{MONDAY},nope,1\n"
    page = clean.post("/goals/numbers", files={"file": (f"{nasty}.csv", sheet, "text/csv")}).text
    assert "<script>alert" not in page
    assert "1 numbers read" in page
    assert "no goal is called" in page
    assert "Only long-term goals are set" in page
    goal = clean.get(URL).json()["items"][0]
    typed = {"name": "Partners", "horizon": "long", "target": "many"}
    assert "Target" in clean.post(f"/goals/{goal['id']}", data=typed).text
    clean.post(f"/goals/{goal['id']}", data={**typed, "target": "5"})
    assert clean.get(URL).json()["items"][0]["target"] == 5
    clean.post(f"/goals/{goal['id']}/remove")
    assert clean.get(URL).json()["items"] == []
    refused = clean.post("/goals", data={"name": "Visits"})
    assert refused.status_code == 422
    assert 'value="Visits"' in refused.text


def test_the_terminal(
    clean: TestClient, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how far each goal is, and names the lines that were left out."""
    made(clean, "Deals closed", target=4)
    made(clean, "Market share", target=20)
    sheet = f"date,Deals closed,Market share\n{MONDAY},3,\n"
    told = clean.post(f"{URL}/numbers", content=sheet + "soon,1,\n", headers=CSV).json()
    show_import({"file": "n.csv", **told})
    show_goals(clean.get(URL).json())
    out, err = capsys.readouterr()
    assert "Deals closed: 3 deals of 4, under way" in out
    assert "too few weeks to say (0 weeks)" in out
    assert "n.csv line 3: 'soon' is no day" in err
    code, _, err = run("goals", "import", str(tmp_path / "absent.csv"))
    assert (code, "can't be read" in err) == (2, True)


def test_goals_are_kept_apart(clean: TestClient) -> None:
    """A goal of another tenant can be neither changed nor fed."""
    store = clean.app.state.service.team.goals._store  # type: ignore[attr-defined]
    goal_id = made(clean, "Deals closed")
    mine: Goal = store.all("local")[0]
    assert (mine.id, mine.horizon, mine.direction) == (goal_id, Horizon.SHORT, Direction.MORE)
    assert store.all("elsewhere") == []
    response = clean.put(f"{URL}/nothing", json={"name": "Deals closed", "horizon": "short"})
    assert response.status_code == 404
