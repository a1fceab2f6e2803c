"""`coach doctor` looks at the real parts and says what to do about each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from api.client import open_client
from api.doctor import examine, forget_old
from api.finding import Verdict, as_record
from api.server import private_server
from api.wiring import now, open_index, open_shelf
from coach.authoring.versions import Version
from coach.budget import Spent
from coach.model_settings import one_model
from coach.session import LOCAL, ModelWork, Provenance
from coach.settings import Settings, load_settings
from coach.store import open_store
from tests.coach.store.samples import ANNA, exchange_at, new_session
from tests.loopback import loopback, status
from tests.loopback_embedding import vectors


def findings(settings: Settings) -> dict[str, tuple[Verdict, str]]:
    return {f.name: (f.verdict, f"{f.says} {f.todo}") for f in examine(settings)}


class Models(BaseHTTPRequestHandler):
    """A model server that wants a key."""

    def do_GET(self) -> None:
        is_allowed = self.headers.get("Authorization") == "Bearer sk-right"
        self.send_response(200 if is_allowed and self.path == "/v1/models" else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def model_url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Models) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_fresh_home_is_well_and_says_what_comes_next(tmp_path: Path) -> None:
    """Nothing is broken: the index is empty so far, and no model is needed."""
    found = findings(Settings(home=tmp_path / "new"))
    assert {verdict for verdict, _ in found.values()} == {Verdict.OK, Verdict.MISSING}
    assert found["index"][0] is Verdict.MISSING
    assert "coach ingest" in found["index"][1]
    assert "OPENAI_API_KEY" in found["model"][1]


def test_scenarios_of_this_home_are_counted_and_one_it_no_longer_takes_is_named(
    tmp_path: Path,
) -> None:
    """The others are played on, so that it would go unnoticed."""
    settings = Settings(home=tmp_path / "home")
    with open_shelf(settings) as shelf:
        shelf.put(LOCAL, shelf.book.get("interest"), shelf.book.source("interest") + "# ours\n")
    assert findings(settings)["scenarios"] == (Verdict.OK, "14 ship, 1 written or changed here ")
    store = open_store(settings.database)
    store.add_scenario(LOCAL.tenant, Version("old", 1, "id: old\n", "someone", now()), None)
    store.close()
    verdict, told = findings(settings)["scenarios"]
    assert verdict is Verdict.BROKEN
    assert "left out: old (" in told
    assert "import it again" in told


def test_each_broken_part_is_named_with_its_remedy(tmp_path: Path) -> None:
    """One illness doesn't hide another."""
    (tmp_path / "file").write_text("")
    settings = Settings(
        home=tmp_path / "file" / "home", models=one_model("http://me:pw@127.0.0.1:9/v1")
    )
    found = findings(settings)
    broken = {name for name, (verdict, _) in found.items() if verdict is Verdict.BROKEN}
    assert broken == {"home", "database", "index", "scenarios", "model"}
    assert "--home" in found["home"][1]
    assert "pw" not in found["model"][1]
    assert not as_record(settings, examine(settings))["ok"]


def test_the_model_is_asked_whether_it_takes_the_key(tmp_path: Path, model_url: str) -> None:
    """The key itself is never shown."""
    for key, verdict in (("sk-right", Verdict.OK), ("sk-wrong", Verdict.BROKEN)):
        settings = Settings(home=tmp_path, models=one_model(model_url, key))
        assert findings(settings)["model"][0] is verdict
        assert key not in json.dumps(as_record(settings, examine(settings)))
    lost = Settings(home=tmp_path, models=one_model(f"{model_url}/lost", "sk-right"))
    assert findings(lost)["model"][0] is Verdict.BROKEN


def test_each_model_is_named_with_its_jobs_and_what_is_left_to_spend(tmp_path: Path) -> None:
    """A job that the embedded engine does has none."""
    with loopback() as server:
        env = {"COACH_MODEL_URL": server.url, "COACH_MODEL_JUDGE": "embedded"}
        budget = {"COACH_MODEL_SUGGEST": "large", "COACH_MODEL_BUDGET_DAY": "1000"}
        settings = load_settings(tmp_path, env | budget)
        store = open_store(settings.database)
        store.spend(Spent(LOCAL.tenant, now().date(), "", 300, 100))
        found = findings(settings)
        assert "the default model speaks" in found["model for voice"][1]
        assert "large speaks" in found["model for suggest"][1]
        assert "400 tokens spent today of 1,000; 600 left" in found["model budget"][1]
        store.spend(Spent(LOCAL.tenant, now().date(), "", 600, 0))
        store.close()
        verdict, said = findings(settings)["model budget"]
        assert verdict is Verdict.MISSING
        assert "COACH_MODEL_BUDGET_DAY" in said


def test_the_embedding_server_is_asked_for_a_vector(tmp_path: Path) -> None:
    """One that refuses the key is broken; the key is never shown."""
    with loopback() as server:
        given = {"embedding": "embed-1", "embedding_url": server.url, "openai_api_key": "sk-mine"}
        settings = Settings(home=tmp_path, **given)
        server.behave(vectors(96))
        verdict, says = findings(settings)["embedding"]
        assert verdict is Verdict.OK
        assert "embed-1 at 127.0.0.1" in says
        assert "96 numbers" in says
        server.behave(status(401))
        verdict, says = findings(settings)["embedding"]
        assert verdict is Verdict.BROKEN
        assert "refused the key (401): check OPENAI_API_KEY" in says
        assert "sk-mine" not in says


@pytest.mark.slow
def test_what_other_models_left_is_named_and_can_be_deleted(
    copy_of_sample: Callable[[], Path],
) -> None:
    """While a change is unfinished, nothing that it needs."""
    home = copy_of_sample()
    with loopback() as server:
        server.behave(vectors())
        settings = Settings(home=home, embedding="embed-1", embedding_url=server.url)
        _, index = open_index(settings)
        index.switch_in_background()
        index.close()
        said = findings(settings)["index"][1]
        assert "all-minilm-l6-v2-int8" in said
        assert forget_old(settings) == []
        _, index = open_index(settings)
        index.switch()
        index.close()
        verdict, said = findings(settings)["index"]
        assert verdict is Verdict.OK
        assert "isn't used" in said
        assert "--forget-old" in said
        (gone,) = forget_old(settings)
        assert gone.startswith("all-minilm-l6-v2-int8 (")
        assert "isn't used" not in findings(settings)["index"][1]


@pytest.mark.slow
def test_a_running_server_tells_which_model_it_leaves_alone(
    copy_of_sample: Callable[[], Path],
) -> None:
    """Its circuit breaker is seen by nobody else: asked by a command of its own, the model server
    may look well."""
    with loopback() as server:
        settings = Settings(home=copy_of_sample(), models=one_model(server.url, timeout=2.0))
        server.behave(status(401))
        with private_server(settings), open_client(settings) as client:
            verdict, said = findings(settings)["model at the server"]
            assert (verdict, "loopback-1" in said) == (Verdict.OK, True)
            for _ in range(3):
                client.post("/v1/suggestions", {"objection": "We have Meridant, and like them."})
            verdict, said = findings(settings)["model at the server"]
            assert verdict is Verdict.MISSING
            assert "left alone for another" in said
            assert "embedded engine speaks" in said
            assert findings(settings)["index"][0] is Verdict.OK


def test_a_chroma_server_that_is_down_is_named(tmp_path: Path) -> None:
    """With its URL and what to do; the rest is looked at all the same."""
    found = findings(Settings(home=tmp_path, chroma_url="http://127.0.0.1:9"))
    verdict, said = found["index"]
    assert verdict is Verdict.BROKEN
    assert "http://127.0.0.1:9" in said
    assert "COACH_CHROMA_URL" in said
    assert found["database"][0] is Verdict.OK


def test_what_became_of_a_models_answers_is_counted_by_reason(tmp_path: Path) -> None:
    """Over the turns as they were stored: worded anew, replaced, judged, and the tokens."""
    settings = Settings(home=tmp_path)
    assert "no model was asked" in findings(settings)["model's answers"][1]
    store = open_store(settings.database)
    session = new_session()
    store.create(session)
    anew = ModelWork(2, ("role_flip",), "", "m", 60, 20)
    given_up = ModelWork(2, ("leak", "leak"), "leak", "m", 60, 20)
    for index, work in ((1, anew), (3, given_up)):
        made = exchange_at(index)
        provenance = Provenance("m", "m", wording=work, judging=ModelWork(1, model="m"))
        buyer = replace(made.buyer, provenance=provenance)
        store.append(ANNA, session.id, replace(made, buyer=buyer))
    assert store.load(ANNA, session.id).turns[-1].provenance == provenance
    store.close()
    verdict, told = findings(settings)["model's answers"]
    assert verdict is Verdict.MISSING
    assert "2 of 2 turns were put to a model, 1 worded anew, 1 replaced (leak 1)" in told
    assert "3 (leak 2, role_flip 1)" in told
    assert "2 judged by a model" in told
    assert "160 tokens" in told
