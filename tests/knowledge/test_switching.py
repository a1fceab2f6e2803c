"""Another embedding model: its collection is filled beside the old one, and searched when it is
complete; whatever fails or is killed, no evidence is lost and nothing is embedded twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from knowledge.errors import EmbedderUnavailable
from knowledge.evidence import Evidence
from knowledge.indexing import switching
from knowledge.indexing.index import KnowledgeIndex
from knowledge.indexing.rows import content_hash, rows_of
from knowledge.indexing.switching import SwitchingIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors import remote_embedding
from knowledge.vectors.embedding import MiniLMEmbedder
from knowledge.vectors.remote_embedding import Address, RemoteEmbedder
from tests.loopback import Behaviour, Handler, Loopback, hang, loopback, status
from tests.loopback_embedding import WIDTH, vectors

MINILM = MiniLMEmbedder()


def item(key: str, text: str = "") -> Evidence:
    return Evidence.model_validate(
        {"id": key, "kind": "product_fact", "title": key, "text": text or f"{key} is a fact."}
    )


FACTS = [item(f"fact-{n:03}", f"Number {n} moved its lines in {n + 300} days.") for n in range(150)]


class Embedders:
    """The embedded model, and one on a server when ``model`` is named."""

    def __init__(self, model: str | None = None, url: str | None = None) -> None:
        self.model, self.url = model, url

    def wanted(self, dimensions: int | None = None) -> MiniLMEmbedder | RemoteEmbedder:
        if self.model is None:
            return MINILM
        return RemoteEmbedder(Address.of(self.model, self.url), None, 2.0, dimensions)

    def recorded(
        self, origin: str, dimensions: int | None = None
    ) -> MiniLMEmbedder | RemoteEmbedder:
        if origin == MINILM.origin:
            return MINILM
        return RemoteEmbedder(Address.from_json(origin), None, 2.0, dimensions)


Make = Callable[..., SwitchingIndex]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        running.behave(vectors())
        yield running


@pytest.fixture(autouse=True)
def _brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_embedding, "PAUSE", 0.01)
    monkeypatch.setattr(switching, "TRY_AGAIN", 0.05)


@pytest.fixture
def opened(tmp_path: Path, server: Loopback) -> Iterator[Make]:
    """Opens the index of one folder as often as asked, the one before closed first."""
    with ExitStack() as last:

        def make(model: str | None = None) -> SwitchingIndex:
            last.close()
            index = SwitchingIndex(tmp_path / "index", Embedders(model, server.url))
            return last.enter_context(closing(index))

        yield make


def texts_sent(server: Loopback) -> list[str]:
    return [text for body in server.bodies for text in body["input"]]


def until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited for too long"
        time.sleep(0.01)


def assert_same(index: SwitchingIndex, items: list[Evidence]) -> None:
    """These items, each with vectors that its own model gives."""
    assert {one.id: one for one in index.all()} == {one.id: one for one in items}
    current = index.current()
    contents = current.contents()
    assert contents.hashes.keys() == contents.items.keys()
    stored = current.vectors(contents.rows)
    some = range(0, len(contents), max(1, len(contents) // 20))
    rows = {row.id: row for one in items for row in rows_of(one, content_hash(one), 0)}
    wanted = current.embedder.embed([rows[contents.rows[n]].embedded for n in some])
    for n, vector in zip(some, wanted, strict=True):
        assert stored[contents.rows[n]] == pytest.approx(vector, abs=1e-4)


def test_a_new_index_has_the_wanted_model_at_once(opened: Make, server: Loopback) -> None:
    """Nothing is embedded first by one that isn't wanted."""
    index = opened("embed-1")
    index.upsert(FACTS)
    assert index.current().embedder.name.startswith("embed-1-127-0-0-1-")
    assert len(texts_sent(server)) == len(FACTS)
    assert index.filling is None
    assert not index.switch()
    assert index.condition() == "ok"
    assert_same(index, FACTS)


def test_an_index_of_before_is_taken_as_it_is(opened: Make, tmp_path: Path) -> None:
    """One without any note about models has the embedded one."""
    plain = KnowledgeIndex(tmp_path / "index", MINILM)
    plain.upsert(FACTS[:5])
    plain.close()
    index = opened("embed-1")
    assert index.current().embedder is MINILM
    assert_same(index, FACTS[:5])
    assert index.condition().startswith("changing to embed-1-127-0-0-1-")


def test_it_switches_when_nothing_is_missing(opened: Make, server: Loopback) -> None:
    """Until then the old one is searched; progress counts up to all."""
    opened().upsert(FACTS)
    index = opened("embed-1")
    told: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        told.append((done, total))
        assert index.current().embedder is MINILM
        assert index.count() == len(FACTS)

    assert index.switch(look)
    assert told[0] == (0, 150)
    assert told[-1] == (150, 150)
    assert told == sorted(told)
    assert index.current().embedder.name.startswith("embed-1-")
    assert_same(index, FACTS)


def test_a_search_goes_on_over_the_switch(opened: Make, server: Loopback) -> None:
    """The same retriever, before and after, and never fewer items than there are."""
    opened().upsert(FACTS)
    index = opened("embed-1")
    retriever = HybridRetriever(index)
    query = "Number 17 moved its lines"
    assert retriever.search(query)[0].evidence.id == "fact-017"
    index.switch_in_background()
    until(lambda: retriever.search(query)[0].evidence.id == "fact-017" and not index.filling)
    server.bodies.clear()
    found = retriever.search(f"{query} in 317 days", limit=3)
    assert found[0].evidence.id == "fact-017"
    assert "words only" not in str(found[0].why)
    assert texts_sent(server) == [f"{query} in 317 days"]


def test_what_changes_meanwhile_is_in_the_new_one_too(opened: Make, server: Loopback) -> None:
    """Added, changed and removed, while it is being filled and at the very last moment."""
    opened().upsert(FACTS)
    index = opened("embed-1")
    seen: list[int] = []

    def change(done: int, total: int) -> None:
        if not seen:
            index.upsert([item("early"), item("fact-001", "Changed early.")])
            index.remove(["fact-002"])
        seen.append(done)

    noted = index.catalogue.search

    def change_at_last(embedder: object) -> None:
        index.upsert([item("late"), item("fact-003", "Changed late.")])
        index.remove(["fact-004"])
        noted(embedder)  # type: ignore[arg-type]

    index.catalogue.search = change_at_last  # type: ignore[method-assign, assignment]
    assert index.switch(change)
    gone = {f"fact-{n:03}" for n in (1, 2, 3, 4)}
    wanted = [one for one in FACTS if one.id not in gone]
    wanted += [item("early"), item("late"), item("fact-001", "Changed early.")]
    wanted += [item("fact-003", "Changed late.")]
    assert_same(index, wanted)


def test_a_writer_that_is_overtaken_writes_again(opened: Make, server: Loopback) -> None:
    """It began in the old collection, and the new one is searched when it is done."""
    opened().upsert(FACTS[:3])
    index = opened("embed-1")
    index.upsert([item("slow")], lambda done, total: index.switch() and None)
    assert index.current().embedder.name.startswith("embed-1-")
    assert_same(index, [*FACTS[:3], item("slow")])


def test_what_is_there_is_not_embedded_again(opened: Make, server: Loopback) -> None:
    """Back and forth between two models costs only what changed."""
    opened().upsert(FACTS)
    opened("embed-1").switch()
    assert len(texts_sent(server)) == len(FACTS)
    back = opened()
    assert back.switch()
    back.upsert([item("new")])
    back.remove(["fact-000"])
    server.bodies.clear()
    again = opened("embed-1")
    assert again.switch()
    assert texts_sent(server) == ["new is a fact."]
    assert_same(again, [*FACTS[1:], item("new")])


def fails_after(count: int, then: Behaviour) -> Behaviour:
    """Serves ``count`` texts, then does as ``then``."""
    served = 0
    good = vectors()

    def behave(to: Handler, body: dict[str, object]) -> None:
        nonlocal served
        served += len(body["input"])  # type: ignore[arg-type]
        (good if served <= count else then)(to, body)

    return behave


def test_a_failure_stops_it_and_it_goes_on_from_there(opened: Make, server: Loopback) -> None:
    """In the foreground with an error; what was stored is not embedded again."""
    opened().upsert(FACTS)
    server.behave(fails_after(70, status(401)))
    index = opened("embed-1")
    with pytest.raises(EmbedderUnavailable, match="refused the key"):
        index.switch()
    assert index.current().embedder is MINILM
    server.bodies.clear()
    server.behave(vectors())
    assert index.switch()
    assert len(texts_sent(server)) == len(FACTS) - 64
    assert_same(index, FACTS)


def test_in_the_background_it_tries_again(opened: Make, server: Loopback) -> None:
    """And says what it waits for."""
    opened().upsert(FACTS[:9])
    server.behave(status(401))
    index = opened("embed-1")
    index.switch_in_background()
    until(lambda: "which waits: the embedding server embed-1" in index.condition())
    server.behave(vectors())
    until(lambda: index.condition() == "ok")
    assert_same(index, FACTS[:9])


def test_a_failed_ingest_goes_on_where_it_stopped(opened: Make, server: Loopback) -> None:
    """What was stored stays, and is complete."""
    server.behave(fails_after(70, status(400)))
    index = opened("embed-1")
    with pytest.raises(EmbedderUnavailable, match="refused the request"):
        index.upsert(FACTS)
    assert index.count() == 64
    server.bodies.clear()
    server.behave(vectors())
    assert index.upsert(FACTS).added == 150 - 64
    assert len(texts_sent(server)) == 150 - 64
    assert_same(index, FACTS)


def test_a_model_that_answers_differently_is_not_mixed_in(opened: Make, server: Loopback) -> None:
    """Vectors of another length under the same name are refused, in a later process too."""
    opened("embed-1").upsert(FACTS[:3])
    server.behave(vectors(WIDTH * 2))
    index = opened("embed-1")
    with pytest.raises(EmbedderUnavailable, match="512 numbers a vector, not 256"):
        index.upsert([item("more")])
    found = HybridRetriever(index).search("moved its lines")
    assert found
    assert "512 numbers" in found[0].why[0]


def test_without_its_server_words_alone_find(opened: Make, server: Loopback) -> None:
    """Each passage says so; with the server back, meaning counts again."""
    opened("embed-1").upsert([*FACTS, item("other", "Nothing of the kind.")])
    index = opened("embed-1")
    retriever = HybridRetriever(index)
    server.behave(hang())
    remote = index.current().embedder
    assert isinstance(remote, RemoteEmbedder)
    since = time.monotonic()
    found = retriever.search("Number 17 moved", limit=200)
    waited = time.monotonic() - since
    assert found[0].evidence.id == "fact-017"
    assert "other" not in {passage.evidence.id for passage in found}
    said = f"words only: the embedding server {remote.address} gave no answer in 2 s"
    assert all(passage.why == (said,) for passage in found)
    since = time.monotonic()
    retriever.prepare(["Number 18 moved"])
    assert retriever.search("Number 18 moved")[0].evidence.id == "fact-018"
    assert time.monotonic() - since < waited / 4
    assert index.condition() == said
    server.behave(vectors())
    remote._rests_until = 0
    assert retriever.search("Number 17 moved")[0].why == ("meaning and words",)
    assert index.condition() == "ok"


def test_a_model_whose_server_is_gone_is_replaced_all_the_same(
    opened: Make, server: Loopback
) -> None:
    """The records are enough; until the switch, words alone find."""
    opened("embed-1").upsert(FACTS)
    server.behave(status(404))
    index = opened()
    assert index.filling is not None
    assert HybridRetriever(index).search("Number 17")[0].why[0].startswith("words only")
    assert index.switch()
    assert_same(index, FACTS)
    assert HybridRetriever(index).search("Number 17")[0].why == ("meaning and words",)


def test_old_collections_are_named_and_forgotten(opened: Make, server: Loopback) -> None:
    """Only on request, and never the one that is searched or wanted."""
    opened().upsert(FACTS[:4])
    opened("embed-1").switch()
    index = opened("embed-2")
    shown = {
        (one.model.partition("-127")[0], one.passages, one.searched, one.wanted)
        for one in index.catalogue.all()
    }
    assert shown == {(MINILM.name, 4, False, False), ("embed-1", 4, True, False)}
    assert index.switch()
    assert {one.model for one in index.catalogue.forget_old()} == {
        MINILM.name,
        Address.of("embed-1", server.url).name,
    }
    assert [one.wanted for one in index.catalogue.all()] == [True]
    assert_same(index, FACTS[:4])
    back = opened()
    assert back.switch()
    assert_same(back, FACTS[:4])


def test_closing_stops_it_soon(opened: Make, server: Loopback) -> None:
    """Even while the server makes it wait, and what was done stays."""
    opened().upsert(FACTS)
    server.behave(fails_after(70, status(429, retry_after="50")))
    index = opened("embed-1")
    index.switch_in_background()
    until(lambda: len(texts_sent(server)) > 70)
    since = time.monotonic()
    index.close()
    assert time.monotonic() - since < switching.LEAVE_WITHIN
    server.bodies.clear()
    server.behave(vectors())
    assert opened("embed-1").switch()
    assert len(texts_sent(server)) == 150 - 64


KILLED = """
import sys
from pathlib import Path
from knowledge.indexing.switching import SwitchingIndex
from tests.knowledge.test_switching import Embedders
index = SwitchingIndex(Path(sys.argv[1]), Embedders("embed-1", sys.argv[2]))
print(index.count(), flush=True)
index.switch()
print("switched", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "texts", [100, *(pytest.param(n, marks=pytest.mark.eval) for n in (1, 60, 149, 151))]
)
def test_killed_at_any_point_it_goes_on(
    opened: Make, server: Loopback, tmp_path: Path, texts: int
) -> None:
    """The next start ends with the same as one that wasn't killed."""
    opened().upsert(FACTS)
    opened().close()
    served = 0

    def count(to: Handler, body: dict[str, object]) -> None:
        nonlocal served
        vectors()(to, body)
        served += len(body["input"])  # type: ignore[arg-type]

    server.behave(count)
    folder = Path(__file__).parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "index"), server.url],
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "150\n"
        if texts > len(FACTS):
            assert process.stdout.readline() == "switched\n"
        else:
            until(lambda: served >= texts)
        process.send_signal(signal.SIGKILL)
    index = opened("embed-1")
    assert index.count() == 150
    index.switch()
    assert len(texts_sent(server)) <= 150 + (150 - 64)  # once more what was not stored yet
    assert_same(index, FACTS)
