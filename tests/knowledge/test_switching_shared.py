"""Several processes on one Chroma server change the embedding model together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from knowledge.errors import IndexUnavailable
from knowledge.indexing.lease import Lease
from knowledge.indexing.switching import SwitchingIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.chroma_server import chroma_server, free_port
from tests.knowledge.test_switching import FACTS, Embedders, assert_same, item, texts_sent, until
from tests.loopback import Loopback, loopback
from tests.loopback_embedding import vectors

SEEN_WITHIN = 5.0  # seconds; a look a second, on a busy machine


@pytest.fixture
def embeddings() -> Iterator[Loopback]:
    with loopback() as running:
        running.behave(vectors())
        yield running


@pytest.mark.slow
def test_processes_switch_together_and_one_of_them_fills(server: str, embeddings: Loopback) -> None:
    """Each text is embedded once; a third process that wants the old model follows too."""
    with ExitStack() as opened:

        def process(model: str | None) -> SwitchingIndex:
            made = SwitchingIndex(server, Embedders(model, embeddings.url))
            return opened.enter_context(closing(made))

        first = process(None)
        first.upsert(FACTS)
        second, third = process("embed-1"), process("embed-1")
        assert_same(second, FACTS)
        retriever = HybridRetriever(first)
        assert retriever.search("Number 17")[0].evidence.id == "fact-017"
        second.switch_in_background()
        third.switch_in_background()
        first.upsert([item("meanwhile")])
        until(lambda: not (second.filling or third.filling), 60)
        assert len(texts_sent(embeddings)) == len(FACTS) + 1
        until(lambda: not isinstance(first.current().embedder, MiniLMEmbedder), SEEN_WITHIN)
        assert not first.switch()
        third.upsert([item("afterwards")])
        for index in (first, second, third):
            until(lambda index=index: index.get("afterwards"), SEEN_WITHIN)  # type: ignore[misc]
            assert_same(index, [*FACTS, item("meanwhile"), item("afterwards")])
        assert retriever.search("Number 18")[0].why == ("meaning and words",)


def test_only_one_holds_a_lease(server: str) -> None:
    """The other sees how far it is, and has it when it is left or forgotten."""
    with closing(SwitchingIndex(server, Embedders(None))) as index:
        one, other = (Lease(index.notes("leases"), "work") for _ in range(2))
        assert one.take()
        one.renew(3, 10)
        assert not other.take()
        assert other.told == (3, 10)
        other.leave()
        assert not other.take()
        one.leave()
        assert other.take()
        taken: list[bool] = []
        both = [Lease(index.notes("leases"), "more") for _ in range(2)]
        threads = [threading.Thread(target=lambda x=x: taken.append(x.take())) for x in both]  # type: ignore[misc]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(taken) <= 1


@pytest.mark.eval
def test_a_server_that_went_away_is_found_again(tmp_path: Path) -> None:
    """Until then each use says which one is missing."""
    port = free_port()
    with closing(SwitchingIndex(f"http://127.0.0.1:{port}", Embedders(None))) as index:
        with pytest.raises(IndexUnavailable, match=f"127.0.0.1:{port}"):
            index.count()
        with chroma_server(tmp_path, port):
            index.upsert(FACTS[:3])
        time.sleep(1.1)  # until it looks again
        with pytest.raises(IndexUnavailable, match=f"127.0.0.1:{port}"):
            index.current()
        with chroma_server(tmp_path, port):
            assert_same(index, FACTS[:3])
