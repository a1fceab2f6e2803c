"""Answers that worked: offered, read, approved, shown, withdrawn; never taken for evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.terminal import show_advice
from coach.answers.desk import AnswerDesk
from coach.answers.offering import Offer
from coach.assessment import Assessment, Check, Verdict
from coach.errors import NotFound, Refused
from coach.session import LOCAL, Caller, Session, Speaker, Status, Turn
from coach.store import SqlStore
from tests.coach.store.samples import START, STATE, new_session

URL = "/v1/answers"
OBJECTION = "We have been with Meridant for ten years and they know every cable here."
ASKED = "Ten years with Meridant is a long time, and it works."
GOOD = "Ten years says a lot. What would have to be true for a change to be worth it to you?"

Play = Callable[..., str]


@pytest.fixture
def store(coach: TestClient) -> SqlStore:
    return coach.app.state.service._store  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def play(coach: TestClient, store: SqlStore) -> Play:
    """Stores a session of one exchange; its id."""
    scenario = coach.app.state.service.shelf.book.get("incumbent-competitor")  # type: ignore[attr-defined]

    def one(reply: str = GOOD, owner: Caller = LOCAL, assessment: Assessment | None = None) -> str:
        opening = Turn(0, Speaker.BUYER, OBJECTION, START, act="open", state=STATE)
        said = Turn(1, Speaker.SELLER, reply, START, assessment=assessment)
        answer = Turn(2, Speaker.BUYER, "Go on.", START, act="ask_for", state=STATE)
        session: Session = new_session(
            owner=Caller(owner.user, owner.tenant),
            scenario=scenario.id,
            persona=scenario.personas[0].id,
            turns=(opening, said, answer),
            turn_count=3,
            status=Status.ENDED,
        )
        store.create(session)
        return session.id

    return one


@pytest.fixture
def clean(coach: TestClient) -> Iterator[TestClient]:
    """The application as it is served; afterwards nothing of this is shown to anyone."""
    yield coach
    for status in ("offered", "approved"):
        for answer in coach.get(URL, params={"status": status}).json()["items"]:
            assert coach.post(f"{URL}/{answer['id']}/withdraw").status_code == 200


def offered(client: TestClient, session: str, **more: str) -> dict[str, Any]:
    response = client.post(URL, json={"session": session, "turn": 1, **more})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def shared_for(client: TestClient, objection: str = ASKED) -> list[dict[str, Any]]:
    found = client.post("/v1/suggestions", json={"objection": objection})
    return list(found.json()["shared"])


def test_approved_it_is_shown_apart_from_the_evidence(
    clean: TestClient, play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its author and date, to who meets such an objection; withdrawn, to nobody."""
    answer = offered(clean, play(), author="Mara Lindt", note="They opened up.")
    assert (answer["status"], answer["objection"], answer["said"]) == ("offered", OBJECTION, GOOD)
    assert shared_for(clean) == []
    approved = clean.post(f"{URL}/{answer['id']}/approve").json()
    assert (approved["status"], approved["warnings"]) == ("approved", [])
    advice = clean.post("/v1/suggestions", json={"objection": ASKED}).json()
    [shown] = advice["shared"]
    assert shown["wording"] == GOOD
    assert shown["title"].startswith("An answer that worked here, by Mara Lindt, ")
    assert answer["id"] not in str(advice["evidence"]) + str(advice["suggestions"])
    show_advice(advice)
    assert "by Mara Lindt" in capsys.readouterr().out
    assert shared_for(clean, "Please send the invoice to our office.") == []
    assert clean.get("/v1/evidence", params={"q": GOOD, "limit": 200}).text.find(GOOD) == -1
    assert clean.post(f"{URL}/{answer['id']}/withdraw").json()["status"] == "withdrawn"
    assert shared_for(clean) == []


def test_the_full_hint_shows_it(clean: TestClient, play: Play) -> None:
    """In practice too, at the third level, for the objection that was just met."""
    answer = offered(clean, play(), author="Mara")
    clean.post(f"{URL}/{answer['id']}/approve")
    session = clean.post(
        "/v1/sessions", json={"scenario": "incumbent-competitor", "seed": 4}
    ).json()["id"]
    hint = clean.post(f"/v1/sessions/{session}/hint", json={"level": 3}).json()
    assert [one["id"] for one in hint["shared"]] == [answer["id"]]
    assert "shared" not in clean.post(f"/v1/sessions/{session}/hint", json={"level": 1}).json()
    page = clean.post(f"/practice/{session}/hint", data={"level": "3", "text": ""}).text
    assert "An answer that worked here, by Mara" in page


def test_what_the_evidence_contradicts_is_refused(clean: TestClient, play: Play) -> None:
    """With the ledger's note; reworded it can be approved, and what nothing carries is told."""
    answer = offered(clean, play("A customer is bound to a Corvane contract for five years."))
    path = f"{URL}/{answer['id']}"
    refused = clean.post(f"{path}/approve")
    assert refused.status_code == 422
    assert "contradicted" in refused.json()["detail"]
    assert clean.get(path).json()["status"] == "offered"
    words = "Ninety-seven of our customers came from Meridant last spring."
    assert clean.put(path, json={"wording": words}).json()["wording"] == words
    approved = clean.post(f"{path}/approve").json()
    assert approved["status"] == "approved"
    assert [warning.partition("” is ")[0] for warning in approved["warnings"]] == [f"“{words}"]
    edited = clean.put(path, json={"wording": GOOD}).json()
    assert (edited["status"], edited["warnings"]) == ("offered", [])
    assert edited["said"] != edited["wording"]


def test_declined_with_a_reason(clean: TestClient, play: Play) -> None:
    """The reason is for its author; a decision that was made is not made again."""
    answer = offered(clean, play())
    path = f"{URL}/{answer['id']}"
    assert clean.post(f"{path}/decline", json={"reason": " "}).status_code == 422
    told = clean.post(f"{path}/decline", json={"reason": "Too long for a call."}).json()
    assert (told["status"], told["reason"]) == ("declined", "Too long for a call.")
    assert clean.post(f"{path}/approve").status_code == 409
    again = clean.post(URL, json={"session": answer["session"], "turn": 1})
    assert (again.status_code, "Too long for a call." in again.json()["detail"]) == (409, True)


def test_a_withdrawn_one_can_be_offered_again(clean: TestClient, play: Play) -> None:
    """It is the same answer, and is read anew."""
    answer = offered(clean, play())
    clean.post(f"{URL}/{answer['id']}/withdraw")
    again = offered(clean, answer["session"], note="Second thoughts.")
    assert (again["id"], again["status"]) == (answer["id"], "offered")


@pytest.mark.parametrize(("turn", "status"), [(0, 422), (2, 422), (9, 422), (-1, 422), ("1", 422)])
def test_only_ones_own_replies(clean: TestClient, play: Play, turn: object, status: int) -> None:
    """The buyer's words, and turns that aren't there, are no answers."""
    response = clean.post(URL, json={"session": play(), "turn": turn})
    assert response.status_code == status
    assert clean.post(URL, json={"session": uuid4().hex, "turn": 1}).status_code == 404


def test_a_broken_rule_is_no_example(clean: TestClient, play: Play) -> None:
    """An answer that broke what must not fail in its session can't be offered."""
    scenario = clean.app.state.service.shelf.book.get("incumbent-competitor")  # type: ignore[attr-defined]
    fatal = next(item.id for item in scenario.rubric if item.fatal)
    check = Check(fatal, "Was it kept?", Verdict.NO, "", (0, 0), "It ran them down.")
    assessment = Assessment(scored=True, moves=(), checks=(check,), claims=(), tip="")
    broken = play(assessment=assessment)
    response = clean.post(URL, json={"session": broken, "turn": 1})
    assert (response.status_code, "It ran them down." in response.json()["detail"]) == (422, True)


@pytest.mark.anyio
async def test_who_sees_and_decides(clean: TestClient, play: Play, store: SqlStore) -> None:
    """Reps see what is approved and their own; trainers decide; other tenants see nothing."""
    desk: AnswerDesk = clean.app.state.service.team.answers  # type: ignore[attr-defined]
    rita, ben = Caller("rita"), Caller("ben")
    trainer = replace(ben, user="tim", roles=frozenset({"trainer"}))
    made = await desk.offer(rita, Offer(play(owner=rita), 1))
    assert made.signature == "rita"
    with pytest.raises(NotFound):
        await desk.offer(ben, Offer(made.session, 1))
    with pytest.raises(Refused, match="signed"):
        await desk.offer(rita, Offer(play(owner=rita), 1, signature="The boss"))
    for refused in (
        desk.approve(rita, made.id),
        desk.decline(rita, made.id, "no"),
        desk.edit(rita, made.id, GOOD),
    ):
        with pytest.raises(Refused, match="trainers"):
            await refused
    with pytest.raises(NotFound):
        await desk.answer(ben, made.id)
    assert (await desk.page(ben, None, 10))[0] == []
    await desk.approve(trainer, made.id)
    assert (await desk.answer(ben, made.id)).decided_by == "tim"
    with pytest.raises(Refused):
        await desk.withdraw(ben, made.id)
    stranger = Caller("mia", "elsewhere", frozenset({"trainer"}))
    with pytest.raises(NotFound):
        await desk.withdraw(stranger, made.id)
    assert await desk.fitting(stranger, OBJECTION, made.kind) == ()
    assert (await desk.withdraw(rita, made.id)).status == "withdrawn"


def test_the_pages(clean: TestClient, play: Play) -> None:
    """The debrief offers it, a trainer rewords and decides, and what was typed is never markup."""
    nasty = "<script>alert(1)</script> Fair. What would have to be true for you to change?"
    session = play(nasty)
    assert f'value="{session}"' in clean.get(f"/debrief/{session}").text
    sent = {"session": session, "turn": "1", "note": "<b>x</b>", "author": "<i>Mo</i>"}
    page = clean.post("/answers", data=sent).text
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert "<i>Mo" not in page
    [answer] = clean.get(URL, params={"status": "offered"}).json()["items"]
    path = f"/answers/{answer['id']}"
    typed = {"wording": "A customer is bound to a Corvane contract for five years."}
    refused = clean.post(path, data={**typed, "then": "approve"})
    assert (refused.status_code, "can’t be approved" in refused.text) == (422, False)
    assert "contradicted" in refused.text
    declined = clean.post(path, data={**typed, "then": "decline", "reason": ""})
    assert (declined.status_code, "tell the author why" in declined.text) == (422, True)
    done = clean.post(path, data={"wording": GOOD, "reason": "", "then": "approve"})
    assert "An answer that worked here, by" in done.text
    assert clean.post("/assist", data={"objection": ASKED}).text.count(GOOD.partition(".")[0]) == 1
