"""Search at a size where filters matter: nothing allowed is lost, and changes hold nobody up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

import knowledge.searching.following
from knowledge.evidence import Evidence, Filters
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.lexical import content_words
from knowledge.searching.meaning import HELD, Meaning
from knowledge.searching.retrieval import HybridRetriever
from knowledge.searching.searchable import Searchable, made_searchable
from knowledge.searching.stored_vectors import StoredVectors
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.corpora import FEW, HALF, MOST, RARE, TODAY, QuickVectors, made_up, questions

SIZE = 1_200


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeIndex]:
    index = KnowledgeIndex(tmp_path_factory.mktemp("large"), QuickVectors())
    index.upsert(made_up(SIZE))
    yield index
    index.close()


@pytest.fixture(scope="module")
def state(large: KnowledgeIndex) -> Searchable:
    return made_searchable(large.contents())


@pytest.mark.parametrize(
    "filters",
    [
        Filters(customer=RARE),
        Filters(competitor=FEW),
        Filters(sector=HALF),
        Filters(region=MOST),
        Filters(quotable_on=TODAY),
    ],
    ids=lambda filters: ",".join(str(value) for value in vars(filters).values() if value),
)
def test_every_allowed_item_can_be_found_and_no_other(
    large: KnowledgeIndex, embedder: MiniLMEmbedder, filters: Filters
) -> None:
    """However much or little a filter lets through."""
    retriever = HybridRetriever(large, embedder)
    found = retriever.search(questions(1)[0], limit=SIZE, filters=filters)
    allowed = {item.id for item in large.all() if filters.allow(item)}
    assert {passage.evidence.id for passage in found} == allowed != set()


WAYS = pytest.mark.parametrize("held", [HELD, 0], ids=["held", "asked of Chroma"])


@pytest.mark.parametrize("wanted", [None, 0.9], ids=["all", "most"])
def test_vectors_that_are_held_rank_as_chroma_does(
    large: KnowledgeIndex, state: Searchable, wanted: float | None
) -> None:
    """The same cosine for all that Chroma finds, the rest alike behind; and it misses none."""
    random = np.random.default_rng(2)
    allowed = None if wanted is None else random.random(len(state)) < wanted
    for query in QuickVectors().embed(questions(5)):
        held, asked = (Meaning(large, most).cosines(state, query, allowed) for most in (HELD, 0))
        near = (asked > asked.min()) & (held > held.min())
        assert held[near] == pytest.approx(asked[near], abs=1e-5)
        assert held.min() == pytest.approx(asked.min(), abs=0.05) == held[~near].min()
        assert np.count_nonzero(held > held.min()) >= np.count_nonzero(asked > asked.min()) > 100


@WAYS
@pytest.mark.parametrize("share", [0.002, 0.05, 0.3, 0.9])
def test_a_filter_loses_none_of_the_nearest(
    large: KnowledgeIndex, state: Searchable, share: float, held: int
) -> None:
    """Of the allowed passages the ten nearest in truth come out nearest, with their cosines."""
    random = np.random.default_rng(1)
    vectors = large.vectors(state.contents.rows)
    stored = np.array([vectors[row] for row in state.contents.rows])
    meaning = Meaning(large, held)
    for query in QuickVectors().embed(questions(5)):
        allowed = random.random(len(state)) < share
        found = np.where(allowed, meaning.cosines(state, query, allowed), -1)
        truth = np.where(allowed, stored @ query, -1)
        best = np.argsort(-truth)[: min(10, np.count_nonzero(allowed))]
        assert found[best] == pytest.approx(truth[best], abs=1e-4)
        assert set(np.argsort(-found)[: len(best)]) == set(best)


@WAYS
def test_a_filter_at_odds_with_the_query_still_ranks_by_meaning(
    large: KnowledgeIndex, state: Searchable, held: int
) -> None:
    """Half of all pass, but none of those near the query: the others are compared one by one."""
    query = QuickVectors().embed(["anything"])[0]
    vectors = large.vectors(state.contents.rows)
    truth = np.array([vectors[row] for row in state.contents.rows]) @ query
    allowed = truth < np.median(truth)
    found = np.where(allowed, Meaning(large, held).cosines(state, query, allowed), -1)
    best = np.argsort(-np.where(allowed, truth, -1))[:10]
    assert found[best] == pytest.approx(truth[best], abs=1e-4)


def test_stored_vectors_are_read_once_and_the_oldest_go_first(
    large: KnowledgeIndex, state: Searchable
) -> None:
    """Memory stays bounded, and answers don't depend on what is in it."""
    read: list[int] = []

    class Counted:
        def vectors(self, rows: list[str]) -> dict[str, Any]:
            read.append(len(rows))
            return large.vectors(rows)

    stored = StoredVectors(Counted(), capacity=30)  # type: ignore[arg-type]
    query = QuickVectors().embed(["anything"])[0]

    def ask(first: int, last: int) -> list[int]:
        numbers = np.arange(first, last)
        known = large.vectors([state.contents.rows[n] for n in numbers])
        truth = [known[state.contents.rows[n]] @ query for n in numbers]
        assert stored.cosines(state, numbers, query) == pytest.approx(truth, abs=1e-5)
        count = list(read)
        read.clear()
        return count

    assert ask(0, 20) == [20]
    assert ask(5, 25) == [5]  # the others are held
    assert ask(25, 35) == [10]  # 0 to 4 go: they were not used for longest
    assert ask(5, 35) == []
    assert ask(0, 5) == [5]
    assert ask(0, 40) == [10]  # more than there is room for is still answered


def test_a_change_reads_only_what_changed(tmp_path: Path) -> None:
    """And gives the same words, scores and keys as reading everything anew."""
    items = list(made_up(300))
    index = KnowledgeIndex(tmp_path, QuickVectors())
    index.upsert(items)
    before = made_searchable(index.contents())
    changed = items[40].model_copy(update={"text": "Quokkas are here.\n\nAnd stay."})
    index.remove([items[7].id])
    index.upsert([changed, items[0].model_copy(update={"id": "aaa"})])
    after, anew = made_searchable(index.contents(), before), made_searchable(index.contents())
    for words in (["quokka"], content_words(items[3].text)[:6]):
        assert after.shared_words(words) == pytest.approx(anew.shared_words(words), abs=1e-6)
    keys = dict(zip(before.contents.rows, before.keys.tolist(), strict=True))
    now = dict(zip(after.contents.rows, after.keys.tolist(), strict=True))
    assert len(keys.items() & now.items()) == len(keys.keys() & now.keys()) == 298
    assert len(set(after.keys.tolist())) == len(after)
    assert after.next_key == before.next_key + 2
    index.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[KnowledgeIndex]:
    index = KnowledgeIndex(tmp_path, QuickVectors())
    index.upsert(made_up(50))
    yield index
    index.close()


def test_a_large_index_is_made_ready_beside_the_searches(
    small: KnowledgeIndex, embedder: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then searches see the state before, without what was deleted or changed since."""
    monkeypatch.setattr(knowledge.searching.following, "AT_ONCE", 0)
    go_on = Event()

    def slowly(*given: Any) -> Searchable:
        assert go_on.wait(10)
        return made_searchable(*given)

    retriever = HybridRetriever(small, embedder)
    old = retriever.search("anything", limit=100)
    assert len(old) == 50
    monkeypatch.setattr(knowledge.searching.following, "made_searchable", slowly)
    gone, changed = old[0].evidence, old[1].evidence
    small.remove([gone.id])
    small.upsert([changed.model_copy(update={"text": "Quokkas."})])
    meanwhile = {passage.evidence.id for passage in retriever.search("quokkas", limit=100)}
    assert meanwhile == {passage.evidence.id for passage in old} - {gone.id, changed.id}
    go_on.set()
    retriever.refresh()
    assert retriever.search("quokkas")[0].evidence.id == changed.id


def test_what_goes_wrong_behind_is_said_at_the_next_search(
    small: KnowledgeIndex, embedder: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; then it is tried again."""
    monkeypatch.setattr(knowledge.searching.following, "AT_ONCE", 0)
    retriever = HybridRetriever(small, embedder)
    retriever.search("anything")
    small.remove([next(made_up(1)).id])

    def broken(*_: Any) -> Searchable:
        raise MemoryError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(knowledge.searching.following, "made_searchable", broken)
        retriever.search("anything")
        with pytest.raises(MemoryError, match="no room"):
            any(not retriever.search("anything") for _ in range(1_000))
    retriever.refresh()
    assert len(retriever.search("anything", limit=100)) == 49


def test_values_and_listing_follow_at_once(small: KnowledgeIndex, embedder: MiniLMEmbedder) -> None:
    """They read no words, so they never lag behind."""
    retriever = HybridRetriever(small, embedder)
    assert MOST in retriever.values("region")
    item = Evidence(id="new", kind="testimonial", title="New", text="New.", region="Quokkaland")
    small.upsert([item])
    assert "Quokkaland" in retriever.values("region")
    assert retriever.listing(Filters(region="quokkaland")) == [item]
