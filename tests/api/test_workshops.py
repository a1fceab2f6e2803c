"""Workshops over HTTP and on their pages: a trainer, reps with accounts and guests without."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.rules import RULES
from api.app import create_app
from api.wiring import assemble, lend
from coach.practice.allowance import Limit
from coach.settings import Settings

ADDRESS = "https://coach.example"
URL = "/v1/workshops"
GOOD = "I understand why you ask. What would have to be true for you to trust a new supplier?"
POOR = "Trust us, we are the best on the market."
FORMULA = '=HYPERLINK("https://evil.example")'


class Room:
    """The coach with Tess, who trains; Rita and Rob; Tom, another trainer; Mia at Acme."""

    def __init__(self, client: TestClient, tokens: dict[str, str]) -> None:
        self.client, self.tokens = client, tokens

    def ask(self, who: str, method: str, path: str, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    def ok(self, who: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(who, method, path, **({} if body is None else {"json": body}))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def made(self, **more: Any) -> dict[str, Any]:
        given = {"title": "Trust", "scenarios": ["trust-unknown"], "guests": True, **more}
        found: dict[str, Any] = self.ok("tess", "POST", URL, given)
        return found

    def joined(self, who: str, workshop: dict[str, Any]) -> None:
        self.ok(who, "POST", f"{URL}/join", {"join_code": workshop["join_code"]})

    def played(self, who: str, workshop: dict[str, Any], *replies: str) -> str:
        """An attempt that was ended; its id."""
        asked = {"scenario": "trust-unknown", "workshop": workshop["id"]}
        session = str(self.ok(who, "POST", "/v1/sessions", asked)["id"])
        for reply in replies:
            self.ok(who, "POST", f"/v1/sessions/{session}/turns", {"text": reply})
        self.ok(who, "POST", f"/v1/sessions/{session}/end")
        return session


class Guest:
    """A browser without an account."""

    def __init__(self, app: Any, workshop: dict[str, Any], name: str) -> None:
        self.client = TestClient(app, base_url=ADDRESS, headers={"Origin": ADDRESS})
        form = {"code": workshop["join_code"], "name": name}
        self.entered = self.client.post("/join", data=form, follow_redirects=False)

    def ask(self, method: str, path: str, **more: Any) -> Response:
        return self.client.request(method, path, follow_redirects=False, **more)


@pytest.fixture(scope="module")
def room(copy_of_sample: Callable[[], Path]) -> Iterator[Room]:
    built = assemble(Settings(home=copy_of_sample()))
    app = create_app(lambda: lend(built))
    with TestClient(app, base_url=ADDRESS) as client:
        book = built.service.accounts
        assert book is not None
        book.add_user("ada", ["admin"])
        book.add_tenant("acme", "Acme")
        for name in ("tess", "tom"):
            book.add_user(name, ["trainer"])
        for name in ("rita", "rob", "rosa"):
            book.add_user(name, ["rep"])
        book.add_user("mia", ["rep", "trainer"], "acme")
        tokens = {n: book.create_token(n)[1] for n in ("tess", "tom", "rita", "rob", "rosa")}
        tokens["mia"] = book.create_token("mia", tenant="acme")[1]
        yield Room(client, tokens)


def test_a_workshop_from_its_code_to_its_report(room: Room) -> None:
    """Everybody meets the same buyer; the board counts, the report tells first from last."""
    workshop = room.made(attempts=2, names_hidden=True)
    own = f"{URL}/{workshop['id']}"
    for who in ("rita", "rob"):
        room.joined(who, workshop)
    first = room.played("rita", workshop, POOR)
    second = room.played("rita", workshop, GOOD)
    room.played("rob", workshop, POOR)
    openings = {
        room.ok("rita", "GET", f"/v1/sessions/{one}")["turns"][0]["text"] for one in (first, second)
    }
    assert len(openings) == 1
    again = room.ask("rita", "POST", f"{own}/sessions", json={"scenario": "trust-unknown"})
    assert (again.status_code, "attempts" in again.json()["detail"]) == (409, True)

    board = room.ok("tess", "GET", f"{own}/board")
    assert [(one["name"], one["attempts"]) for one in board["people"]] == [
        ("Rep 1", 2),
        ("Rep 2", 1),
    ]
    assert (board["here"], board["practising"], board["outcomes"]["ended"]) == (2, 0, 3)
    worst = board["moments"][0]
    assert worst["missed"] <= worst["of"] <= 2
    assert worst["question"] in str(room.ok("tess", "GET", f"{own}/guide")["items"][0]["moment"])

    report = room.ok("tess", "GET", f"{own}/report")
    rita = report["rows"][0]
    scores = [room.ok("rita", "GET", f"/v1/sessions/{s}/debrief")["score"] for s in (first, second)]
    assert [rita["first"], rita["last"]] == scores
    assert rita["best"] == {"trust-unknown": max(scores)}
    assert report["change"]["people"] == 1
    assert report["change"]["low"] is None  # of one person nothing is sure
    assert report["next"]["scenarios"]
    sheet = room.ask("tess", "GET", f"{own}/report?format=csv").text
    assert [row["name"] for row in csv.DictReader(io.StringIO(sheet))] == ["rita", "rob"]
    assert room.ask("tess", "GET", f"{own}/report?format=pdf").content.startswith(b"%PDF")
    page = room.ask("tess", "GET", f"{own}/report?format=html")
    assert page.headers["content-type"].startswith("text/html")
    assert "rita" in page.text


def test_nobody_else_sees_it(room: Room) -> None:
    """404 for another trainer, a rep who didn't join and another company, whatever they ask for."""
    workshop = room.made()
    room.joined("rita", workshop)
    routes = [
        r.split(" ") for r in RULES if r.partition(" ")[2].startswith(f"{URL}/{{workshop_id}}")
    ]
    assert len(routes) > 10
    asked = {"scenario": "trust-unknown"}
    bodies: dict[str, Any] = {"sessions": asked, "rounds": asked, "names": {"hidden": True}}
    bodies["votes"] = {"round": "x", "option": 1}
    for method, path in routes:
        address = path.replace("{workshop_id}", workshop["id"]).replace("{round_id}", "x")
        given = {"json": bodies.get(path.rsplit("/", 1)[-1], {})} if method == "POST" else {}
        for who in ("tom", "rob", "mia", "rita"):
            role = "rep" if who.startswith("r") else "trainer"
            allowed = role in RULES[f"{method} {path}"].roles
            if who == "rita" and allowed:
                continue  # she is in it
            answer = room.ask(who, method, address, **given)
            assert answer.status_code == (404 if allowed else 403), (who, method, path)
    assert workshop["join_code"] not in room.ask("rita", "GET", f"{URL}/{workshop['id']}").text
    taken = room.ask("mia", "POST", f"{URL}/join", json={"join_code": workshop["join_code"]})
    assert taken.status_code == 404


def test_a_guest_has_their_workshop_and_nothing_else(room: Room) -> None:
    """They practise and read their debrief; every other door is shut, and they can be let in no
    further by asking for a session of their own."""
    workshop = room.made()
    guest = Guest(room.client.app, workshop, FORMULA)
    assert guest.entered.headers["location"] == f"/workshops/{workshop['id']}"
    assert guest.ask("GET", "/workshops").headers["location"] == f"/workshops/{workshop['id']}"
    lobby = guest.ask("GET", f"/workshops/{workshop['id']}")
    assert (lobby.status_code, "&#34;https://evil.example" in lobby.text) == (200, True)
    begun = guest.ask(
        "POST", f"/workshops/{workshop['id']}/start", data={"scenario": "trust-unknown"}
    )
    practice = begun.headers["location"]
    assert guest.ask("POST", practice, data={"text": POOR}).status_code == 303
    ended = guest.ask("POST", f"{practice}/end").headers["location"]
    debrief = guest.ask("GET", ended)
    assert debrief.status_code == 200
    assert 'action="/practice"' not in debrief.text
    for route, rule in RULES.items():
        method, path = route.split(" ")
        if rule.roles and "guest" not in rule.roles:
            assert guest.ask(method, path).status_code == 403, route
    own = guest.ask("POST", "/v1/sessions", json={"scenario": "interest"})
    assert own.status_code == 403
    other = room.made()
    assert guest.ask("GET", f"{URL}/{other['id']}").status_code == 404
    sheet = room.ask("tess", "GET", f"{URL}/{workshop['id']}/report?format=csv").text
    assert f"\"'{FORMULA[:5]}" in sheet  # a spreadsheet shows it, and runs nothing
    room.ok("tess", "DELETE", f"{URL}/{workshop['id']}")
    assert guest.ask("GET", practice).status_code == 303  # to the way in: they are nobody now


def test_who_may_join(room: Room) -> None:
    """Nobody without a code, uninvited, as a guest where none are wanted, or when it is over."""
    closed = room.made(guests=False, cohort=["rita"], invited_only=True)
    room.joined("rita", closed)
    refused = room.ask("rob", "POST", f"{URL}/join", json={"join_code": closed["join_code"]})
    assert refused.status_code == 403
    assert Guest(room.client.app, closed, "Gus").entered.status_code == 422
    assert room.ask("rob", "POST", f"{URL}/join", json={"join_code": "NOSUCHXX"}).status_code == 404
    board = room.ok("tess", "GET", f"{URL}/{closed['id']}/board")
    assert [(one["name"], one["doing"]) for one in board["people"]] == [("rita", "here")]
    over = room.made()
    room.ok("tess", "POST", f"{URL}/{over['id']}/finish")
    answer = room.ask("rob", "POST", f"{URL}/join", json={"join_code": over["join_code"]})
    assert (answer.status_code, answer.json()["detail"]) == (409, "the workshop is over")


def test_what_isnt_sound_is_refused(room: Room) -> None:
    """With the field and what to do."""
    for more, field in (
        ({"scenarios": ["no-such"]}, "scenarios"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"invited_only": True, "guests": False}, "cohort"),
        ({"title": "  "}, "title"),
    ):
        given = {"title": "x", "scenarios": ["interest"], **more}
        answer = room.ask("tess", "POST", URL, json=given)
        assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, field)
    assert room.ask("rita", "POST", URL, json=given).status_code == 403


def test_pause_vote_and_reveal(room: Room) -> None:
    """While the trainer talks nobody's words are taken. The vote is blind until it is revealed:
    without names, not for one's own words, and then with verdicts."""
    workshop = room.made()
    own = f"{URL}/{workshop['id']}"
    for who in ("rita", "rob", "rosa"):
        room.joined(who, workshop)
    room.played("rita", workshop, POOR)
    room.played("rob", workshop, GOOD)
    room.ok("tess", "POST", f"{own}/pause")
    asked = {"scenario": "trust-unknown", "workshop": workshop["id"]}
    assert room.ask("rosa", "POST", "/v1/sessions", json=asked).status_code == 409
    room.ok("tess", "POST", f"{own}/resume")
    session = room.ok("rosa", "POST", "/v1/sessions", asked)["id"]
    room.ok("tess", "POST", f"{own}/pause")
    refused = room.ask("rosa", "POST", f"/v1/sessions/{session}/turns", json={"text": GOOD})
    assert (refused.status_code, "paused" in refused.json()["detail"]) == (409, True)
    assert room.ok("rosa", "GET", f"/v1/sessions/{session}")["turns"][1:] == []

    [topic] = room.ok("tess", "GET", f"{own}/votes")["topics"]
    assert (topic["scenario"], topic["act"], topic["people"]) == ("trust-unknown", "open", 2)
    opened = room.ok("tess", "POST", f"{own}/rounds", {"scenario": "trust-unknown"})
    assert {one["text"] for one in opened["options"]} == {POOR, GOOD}
    options = {one["text"]: one["option"] for one in opened["options"]}
    vote = {"round": opened["id"], "option": options[POOR]}
    assert room.ask("rita", "POST", f"{own}/votes", json=vote).status_code == 422  # her own
    for option in (options[POOR], options[GOOD]):  # the second vote counts
        room.ok("rosa", "POST", f"{own}/votes", {**vote, "option": option})
    [blind] = room.ok("rosa", "GET", f"{own}/votes")["items"]
    assert (blind["voted"], blind["choice"]) == (1, options[GOOD])
    assert [(one["votes"], one["checks"], one["claims"]) for one in blind["options"]] == [
        (0, [], [])
    ] * 2
    assert "rita" not in str(blind)
    shown = room.ok("tess", "POST", f"{own}/rounds/{opened['id']}/reveal")
    assert {one["text"]: one["votes"] for one in shown["options"]} == {POOR: 0, GOOD: 1}
    assert all(one["checks"] for one in shown["options"])
    late = room.ask("rob", "POST", f"{own}/votes", json=vote)
    assert (late.status_code, "over" in late.json()["detail"]) == (409, True)


def test_the_board_is_read_again_only_when_something_changed(room: Room) -> None:
    """304 with its tag, until somebody speaks."""
    workshop = room.made()
    board = f"{URL}/{workshop['id']}/board"
    room.joined("rob", workshop)
    tag = room.ask("tess", "GET", board).headers["etag"]

    def again() -> Response:
        bearer = {"Authorization": f"Bearer {room.tokens['tess']}", "If-None-Match": tag}
        return room.client.get(board, headers=bearer)

    assert again().status_code == 304
    asked = {"scenario": "trust-unknown", "workshop": workshop["id"]}
    session = room.ok("rob", "POST", "/v1/sessions", asked)["id"]
    assert again().json()["practising"] == 1
    room.ok("rob", "POST", f"/v1/sessions/{session}/turns", {"text": GOOD})
    assert again().json()["people"][0]["replies"] == 1


def test_guessing_codes_is_stopped(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many codes in a minute an address waits, even with a code that is right."""
    monkeypatch.setattr("coach.workshops.desk.TRIES", Limit("guessed", 10))
    workshop = room.made()
    wrong = {"join_code": "NOSUCHXX"}
    answers = [room.ask("rosa", "POST", f"{URL}/join", json=wrong) for _ in range(14)]
    assert [one.status_code for one in answers[:10]] == [404] * 10
    right = room.ask("rosa", "POST", f"{URL}/join", json={"join_code": workshop["join_code"]})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) >= 1
