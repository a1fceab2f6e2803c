"""Search: by meaning and by words, for the customer at hand, nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.evidence import Evidence, Filters, Kind, Passage, Peer, Visibility
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.peers import reference_warning
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder


def item(key: str, text: str, **fields: Any) -> Evidence:
    return Evidence(
        **{"id": key, "kind": Kind.CASE_STUDY, "title": key.capitalize(), "text": text} | fields
    )


SWITCH = "moved its telephone lines to us within a few weeks, and no number was lost."
ITEMS = [
    item("clinic", f"A clinic {SWITCH}", sector="healthcare", region="Nordics", size=850),
    item("carrier", f"A forwarder {SWITCH}", sector="logistics", region="DACH", size=1200),
    item("shops", f"A chain of shops {SWITCH}", sector="retail", region="Nordics", size=40),
    item("price", "List price per user and month is 11.50 EUR.", kind=Kind.PRODUCT_FACT),
    item(
        "zx81",
        "The ZX-81 handset is certified for wet rooms.",
        kind=Kind.PRODUCT_FACT,
        valid_until=date(2026, 6, 30),
    ),
    item(
        "rival",
        "Their support answers in business hours only.",
        kind=Kind.COMPETITIVE_FACT,
        competitor="Pellicom",
        visibility=Visibility.INTERNAL,
    ),
]


@pytest.fixture
def retriever(index: KnowledgeIndex, embedder: MiniLMEmbedder) -> HybridRetriever:
    index.upsert(ITEMS)
    return HybridRetriever(index, embedder)


def ids(found: list[Passage]) -> list[str]:
    return [passage.evidence.id for passage in found]


def test_it_finds_what_shares_no_word(retriever: HybridRetriever) -> None:
    """Meaning is enough."""
    best = retriever.search("How much does it cost?")[0]
    assert best.evidence.id == "price"
    assert best.why[0].startswith("meaning")


def test_it_finds_a_name_no_model_knows(retriever: HybridRetriever) -> None:
    """Words are enough."""
    best = retriever.search("ZX-81")[0]
    assert best.evidence.id == "zx81"
    assert "words" in best.why[0]


def test_a_field_of_the_item_can_be_asked_for(retriever: HybridRetriever) -> None:
    """Competitor, sector and the like need not stand in the text."""
    assert ids(retriever.search("Pellicom"))[0] == "rival"


def test_scores_fall_and_passages_are_verbatim(retriever: HybridRetriever) -> None:
    """The answer is in order, and each text stands at its span."""
    found = retriever.search("switching lines without losing numbers", limit=6)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert all(p.text == p.evidence.text[slice(*p.span)] for p in found)


@pytest.mark.parametrize(
    ("near", "first", "reason"),
    [
        (Peer(sector="Healthcare"), "clinic", "same sector"),
        (Peer(sector="retail"), "shops", "same sector"),
        (Peer(sector="logistics", region="Nordics"), "carrier", "same sector"),
        (Peer(size=1000, region="DACH"), "carrier", "similar size"),
        (Peer(size=30), "shops", "similar size"),
    ],
)
def test_a_peer_comes_first_and_the_rest_stays(
    retriever: HybridRetriever, near: Peer, first: str, reason: str
) -> None:
    """Sector counts more than size, and size more than region."""
    found = retriever.search("moved the telephone lines, no number lost", near=near)
    assert found[0].evidence.id == first
    assert reason in found[0].why
    assert {"clinic", "carrier", "shops"} <= set(ids(found))


def test_the_same_words_of_two_items_come_once(
    retriever: HybridRetriever, index: KnowledgeIndex
) -> None:
    """A copy under another id takes nobody's place."""
    index.upsert([item("copy", f"a clinic {SWITCH.upper()}")])
    found = ids(retriever.search("moved telephone lines, no number lost", limit=4))
    assert len({"clinic", "copy"} & set(found)) == 1


def test_an_item_comes_again_only_when_room_is_left(
    retriever: HybridRetriever, index: KnowledgeIndex
) -> None:
    """One passage per item first; then second passages fill what is left."""
    sections = ["Fault drills happen monthly. ", "Porting of numbers is watched. "]
    index.upsert([item("long", "\n\n".join(section * 30 for section in sections))])
    assert ids(retriever.search("fault drills", limit=3)).count("long") == 1
    assert ids(retriever.search("fault drills", limit=20)).count("long") == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kinds=(Kind.PRODUCT_FACT, Kind.RUMOUR)), {"price", "zx81"}),
        (Filters(sector="HEALTHCARE"), {"clinic"}),
        (Filters(region="nordics", kinds=(Kind.CASE_STUDY,)), {"clinic", "shops"}),
        (Filters(competitor="pellicom"), {"rival"}),
        (Filters(quotable_on=date(2026, 6, 30)), {"clinic", "carrier", "shops", "price", "zx81"}),
        (Filters(quotable_on=date(2026, 7, 1)), {"clinic", "carrier", "shops", "price"}),
        (Filters(sector="none such"), set()),
    ],
)
def test_filters_narrow_search_and_listing_alike(
    retriever: HybridRetriever, filters: Filters, expected: set[str]
) -> None:
    """Stale and internal evidence is never quotable; case doesn't matter."""
    assert set(ids(retriever.search("moved lines", limit=50, filters=filters))) == expected
    assert {found.id for found in retriever.listing(filters)} == expected


def test_prepared_queries_are_embedded_in_one_go(index: KnowledgeIndex) -> None:
    """And not again when they are searched."""
    asked: list[list[str]] = []

    class Noting(MiniLMEmbedder):
        def _fresh(self, texts: Sequence[str]) -> NDArray[np.float32]:
            asked.append(list(texts))
            return super()._fresh(texts)

    index.upsert(ITEMS)
    retriever = HybridRetriever(index, Noting())
    queries = ["How much does it cost?", "Who runs it at night?"]
    retriever.prepare(queries)
    for query in queries:
        assert retriever.search(query)
    assert asked == [queries]


@pytest.mark.parametrize("query", ["", "  \n"])
def test_asking_nothing_finds_nothing(retriever: HybridRetriever, query: str) -> None:
    """For everything there is the listing."""
    assert retriever.search(query) == []


@pytest.mark.parametrize("query", ["the", "???", "x" * 50_000, "\ud800", "word " * 5_000])
def test_no_query_is_an_error(retriever: HybridRetriever, query: str) -> None:
    """Odd queries get some answer."""
    assert len(retriever.search(query, limit=2)) == 2


def test_an_empty_index_answers_with_nothing(
    index: KnowledgeIndex, embedder: MiniLMEmbedder
) -> None:
    """No evidence is no error."""
    retriever = HybridRetriever(index, embedder)
    assert retriever.search("anything") == []
    assert retriever.listing() == []


def test_new_evidence_is_found_at_once(retriever: HybridRetriever, index: KnowledgeIndex) -> None:
    """Word index and vectors follow every change."""
    retriever.search("warm up")
    index.upsert([item("new", "Quokkas are now supported.")])
    assert ids(retriever.search("quokkas"))[0] == "new"
    index.remove(["new"])
    assert "new" not in ids(retriever.search("quokkas", limit=50))


def test_pages_of_the_listing_join_up(retriever: HybridRetriever) -> None:
    """By id, without gaps."""
    pages = [retriever.listing(limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [found for page in pages for found in page] == sorted(ITEMS, key=lambda each: each.id)


def test_searches_from_many_threads_agree(retriever: HybridRetriever) -> None:
    """One retriever serves every request."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ids(retriever.search("lost numbers")), range(12)))
    assert all(answer == answers[0] for answer in answers)


FOREIGN = {
    "german": "Die Preisgarantie gilt für zwölf Monate; danach wird der Preis neu verhandelt.",
    "french": "L’assistance répond à toute heure, même pendant les fêtes de fin d’année.",
    "greek": "Η μεταφορά των αριθμών διαρκεί λίγες εβδομάδες και δεν χάνεται καμία κλήση.",
    "arabic": "يستغرق نقل الأرقام بضعة أسابيع ولا تضيع أي مكالمة خلال ذلك.",
    "chinese": "我们保证价格十二个月不变，号码迁移期间不会中断通话。",
}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Preisgarantie", "german"),
        ("fêtes", "french"),
        ("ΜΕΤΑΦΟΡΆ αριθμών", "greek"),
        ("نقل الأرقام", "arabic"),
        ("价格", "chinese"),
        ("号码迁移", "chinese"),
    ],
)
def test_words_of_other_scripts_are_found_and_come_out_verbatim(
    index: KnowledgeIndex, embedder: MiniLMEmbedder, query: str, key: str
) -> None:
    """German, French, Greek, Arabic and Chinese, with and without spaces between words."""
    index.upsert([*ITEMS, *(item(name, text) for name, text in FOREIGN.items())])
    best = HybridRetriever(index, embedder).search(query)[0]
    assert "words" in best.why[0]
    assert best.text == FOREIGN[key]


@pytest.mark.parametrize(
    ("peer", "warning"),
    [
        (Peer(sector="healthcare"), None),
        (Peer(sector="healthcare", region="nordics"), None),
        (Peer(), None),
        (Peer(size=900), None),
        (
            Peer(sector="energy"),
            "no reference from the sector energy was found; those here are from elsewhere",
        ),
        (
            Peer(sector="energy", region="Iberia"),
            "no reference from the sector energy and from the region Iberia was found; "
            "those here are from elsewhere",
        ),
        (
            Peer(sector="healthcare", region="Iberia"),
            "no reference from the region Iberia was found; those here are from elsewhere",
        ),
        (
            Peer(sector="healthcare", region="DACH"),
            "no reference from the sector healthcare and from the region DACH was found; "
            "those here are from elsewhere",
        ),
        (
            Peer(size=9),
            "no reference of a similar size to 9 was found; those here are from elsewhere",
        ),
    ],
)
def test_a_warning_when_no_reference_is_like_the_customer(
    retriever: HybridRetriever, peer: Peer, warning: str | None
) -> None:
    """Sector and region in one reference; the size where neither is known."""
    found = retriever.search("moved the telephone lines, no number lost", near=peer)
    assert reference_warning(found, peer) == warning


def test_facts_are_no_references(retriever: HybridRetriever) -> None:
    """Where there are none at all, none is said to be from elsewhere."""
    found = retriever.search("price", filters=Filters(kinds=(Kind.PRODUCT_FACT,)))
    assert reference_warning(found, Peer(sector="retail")) == (
        "no reference from the sector retail was found"
    )
