"""Search: meaning (Chroma) and words (BM25), fused by how much the query's words can tell.

A passage scores ``w * cosine + (1 - w) * words``, where ``words`` is its share of the best BM25
score. The longer the query, the more its words discriminate and the less a single vector holds
it, so ``w`` falls from 0.75 for a short question to 0.5 for a long paragraph. Measured in
``tests/evals/test_retrieval.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from knowledge.errors import EmbedderUnavailable
from knowledge.evidence import Evidence, Filters, Passage, Peer
from knowledge.indexing.columns import Mask, Scores
from knowledge.indexing.index import KnowledgeIndex
from knowledge.ports import Index
from knowledge.searching.following import Following
from knowledge.searching.lexical import content_words
from knowledge.searching.meaning import Meaning
from knowledge.searching.peers import in_common
from knowledge.searching.searchable import Searchable
from knowledge.searching.variety import Said
from knowledge.searching.word_table import Numbers
from knowledge.vectors.embedding import Embedder

SHORT, LONG = 4, 24  # words that carry meaning
MEANING_OF_SHORT, MEANING_OF_LONG = 0.75, 0.5
FOUND_BY_MEANING, FOUND_BY_WORDS = 0.3, 0.3
RANKED_AT_FIRST = 256  # the best are put in order; the rest only when those don't do

NOTHING = Filters()


class HybridRetriever:
    """Finds passages and items in ``index``; safe from any thread."""

    def __init__(self, index: Index, embedder: Embedder | None = None) -> None:
        """``embedder`` is one of the same model as the index's own, with a memory of its own."""
        self._index = index
        self._embedder = embedder
        self._meanings: WeakKeyDictionary[KnowledgeIndex, Meaning] = WeakKeyDictionary()
        self._following = Following(index.contents)

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        filters: Filters = NOTHING,
        near: Peer | None = None,
    ) -> list[Passage]:
        """At most ``limit`` passages, best first, no two of them saying the same.

        One passage per item, unless there are too few items to fill ``limit``. When the query
        can't be embedded, words alone decide, and each passage's ``why`` says so.
        """
        state = self._following.state()
        if not len(state) or limit < 1 or not query.strip():
            return []
        allowed = None
        if filters != NOTHING:
            allowed = state.contents.columns.allowed(filters)[state.contents.owners]
            if not allowed.any():
                return []
        words = content_words(query)
        shared = state.shared_words(words)
        meaning, trouble = self._cosines(state, query, allowed)
        weight = 0.0 if trouble else _weight_of_meaning(len(words))
        scores = weight * meaning + (1 - weight) * shared
        if trouble:
            allowed = (shared > 0) if allowed is None else allowed & (shared > 0)
        if near:
            scores += state.contents.columns.likeness(near)[state.contents.owners]
        numbers = np.arange(len(state)) if allowed is None else np.flatnonzero(allowed)
        return [
            replace(
                found := state.contents.passage(at),
                score=float(scores[at]),
                why=(
                    trouble or _how(meaning[at], shared[at]),
                    *(in_common(near, found.evidence) if near else ()),
                ),
            )
            for at in self._varied(state, scores, numbers, limit)
        ]

    def prepare(self, queries: Sequence[str]) -> None:
        """Embed queries that are searched next, in one go: the embedder remembers them."""
        with suppress(EmbedderUnavailable):  # each search will say so
            self._embedder_of(self._index.current()).embed_queries(queries)

    def size(self) -> tuple[int, int]:
        """Items, and the passages that are searched."""
        contents = self._index.contents()
        return len(contents.items), len(contents)

    def condition(self) -> str:
        """ "ok", or what is missing or going on."""
        return self._index.condition()

    def refresh(self) -> None:
        """Returns when searches see everything that is in the index now."""
        self._following.catch_up()

    def get(self, evidence_id: str) -> Evidence | None:
        return self._index.get(evidence_id)

    def listing(
        self, filters: Filters = NOTHING, limit: int = 50, offset: int = 0
    ) -> list[Evidence]:
        """Items that ``filters`` allow, by id."""
        contents = self._index.contents()
        if filters == NOTHING:
            return contents.item_list[offset : offset + limit]
        allowed = np.flatnonzero(contents.columns.allowed(filters))
        return [contents.item_list[at] for at in allowed[offset : offset + limit]]

    def values(self, field: str) -> list[str]:
        """The distinct values of a field of text, as they are written, by the alphabet."""
        return self._index.contents().columns.values(field)

    def _cosines(
        self, state: Searchable, query: str, allowed: Mask | None
    ) -> tuple[Scores, str | None]:
        """One cosine per passage; or zeros, and why there are none."""
        index = self._index.current()
        try:
            vector = self._embedder_of(index).embed_queries([query])[0]
        except EmbedderUnavailable as error:
            return np.zeros(len(state), dtype=np.float32), f"words only: {error.reason}"
        meaning = self._meanings.setdefault(index, Meaning(index))
        return meaning.cosines(state, vector, allowed), None

    def _embedder_of(self, index: KnowledgeIndex) -> Embedder:
        return self._embedder or index.embedder

    def _varied(self, state: Searchable, scores: Scores, numbers: Numbers, limit: int) -> list[int]:
        """The best ``limit`` that differ: one per item, then second passages if room is left."""
        now = self._index.contents()
        chosen: list[int] = []
        owners: set[int] = set()
        said = Said()
        for again in (False, True):
            if len(chosen) == limit:
                break
            taken = set(chosen)
            for at in _ranked(scores, numbers):
                if len(chosen) == limit:
                    break
                owner = int(state.contents.owners[at])
                if (owner in owners) is not again or at in taken:
                    continue
                if now is not state.contents and not now.same_item(
                    state.contents.item_list[owner].id, state.contents
                ):
                    continue  # changed or deleted since
                if said.is_new(state.passages.of(at)):
                    chosen.append(at)
                    owners.add(owner)
        return sorted(chosen, key=lambda at: (-scores[at], at))


def _ranked(scores: Scores, numbers: Numbers) -> Iterator[int]:
    """``numbers`` by falling score, those of equal score in order."""
    found = scores[numbers]
    if len(found) > RANKED_AT_FIRST:
        least = np.partition(found, -RANKED_AT_FIRST)[-RANKED_AT_FIRST]
        yield from _in_order(scores, numbers[found >= least])
        numbers = numbers[found < least]
    yield from _in_order(scores, numbers)


def _in_order(scores: Scores, numbers: Numbers) -> list[int]:
    ranked: list[int] = numbers[np.argsort(-scores[numbers], kind="stable")].tolist()
    return ranked


def _weight_of_meaning(words: int) -> float:
    between = math.log(min(max(words, SHORT), LONG) / SHORT) / math.log(LONG / SHORT)
    return MEANING_OF_SHORT + between * (MEANING_OF_LONG - MEANING_OF_SHORT)


def _how(cosine: float, share: float) -> str:
    by_meaning, by_words = cosine >= FOUND_BY_MEANING, share >= FOUND_BY_WORDS
    return "meaning and words" if by_meaning and by_words else "words" if by_words else "meaning"
