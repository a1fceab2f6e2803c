"""`coach serve` twice on one Chroma server, and with another embedding model."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest

from api.ingesting import Ingestion
from api.wiring import open_index
from coach.model_settings import one_model
from coach.settings import Settings
from knowledge.errors import EmbedderUnavailable
from knowledge.searching.retrieval import HybridRetriever
from tests.chroma_server import chroma_server
from tests.loopback import loopback, status
from tests.loopback_embedding import vectors

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0  # seconds
CHANGES = 5
ITEM = {"kind": "product_fact", "title": "Zeppelin mode", "text": "Zeppelin mode is 3 kg light."}


@contextmanager
def coach(home: Path, **given: str) -> Iterator[httpx.Client]:
    """A client of a server that runs on ``home`` with these settings."""
    process = started("serve", "--port", "0", home=home, **given)
    with process:
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "http://" in line), "")
            assert line, process.stderr.read() if process.stderr else ""
            url = next(word for word in line.split() if word.startswith("http://"))
            with httpx.Client(base_url=url, timeout=60) as client:
                yield client
        finally:
            process.terminate()


def started(*command: str, home: Path, **given: str) -> subprocess.Popen[str]:
    cleared = {"COACH_MODEL_URL": "", "OPENAI_API_KEY": "", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *command, "--home", str(home)],
        env={**os.environ, **cleared, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(true: Callable[[], bool], seconds: float) -> float:
    """The seconds until it was so."""
    since = time.monotonic()
    while not true():
        assert time.monotonic() - since < seconds, "waited for too long"
        time.sleep(0.05)
    return time.monotonic() - since


def found(client: httpx.Client, words: str) -> list[str]:
    answer = client.get("/v1/evidence", params={"q": words, "limit": 3}).json()
    return [item["evidence_id"] for item in answer["items"]]


@pytest.mark.slow
def test_what_one_process_writes_another_finds(tmp_path: Path) -> None:
    """Two that start at once end with one sample; a change is seen by the other soon.

    Printed, not asserted: how soon depends on what else keeps the machine busy.
    """
    with ExitStack() as running:
        chroma = running.enter_context(chroma_server(tmp_path / "chroma"))
        clients = [
            running.enter_context(coach(tmp_path / name, COACH_CHROMA_URL=chroma))
            for name in ("one", "two")
        ]
        listed = [client.get("/v1/evidence?limit=200").json()["items"] for client in clients]
        assert len(listed[0]) > 70
        assert listed[0] == listed[1]
        one, two = clients
        cold = until(lambda: bool(found(two, "Zeppelin mode")), PATIENCE)  # loads the model
        took = []
        for _ in range(CHANGES):
            assert one.put("/v1/evidence/zeppelin", json=ITEM).status_code == 201
            took.append(until(lambda: found(two, "Zeppelin mode")[0] == "zeppelin", PATIENCE))
            assert one.delete("/v1/evidence/zeppelin").status_code == 204
            took.append(until(lambda: "zeppelin" not in found(two, "Zeppelin mode"), PATIENCE))
        print(f"its first search takes {cold:.1f} s; then it sees {len(took)} changes of the other")
        print(f"after {min(took):.1f} to {max(took):.1f} s")


@pytest.mark.eval
def test_two_that_start_at_once_make_one_sample(tmp_path: Path) -> None:
    """Whoever is quicker; nothing is in twice."""
    with chroma_server(tmp_path / "chroma") as chroma:
        homes = [tmp_path / "one", tmp_path / "two"]
        both = [
            started("search", "outage", "--json", home=home, COACH_CHROMA_URL=chroma)
            for home in homes
        ]
        ended = [process.communicate(timeout=100) for process in both]
        assert [process.returncode for process in both] == [0, 0], ended
        with coach(tmp_path / "three", COACH_CHROMA_URL=chroma) as client:
            ids = [
                one["evidence_id"] for one in client.get("/v1/evidence?limit=200").json()["items"]
            ]
            assert len(ids) == len(set(ids)) > 70


def test_ingest_first_changes_the_model(
    copy_of_sample: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that fails leaves everything as it was; afterwards each item has the new model."""
    note = tmp_path / "zeppelin.md"
    note.write_text("---\nkind: product_fact\n---\n# Zeppelin mode\n\nIt is 3 kg light.\n")
    with loopback() as server:
        settings = Settings(
            home=copy_of_sample(),
            embedding="embed-1",
            embedding_url=server.url,
            models=one_model(timeout=5),
        )
        server.behave(status(401))
        with pytest.raises(EmbedderUnavailable, match="refused the key"):
            Ingestion(settings).run([note])
        server.behave(vectors())
        assert Ingestion(settings).run([note])
        assert "Embedding what is there" in capsys.readouterr().err
        _, index = open_index(settings)
        with closing(index):
            assert not index.filling
            assert index.count() > 70
            assert HybridRetriever(index).search("Zeppelin")[0].why == ("meaning and words",)


def test_a_server_that_is_down_is_one_line(tmp_path: Path) -> None:
    """The start is refused, with the URL and what to do."""
    process = started("serve", "--port", "0", home=tmp_path, COACH_CHROMA_URL="http://127.0.0.1:9")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert len(told.splitlines()) == 1
    assert "http://127.0.0.1:9" in told
    assert "COACH_CHROMA_URL" in told


@pytest.mark.eval
@pytest.mark.timeout(300)
def test_another_embedding_model_is_changed_to_while_it_serves(
    copy_of_sample: Callable[[], Path],
) -> None:
    """It starts at once, is searched all the time, says how far it is, and goes on later."""
    home = copy_of_sample()
    with loopback() as server:
        given = {"COACH_EMBEDDING": "embed-1", "COACH_EMBEDDING_URL": server.url}
        server.behave(status(503))
        with coach(home, **given) as client:
            ready = client.get("/readyz").json()
            assert ready["status"] == "ready"
            assert ready["embedding"].startswith("changing to embed-1-")
            assert found(client, "outage")
        server.behave(vectors())
        with coach(home, **given) as client:
            until(lambda: client.get("/readyz").json()["embedding"] == "ok", 60)
            assert client.put("/v1/evidence/zeppelin", json=ITEM).status_code == 201
            assert found(client, "Zeppelin mode")[0] == "zeppelin"
            server.behave(status(401))
            assert found(client, "mode of the Zeppelin")[0] == "zeppelin"
            said = client.get("/readyz").json()
            assert said["status"] == "ready"
            assert said["embedding"].startswith("words only: the embedding server embed-1 at")
        with coach(home) as client:
            until(lambda: client.get("/readyz").json()["embedding"] == "ok", 60)
            assert found(client, "Zeppelin mode")[0] == "zeppelin"
