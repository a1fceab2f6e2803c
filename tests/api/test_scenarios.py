"""Trainers write scenarios over HTTP, and reps go on with what they began."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access.guard import visitor
from coach.authoring.reading import scenario_of
from coach.authoring.starting import started
from coach.session import Caller

YAML = {"Content-Type": "application/yaml"}


def source(scenario_id: str, **changes: str) -> str:
    text = started(scenario_id)
    for old, new in changes.items():
        text = text.replace(f"{old}: ", f"{old}: {new} #", 1)
    return text


def send(coach: TestClient, method: str, path: str, text: str, **headers: str) -> Any:
    return coach.request(method, path, content=text.encode(), headers={**YAML, **headers})


@pytest.fixture
def mine(coach: TestClient) -> Iterator[str]:
    """The path of a scenario that was just written."""
    made = send(coach, "POST", "/v1/scenarios", source("mine"))
    assert made.status_code in (200, 201), made.text
    yield "/v1/scenarios/mine"
    coach.delete("/v1/scenarios/mine")


class TestWriting:
    def test_a_new_one_is_in_the_list_at_once(self, coach: TestClient) -> None:
        """Created, at its own address, with the version as its ETag; and deleted again."""
        made = send(coach, "POST", "/v1/scenarios", source("fresh"))
        assert made.status_code == 201
        assert made.headers["location"] == "/v1/scenarios/fresh"
        assert made.headers["etag"] == f'"{made.json()["version"]}"'
        assert made.json()["persona"]["id"] == "helen-marsh"
        ids = [one["id"] for one in coach.get("/v1/scenarios").json()["items"]]
        assert ids[-1] == "fresh"
        assert "Not before the summer" in coach.get("/").text
        assert coach.delete("/v1/scenarios/fresh").status_code == 204
        assert coach.get("/v1/scenarios/fresh").status_code == 404

    def test_a_fault_is_a_problem_with_place_and_line(self, coach: TestClient) -> None:
        """All of them; nothing is stored."""
        text = source("faulty", minutes="soon", weight="9")
        answer = send(coach, "POST", "/v1/scenarios", text)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        first, second = answer.json()["errors"]
        line = text[: text.index("minutes: soon")].count("\n") + 1
        assert first == {"loc": ["minutes"], "line": line, "msg": "must be a whole number"}
        assert second["loc"] == ["concerns", 0, "weight"]
        assert answer.json()["detail"].startswith(f"scenario line {line}: minutes: must be")
        assert coach.get("/v1/scenarios/faulty").status_code == 404

    def test_json_will_do_too(self, coach: TestClient) -> None:
        """The same scenario, and it is kept as YAML."""
        scenario = scenario_of(source("from-json"), "x")
        body = scenario.model_dump(mode="json", exclude_defaults=True)
        assert coach.post("/v1/scenarios", json=body).status_code == 201
        kept = coach.get("/v1/scenarios/from-json/source").text
        assert scenario_of(kept, "x") == scenario
        coach.delete("/v1/scenarios/from-json")

    def test_what_is_no_scenario_at_all_is_told(self, coach: TestClient) -> None:
        """Another kind of body, bytes, a tower, and one that is too long."""
        path = "/v1/scenarios/validate"
        assert coach.post(path, content=b"x", headers={"Content-Type": "a/b"}).status_code == 415
        assert coach.post(path, content=b"\xff", headers=YAML).status_code == 422
        told = send(coach, "POST", path, "[" * 200_000).json()
        assert told["errors"][0]["msg"] == "nested more than 30 deep"
        long = send(coach, "POST", path, "x" * 300_000).json()
        assert "a scenario has at most" in long["errors"][0]["msg"]
        assert send(coach, "POST", path, "x" * 2_000_000).status_code == 413

    def test_a_taken_id_is_a_conflict(self, coach: TestClient, mine: str) -> None:
        """The very same is no second one."""
        assert send(coach, "POST", "/v1/scenarios", source("mine")).status_code == 200
        other = send(coach, "POST", "/v1/scenarios", source("mine", minutes="12"))
        assert (other.status_code, "PUT changes it" in other.text) == (409, True)
        ours = send(coach, "POST", "/v1/scenarios", source("interest"))
        assert ours.status_code == 409

    def test_each_put_raises_the_version_and_the_old_ones_stay(
        self, coach: TestClient, mine: str
    ) -> None:
        """Readable by their number; an editor who is late is told."""
        first = coach.get(mine)
        changed = send(
            coach, "PUT", mine, source("mine", minutes="14"), **{"If-Match": first.headers["etag"]}
        )
        assert changed.json()["version"] == first.json()["version"] + 1
        late = send(
            coach, "PUT", mine, source("mine", minutes="15"), **{"If-Match": first.headers["etag"]}
        )
        assert late.status_code == 412
        old = coach.get(mine, params={"version": first.json()["version"]}).json()
        assert (old["minutes"], coach.get(mine).json()["minutes"]) == (10, 14)
        listed = coach.get(f"{mine}/versions").json()["items"]
        assert [v["version"] for v in listed][:2] == [
            changed.json()["version"],
            first.json()["version"],
        ]
        assert coach.get(mine, params={"version": 999}).status_code == 404

    def test_the_id_in_the_address_and_in_the_text_are_one(
        self, coach: TestClient, mine: str
    ) -> None:
        """Else nobody knows which was meant."""
        answer = send(coach, "PUT", mine, source("other"))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == ["id"]
        assert answer.json()["errors"][0]["line"]

    def test_an_own_version_of_what_ships_is_played_until_it_is_deleted(
        self, coach: TestClient
    ) -> None:
        """Then the one that ships comes back; that one can't be deleted."""
        path = "/v1/scenarios/interest"
        shipped = coach.get(path).json()
        text = coach.get(f"{path}/source").text.replace("title: ", "title: Ours, and ")
        assert send(coach, "PUT", path, text).status_code == 200
        assert coach.get(path).json()["title"] == f"Ours, and {shipped['title']}"
        assert coach.delete(path).status_code == 204
        assert coach.get(path).json() == shipped
        assert coach.delete(path).status_code == 409


class TestChecking:
    def test_warnings_come_with_their_lines(self, coach: TestClient) -> None:
        """Those of the text and those of the evidence; nothing is stored."""
        text = source("checked", vendor="Nordwind").replace(
            "two hours of your time", "731 EUR of your money"
        )
        told = send(coach, "POST", "/v1/scenarios/validate", text).json()
        assert (told["valid"], told["errors"]) == (True, [])
        lines = {".".join(map(str, one["loc"])): one["line"] for one in told["warnings"]}
        assert lines["vendor"] == text[: text.index("vendor: Nordwind")].count("\n") + 1
        assert lines["concerns.0.needs.0.about.3"] == (
            text[: text.index("731 EUR")].count("\n") + 1
        )
        assert coach.get("/v1/scenarios/checked").status_code == 404

    def test_the_schema_is_published(self, coach: TestClient) -> None:
        """As JSON Schema."""
        schema = coach.get("/v1/scenarios/schema").json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert "personas" in schema["required"]


class TestPlaying:
    def test_a_session_keeps_what_it_began_with(self, coach: TestClient, mine: str) -> None:
        """Whatever becomes of the scenario meanwhile: turns, hints, page, debrief, transcript."""
        begun = coach.post("/v1/sessions", json={"scenario": "mine", "seed": 5}).json()
        path = f"/v1/sessions/{begun['id']}"
        renamed = source("mine", title="Quite another").replace("no-time-now", "renamed")
        assert send(coach, "PUT", mine, renamed).status_code == 200
        assert coach.delete(mine).status_code == 204
        said = "What does the time between now and the summer look like for your team?"
        assert coach.post(f"{path}/turns", json={"text": said}).status_code == 200
        assert coach.post(f"{path}/hint").status_code == 200
        assert "Not before the summer" in coach.get(f"/practice/{begun['id']}").text
        debrief = coach.post(f"{path}/end").json()
        assert "no-time-now" in [c["id"] for c in debrief["buyer"]["concerns"]]
        assert "Not before the summer" in coach.get(f"/debrief/{begun['id']}").text
        assert "Not before the summer" in coach.get(f"{path}/transcript?format=md").text
        assert coach.get(f"{path}/scenario").json()["version"] == begun["scenario_version"]

    def test_a_scenario_is_tried_without_being_stored(self, coach: TestClient) -> None:
        """It can be played to its end, and the gallery doesn't know it."""
        given = {"source": source("tried"), "persona": "ines-caldas", "seed": 3}
        begun = coach.post("/v1/scenarios/try", json=given)
        assert begun.status_code == 201, begun.text
        path = f"/v1/sessions/{begun.json()['id']}"
        assert begun.json()["persona"] == "ines-caldas"
        assert coach.post(f"{path}/turns", json={"text": "I see. Why?"}).status_code == 200
        assert coach.post(f"{path}/end").status_code == 200
        assert coach.get("/v1/scenarios/tried").status_code == 404
        faulty = coach.post("/v1/scenarios/try", json={"source": "id: x"})
        assert faulty.status_code == 422

    def test_somebody_of_another_scenario_may_be_met_where_guests_are_welcome(
        self, coach: TestClient, mine: str
    ) -> None:
        """The scenario says so; elsewhere its own people are named."""
        guest = coach.get("/v1/scenarios/interest").json()["personas"][0]
        given = {"scenario": "mine", "persona": guest["id"]}
        refused = coach.post("/v1/sessions", json=given)
        assert (refused.status_code, "helen-marsh" in refused.text) == (422, True)
        text = source("mine").replace("\nopening:", "\nguests: true\n\nopening:")
        send(coach, "PUT", mine, text)
        begun = coach.post("/v1/sessions", json=given).json()
        assert begun["persona"] == guest["id"]
        assert guest["name"] in coach.get(f"/practice/{begun['id']}").text
        met = coach.get(f"/v1/sessions/{begun['id']}/scenario").json()["personas"]
        assert guest in met

    def test_whatever_is_written_is_shown_as_text(self, coach: TestClient) -> None:
        """On the pages nothing of it becomes markup."""
        text = source("evil", title="'<script>alert(1)</script>'")
        assert send(coach, "POST", "/v1/scenarios", text).status_code == 201
        begun = coach.post("/v1/sessions", json={"scenario": "evil"}).json()
        for page in ("/", f"/practice/{begun['id']}", "/assist"):
            assert "<script>alert" not in coach.get(page).text
        coach.delete("/v1/scenarios/evil")


class TestHandingOn:
    def test_a_bundle_comes_back_as_it_was(self, coach: TestClient, mine: str) -> None:
        """One or several; each file of an import has its answer."""
        one = coach.get(f"{mine}/bundle")
        assert one.headers["content-type"] == "application/zip"
        both = coach.get("/v1/scenarios/bundle", params={"id": ["mine", "interest"]}).content
        names = zipfile.ZipFile(io.BytesIO(both)).namelist()
        assert names == ["mine.yaml", "interest.yaml", "manifest.json"]
        coach.delete(mine)
        headers = {"Content-Type": "application/zip"}
        answer = coach.post("/v1/scenarios/import", content=both, headers=headers).json()
        assert [(i["id"], i["status"]) for i in answer["items"]] == [
            ("mine", "new"),
            ("interest", "unchanged"),
        ]
        assert coach.get(mine).status_code == 200

    def test_a_bad_file_is_told_and_the_rest_goes_in(self, coach: TestClient) -> None:
        """With line and field."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("good.yaml", source("good"))
            archive.writestr("bad.yaml", source("bad", minutes="soon"))
        headers = {"Content-Type": "application/zip"}
        answer = coach.post("/v1/scenarios/import", content=out.getvalue(), headers=headers)
        found = {one["file"]: one for one in answer.json()["items"]}
        assert found["good.yaml"]["status"] == "new"
        assert found["bad.yaml"]["status"] == "refused"
        assert found["bad.yaml"]["errors"][0]["loc"] == ["minutes"]
        coach.delete("/v1/scenarios/good")


class TestDrafts:
    def test_a_draft_from_evidence_is_valid_and_playable(self, coach: TestClient) -> None:
        """From an id of the index; what nobody has is not found."""
        made = coach.post("/v1/scenarios/draft", json={"evidence": "pellicom-failover"}).json()
        assert made["id"] == "draft-pellicom"
        told = send(coach, "POST", "/v1/scenarios/validate", made["source"]).json()
        assert told["valid"]
        begun = coach.post("/v1/scenarios/try", json={"source": made["source"]})
        assert begun.status_code == 201
        assert "Pellicom" in begun.json()["turns"][0]["text"]
        missing = coach.post("/v1/scenarios/draft", json={"evidence": "nothing"})
        assert missing.status_code == 404
        assert coach.post("/v1/scenarios/draft", json={}).status_code == 422


class TestWhoMay:
    @pytest.fixture
    def as_rep(self, coach: TestClient) -> Iterator[TestClient]:
        app = coach.app
        assert isinstance(app, FastAPI)
        app.dependency_overrides[visitor] = lambda: Caller(user="rita", tenant="local")
        yield coach
        app.dependency_overrides.clear()

    def test_a_rep_writes_and_sees_nothing_of_it(self, as_rep: TestClient) -> None:
        """403 for each verb of a trainer."""
        text = source("sly")
        answers = [
            send(as_rep, "POST", "/v1/scenarios", text),
            send(as_rep, "PUT", "/v1/scenarios/interest", text),
            send(as_rep, "POST", "/v1/scenarios/validate", text),
            send(as_rep, "POST", "/v1/scenarios/import", text),
            as_rep.delete("/v1/scenarios/interest"),
            as_rep.get("/v1/scenarios/interest/source"),
            as_rep.get("/v1/scenarios/interest/versions"),
            as_rep.get("/v1/scenarios/interest/bundle"),
            as_rep.get("/v1/scenarios/bundle?id=interest"),
            as_rep.post("/v1/scenarios/draft", json={"evidence": "x"}),
            as_rep.post("/v1/scenarios/try", json={"source": text}),
        ]
        assert {answer.status_code for answer in answers} == {403}

    def test_what_a_rep_may_read_hides_what_the_buyer_hides(
        self, coach: TestClient, mine: str
    ) -> None:
        """Only the source has it, which is for trainers."""
        for path in (mine, "/v1/scenarios"):
            assert "burnt-fingers" not in coach.get(path).text
        assert "burnt-fingers" in coach.get(f"{mine}/source").text
