"""Two companies on one coach, with users of every role: nothing is answered by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.rules import RULES, WHOSE, check, routes_of
from api.app import create_app
from api.wiring import Embedders, assemble, lend
from coach.accounts.book import AccountBook
from coach.errors import NotFound
from coach.session import Caller
from coach.settings import Settings
from knowledge.indexing.switching import SwitchingIndex
from tests.quick_index import item

ADDRESS = "https://coach.example"
CANARY, THEIRS = "Quillfeather", "Thornwick"
RIVAL = "Rivalco"
SAME_ID = "delivery-times"
OBJECTION = "I have never heard of you. Who else in logistics works with you?"

#: Bodies that are good enough for a route to look for what its address names.
BODIES: dict[str, Any] = {
    "/turns": {"text": "How many sites do you have?"},
    "/branch": {"turn": 1},
    "/diagnosis": {"text": "They fear a second outage."},
    "/overrule": {"verdict": "no", "reason": "They never asked."},
    "/decline": {"reason": "It says too much."},
    "/v1/answers/{answer_id}": {"wording": "We deliver in two days."},
    "/workshops/{workshop_id}/sessions": {"scenario": "interest"},
    "/workshops/{workshop_id}/names": {"hidden": True},
    "/workshops/{workshop_id}/votes": {"round": "none", "option": 1},
    "/workshops/{workshop_id}/rounds": {"scenario": "interest"},
    "/v1/goals/{goal_id}": {"name": "Sold", "horizon": "long"},
}
FORMS: dict[str, Any] = {
    "/practice/{session_id}": {"text": "How many sites do you have?"},
    "/branch": {"turn": "1"},
    "/guess": {"guess": "an outage"},
    "/start": {"scenario": "interest"},
    "/workshops/{workshop_id}/votes": {"round": "none", "option": "1"},
    "/workshops/{workshop_id}/board": {"action": "pause"},
    "/workshops/{workshop_id}/rounds": {"scenario": "interest", "act": "open"},
    "/verdicts": {"turn": "1", "check": "r0", "verdict": "no", "reason": "They never asked."},
}


@dataclass
class House:
    """A coach with users; ``ids`` are what the first tenant has, by the name in an address."""

    app: FastAPI
    client: TestClient
    accounts: AccountBook
    tokens: dict[str, str]
    ids: dict[str, str]

    def ask(self, who: str, method: str, path: str, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        given = {**headers, **more.pop("headers", {})}
        return self.client.request(method, path, headers=given, follow_redirects=False, **more)

    def got(self, who: str, path: str, **query: Any) -> Any:
        response = self.ask(who, "GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def made(self, who: str, path: str, body: Any) -> Any:
        response = self.ask(who, "POST", path, json=body)
        assert response.is_success, response.text
        return response.json()


def fact(canary: str) -> dict[str, Any]:
    text = (
        f"{canary}, a logistics company with 41 sites, had never heard of us. "
        f"{canary} asked two customers first, and cut its delivery times to 3 days with us in 2025."
    )
    about = {"customer": canary, "sector": "logistics", "region": "Nordics"}
    return {"kind": "case_study", "title": f"{canary} delivers in 3 days", "text": text, **about}


@pytest.fixture(scope="module")
def house(copy_of_sample: Callable[[], Path]) -> Iterator[House]:
    home = copy_of_sample()
    settings = Settings(home=home)
    built = assemble(settings)
    assert built.ear is not None
    place, _ = settings.index_place_of("acme")
    small = SwitchingIndex(place, Embedders(settings, built.ear))
    small.upsert([item("a-first-one")])  # so that it doesn't begin with the sample
    small.close()
    app = create_app(lambda: lend(built))
    with TestClient(app, base_url=ADDRESS) as client:
        accounts = built.service.accounts
        assert accounts is not None
        yield _peopled(House(app, client, accounts, {}, {}))


def _peopled(house: House) -> House:
    """Ada is an admin; Tess trains Rita, Tom trains nobody; Mia is everything at Acme."""
    book = house.accounts
    book.add_user("ada", ["admin"])
    book.add_tenant("acme", "Acme")
    for name, role in (("tess", "trainer"), ("tom", "trainer"), ("rita", "rep"), ("rob", "rep")):
        book.add_user(name, [role])
    book.add_user("mia", ["rep", "trainer", "admin"], "acme")
    book.add_user("rita", ["rep"], "acme")  # of the same name, and nobody's relation
    book.add_team("North")
    book.join("North", "rita")
    book.join("North", "tess", trains=True)
    for name in ("ada", "tess", "tom", "rita", "rob"):
        house.tokens[name] = book.create_token(name)[1]
    house.tokens["mia"] = book.create_token("mia", tenant="acme")[1]
    house.tokens["their rita"] = book.create_token("rita", tenant="acme")[1]
    revoked, house.tokens["revoked"] = book.create_token("ada")
    book.revoke(revoked.prefix)
    house.tokens["unknown"] = house.tokens["ada"][:-4] + "AAAA"
    return _furnished(house)


def _furnished(house: House) -> House:
    put = house.ask("ada", "PUT", f"/v1/evidence/{SAME_ID}", json=fact(CANARY))
    assert put.status_code == 201, put.text
    session = house.made("rita", "/v1/sessions", {"scenario": "trust-unknown", "seed": 3})["id"]
    asked = {"text": f"Who would you ask about us? {CANARY} delivers to 41 sites."}
    turn = house.made("rita", f"/v1/sessions/{session}/turns", asked)
    check_id = turn["assessment"]["checks"][0]["id"]
    other = house.made("rita", f"/v1/sessions/{session}/branch", {"turn": 1})["id"]
    house.made("rita", f"/v1/sessions/{session}/end", {})
    goal = house.made("tess", "/v1/goals", {"name": f"{CANARY} deals", "horizon": "short"})["id"]
    offer = {"session": session, "turn": 1, "note": CANARY}
    answer = house.made("rita", "/v1/answers", offer)["id"]
    hook = house.made("ada", "/v1/webhooks", {"url": "https://hooks.example/coach"})["id"]
    planned = {"title": f"{CANARY} deals", "scenarios": ["interest"]}
    workshop = house.made("tess", "/v1/workshops", planned)["id"]
    sent = house.made("ada", "/v1/evidence", {"id": "second", **fact(CANARY)})["import"]
    about = {"competitor": RIVAL, "criterion": "speed", "kind": "competitive_fact"}
    rival = {**fact(CANARY), **about, "us": "3 days", "them": "41 sites", "advantage": "us"}
    assert house.ask("ada", "PUT", "/v1/evidence/rival", json=rival).status_code == 201
    source = house.ask("tess", "GET", "/v1/scenarios/interest/source").text
    own = source.replace("id: interest\n", "id: ours\n", 1)
    yaml = {"Content-Type": "application/yaml"}
    kept = house.ask("tess", "POST", "/v1/scenarios", content=own, headers=yaml)
    assert kept.status_code == 201, kept.text
    team = house.got("ada", "/v1/teams")["items"][0]["id"]
    token = house.got("ada", "/v1/tokens", user="rita")["items"][0]["id"]
    house.ids |= {
        "session_id": session,
        "other": other,
        "index": "1",
        "check_id": check_id,
        "goal_id": goal,
        "answer_id": answer,
        "webhook_id": hook,
        "import_id": sent,
        "evidence_id": "rival",
        "competitor": RIVAL,
        "scenario_id": "ours",
        "user": "rita",
        "gap_id": "none",
        "run_id": "none",
        "name": "rob",  # Acme has a rita of its own
        "team_id": team,
        "token_id": token,
        "workshop_id": workshop,
        "round_id": "none",
        "model": "ours",
    }
    return house


def _request(route: str, ids: dict[str, str]) -> tuple[str, str, dict[str, Any]]:
    """A request to the route that is as good as can be without knowing its tenant."""
    method, path = route.split(" ")
    address = path
    for name, value in ids.items():
        address = address.replace(f"{{{name}}}", value)
    if method == "GET":
        return method, address, {"params": {"q": OBJECTION}} if path == "/v1/evidence" else {}
    if path.startswith("/v1/"):
        given = next((b for end, b in BODIES.items() if path == end or path.endswith(end)), {})
        return method, address, {"json": given}
    form = next((f for end, f in FORMS.items() if path == end or path.endswith(end)), {})
    return method, address, {"data": form, "headers": {"Origin": ADDRESS}}


def closed_routes(house: House) -> list[str]:
    return [route for route in routes_of(house.app) if not RULES[route].is_open]


def test_every_route_has_a_rule_and_every_rule_a_route(house: House) -> None:
    """What nobody made a rule for stops the application at its start."""
    assert set(RULES) == set(routes_of(house.app))
    assert {rule.whose for rule in RULES.values()} == set(WHOSE)
    forgotten = FastAPI()
    forgotten.get("/v1/secrets")(lambda: "all of them")
    with pytest.raises(LookupError, match="GET /v1/secrets"):
        check(forgotten)


@pytest.mark.parametrize("who", ["", "revoked", "unknown"])
def test_without_a_token_that_holds_nothing_opens(house: House, who: str) -> None:
    """401 with what to do; a page leads to the way in."""
    for route in closed_routes(house):
        method, address, given = _request(route, house.ids)
        answer = house.ask(who, method, address, **given)
        if method == "GET" and not address.startswith(("/v1/", "/metrics")):
            assert answer.status_code == 303, route
            assert answer.headers["location"].startswith("/login?after="), route
        else:
            assert answer.status_code == 401, (route, answer.text[:200])
        assert CANARY not in answer.text


@pytest.mark.parametrize(("who", "role"), [("rob", "rep"), ("tom", "trainer"), ("ada", "admin")])
def test_a_role_is_refused_what_the_table_keeps_from_it(house: House, who: str, role: str) -> None:
    """403, whatever the body."""
    kept = [route for route in closed_routes(house) if role not in RULES[route].roles]
    assert kept
    for route in kept:
        method, address, given = _request(route, house.ids)
        answer = house.ask(who, method, address, **given)
        assert answer.status_code == 403, (route, answer.text[:200])


@pytest.mark.parametrize("who", ["rob", "tom", "ada", "tess", "their rita", "mia"])
def test_what_isnt_theirs_doesnt_exist(house: House, who: str) -> None:
    """404 for a session of somebody else; whoever trains them may read it, and nothing more."""
    for route in closed_routes(house):
        rule = RULES[route]
        if "{session_id}" not in route or (who == "tess" and rule.whose == "team"):
            continue
        method, address, given = _request(route, house.ids)
        answer = house.ask(who, method, address, **given)
        refused = {404} if rule.roles & _roles(house, who) else {403}
        assert answer.status_code in refused, (route, answer.text[:200])
        assert who == "tess" or CANARY not in answer.text


def _roles(house: House, who: str) -> frozenset[str]:
    caller = house.accounts.caller_with(house.tokens[who])
    assert caller is not None
    return caller.roles


def test_another_tenants_things_are_nowhere(house: House) -> None:
    """With every role of her own, Mia finds nothing of the others by any address or list."""
    for route in closed_routes(house):
        method, address, given = _request(route, house.ids)
        answer = house.ask("mia", method, address, **given)
        assert answer.status_code < 500, (route, answer.text[:300])
        assert CANARY not in answer.text, route
        if "{" in route:
            assert answer.status_code in (404, 422), (route, answer.status_code)
    for name in ("rival", SAME_ID):
        assert CANARY in house.got("rita", f"/v1/evidence/{name}")["text"]
    assert house.got("rita", "/v1/goals")["items"][0]["id"] == house.ids["goal_id"]


def test_each_tenant_is_answered_from_its_own_evidence(house: House) -> None:
    """Two items of the same id live beside each other, and each proves its own tenant's words."""
    theirs = house.ask("mia", "PUT", f"/v1/evidence/{SAME_ID}", json=fact(THEIRS))
    assert theirs.status_code == 201
    session = house.made("mia", "/v1/sessions", {"scenario": "trust-unknown", "seed": 3})["id"]
    asked = {"objection": OBJECTION, "context": {"sector": "logistics"}}
    for who, own, other in (("rita", CANARY, THEIRS), ("mia", THEIRS, CANARY)):
        claim = {"text": f"{own} cut its delivery times to 3 days with us in 2025."}
        proofs = [
            house.got(who, f"/v1/evidence/{SAME_ID}"),
            house.got(who, "/v1/evidence", q=f"deliveries {CANARY} {THEIRS}"),
            house.made(who, "/v1/claims/check", claim)["claims"][0]["evidence"],
        ]
        for one in proofs:
            assert own in str(one)
            assert other not in str(one)
        advice = house.made(who, "/v1/suggestions", asked)
        assert other not in str(advice)
        assert other not in str(house.got(who, "/v1/evidence/check"))
    told = {"text": f"A delivery takes 3 days with us, as {THEIRS} measured on 41 sites."}
    turn = house.made("mia", f"/v1/sessions/{session}/turns", told)
    hint = house.made("mia", f"/v1/sessions/{session}/hint", {"level": 3})
    debrief = house.made("mia", f"/v1/sessions/{session}/end", {})
    assert CANARY not in str([turn, hint, debrief])


def test_a_tenants_import_goes_into_its_own_index(house: House) -> None:
    """Also by the worker, which works for all of them; what says the same elsewhere isn't told."""
    sent = house.made("mia", "/v1/evidence", {"id": "sent", **fact(CANARY.lower())})["import"]
    for _ in range(200):
        done = house.got("mia", f"/v1/imports/{sent}")
        if done["status"] in ("done", "failed"):
            break
    assert done["status"] == "done", done
    assert "rival" not in str(done)
    assert house.got("mia", "/v1/evidence/sent")
    assert house.ask("rita", "GET", "/v1/evidence/sent").status_code == 404


def test_a_trainer_reads_those_they_train_and_overrules(house: House) -> None:
    """Sessions, debrief, transcript, progress; and the rep finds the overruling in theirs."""
    session = house.ids["session_id"]
    assert house.got("tess", f"/v1/sessions/{session}")["id"] == session
    assert house.got("tess", f"/v1/sessions/{session}/debrief")["session"] == session
    assert house.ask("tess", "GET", f"/debrief/{session}").status_code == 200
    assert [team["members"] for team in house.got("tess", "/v1/teams")["items"]] == [["rita"]]
    listed = house.got("tess", "/v1/teams/members/rita/sessions")["items"]
    assert session in {one["id"] for one in listed}
    seen = house.got("tess", "/v1/teams/members/rita/progress")
    assert seen["sessions"] == house.got("rita", "/v1/me/progress")["sessions"] > 0
    for path in ("sessions", "progress"):
        assert house.ask("tess", "GET", f"/v1/teams/members/rob/{path}").status_code == 404
        assert house.ask("tom", "GET", f"/v1/teams/members/rita/{path}").status_code == 404
    checks = house.got("rita", f"/v1/sessions/{session}")["turns"][1]["assessment"]["checks"]
    verdict = "no" if checks[0]["verdict"] == "yes" else "yes"
    place = f"/v1/sessions/{session}/turns/1/checks/{checks[0]['id']}/overrule"
    house.made("tess", place, {"verdict": verdict, "reason": "I was there."})
    [ruling] = house.got("rita", f"/v1/sessions/{session}/overrulings")["items"]
    assert (ruling["author"], ruling["verdict"]) == ("tess", verdict)


def test_a_trainers_team_is_theirs_alone(house: House) -> None:
    """Skills, who needs what and each one's sessions: of those they train, and of nobody else."""
    found = house.got("tess", "/v1/teams/skills", weeks=4)
    assert [(one["name"], one["sessions"] > 0) for one in found["people"]] == [("rita", True)]
    assert [row["label"] for row in found["table"]] == ["rita"]
    assert found["table"][0]["total"]["seen"] > 0
    assert house.got("tom", "/v1/teams/skills")["people"] == []
    team = house.got("tess", "/v1/teams")["items"][0]["id"]
    assert house.ask("tom", "GET", f"/v1/teams/skills?team={team}").status_code == 404
    assert house.ask("tess", "GET", "/v1/teams/skills?columns=person").status_code == 422
    page = house.ask("tess", "GET", "/team?rows=check&columns=scenario")
    assert page.status_code == 200
    assert "/team/people/rita" in page.text
    theirs = house.ask("tess", "GET", "/team/people/rita")
    assert f"/debrief/{house.ids['session_id']}/verdicts" in theirs.text
    assert house.ask("tess", "GET", "/team/people/rob").status_code == 404
    assert house.ask("tom", "GET", "/team").status_code == 200


def test_a_tenant_that_doesnt_exist_is_nobodys(house: House) -> None:
    """The house opens no service for a name that nobody made."""
    service = house.app.state.service
    with pytest.raises(NotFound):
        service.of("../acme")
    assert service.of("acme").tenant == "acme"
    with pytest.raises(NotFound):
        house.accounts.member_trained_by(Caller("tess", "acme"), "rita")
