"""Search: meaning (Chroma) and words (BM25), fused by how much the query's words can tell.

A passage scores ``w * cosine + (1 - w) * words``, where ``words`` is its share of the best BM25
score. The longer the query, the more its words discriminate and the less a single vector holds
it, so ``w`` falls from 0.8 for a short question to 0.55 for a long paragraph. Measured in
``tests/evals/test_retrieval.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge.contents import Contents
from knowledge.embedding import Embedder
from knowledge.evidence import Evidence, Filters, Passage, Peer
from knowledge.index import KnowledgeIndex
from knowledge.lexical import LexicalIndex, Scores, content_words

CANDIDATES = 200  # passages asked of Chroma; the others count as just below the last of them
SHORT, LONG = 4, 24  # words that carry meaning
MEANING_OF_SHORT, MEANING_OF_LONG = 0.8, 0.55
# Of the lexical half: an item that has the words is better when the very passage has them.
PASSAGE_SHARE = 0.3
# A best match on less than this share of the query's words doesn't count as a full one.
WEAK_MATCH = 0.2
# Sector before size before region: no two smaller ones outweigh a larger.
SAME_SECTOR, SIMILAR_SIZE, SAME_REGION = 0.10, 0.05, 0.03
SIMILAR_SIZE_FACTOR = 3
SAYS_THE_SAME = 0.85  # shared words of all words (Jaccard)
FOUND_BY_MEANING, FOUND_BY_WORDS = 0.3, 0.3


@dataclass(frozen=True)
class _Lexicon:
    """The word indexes of one generation, in the order of ``contents``."""

    contents: Contents
    words: list[frozenset[str]]
    by_item: LexicalIndex
    by_passage: LexicalIndex

    def per_item(self, value: Callable[[Evidence], float]) -> Scores:
        """``value`` of each passage's item."""
        values = [value(item) for item in self.contents.item_list]
        return np.array(values, dtype=np.float32)[self.contents.owners]


class HybridRetriever:
    """Finds passages and items in ``index``; safe from any thread."""

    def __init__(self, index: KnowledgeIndex, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder
        self._building = Lock()
        self._lexicon: _Lexicon | None = None

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        filters: Filters = Filters(),  # noqa: B008  frozen
        vector: NDArray[np.float32] | None = None,
        near: Peer | None = None,
    ) -> list[Passage]:
        """At most ``limit`` passages, best first, no two of them saying the same.

        ``vector`` is the query's embedding where the caller has it already. One passage per
        item, unless there are too few items to fill ``limit``.
        """
        lexicon = self._current()
        if not len(lexicon.contents) or limit < 1 or not (query.strip() or vector is not None):
            return []
        words = content_words(query)
        if vector is None:
            vector = self._embedder.embed([query])[0]
        meaning = self._meaning(lexicon, vector)
        shared = _shared_words(lexicon, words)
        weight = _weight_of_meaning(len(words))
        scores = weight * meaning + (1 - weight) * shared
        if near:
            scores += lexicon.per_item(lambda item: sum(dict(_likeness(near, item)).values()))
        allowed = lexicon.per_item(filters.allow)
        ranked = [int(at) for at in np.argsort(-scores, kind="stable") if allowed[at]]
        return [
            replace(
                lexicon.contents.passage(at),
                score=float(scores[at]),
                why=_why(meaning[at], shared[at], near, lexicon.contents.item_of(at)),
            )
            for at in _varied(lexicon, ranked, limit)
        ]

    def prepare(self, queries: Sequence[str]) -> None:
        """Embed queries that are searched next, in one go: the embedder remembers them."""
        self._embedder.embed(queries)

    def get(self, evidence_id: str) -> Evidence | None:
        return self._index.get(evidence_id)

    def listing(
        self,
        filters: Filters = Filters(),  # noqa: B008  frozen
        limit: int = 50,
        offset: int = 0,
    ) -> list[Evidence]:
        """Items that ``filters`` allow, by id."""
        allowed = [item for item in self._index.all() if filters.allow(item)]
        return allowed[offset : offset + limit]

    def _meaning(self, lexicon: _Lexicon, vector: NDArray[np.float32]) -> Scores:
        """Cosine per passage."""
        near = dict(self._index.nearest(vector, CANDIDATES))
        floor = min(near.values(), default=0.0)
        return np.array([near.get(row, floor) for row in lexicon.contents.rows], dtype=np.float32)

    def _current(self) -> _Lexicon:
        contents = self._index.contents()
        with self._building:
            if self._lexicon is None or self._lexicon.contents is not contents:
                self._lexicon = _lexicon(contents)
            return self._lexicon


def _lexicon(contents: Contents) -> _Lexicon:
    texts = [contents.passage(number).text for number in range(len(contents))]
    return _Lexicon(
        contents=contents,
        words=[frozenset(content_words(text)) for text in texts],
        by_item=LexicalIndex([_searchable(item) for item in contents.item_list]),
        by_passage=LexicalIndex(texts),
    )


def _searchable(item: Evidence) -> str:
    about = (item.title, item.customer, item.sector, item.region, item.competitor, item.criterion)
    return "\n".join(part for part in (*about, item.text) if part)


def _shared_words(lexicon: _Lexicon, words: Sequence[str]) -> Scores:
    """From 0 to 1 per passage: how well its item, and itself, match the words of the query."""

    def share(index: LexicalIndex) -> Scores:
        scores = index.scores(words)
        best = max(float(scores.max(initial=0.0)), WEAK_MATCH * index.weight(words))
        return scores / best if best > 0 else scores

    of_items = share(lexicon.by_item)[lexicon.contents.owners]
    return (1 - PASSAGE_SHARE) * of_items + PASSAGE_SHARE * share(lexicon.by_passage)


def _weight_of_meaning(words: int) -> float:
    between = math.log(min(max(words, SHORT), LONG) / SHORT) / math.log(LONG / SHORT)
    return MEANING_OF_SHORT + between * (MEANING_OF_LONG - MEANING_OF_SHORT)


def _why(cosine: float, share: float, near: Peer | None, item: Evidence) -> tuple[str, ...]:
    by_meaning, by_words = cosine >= FOUND_BY_MEANING, share >= FOUND_BY_WORDS
    how = "meaning and words" if by_meaning and by_words else "words" if by_words else "meaning"
    return (how, *(name for name, _ in (_likeness(near, item) if near else ())))


def _likeness(peer: Peer, item: Evidence) -> list[tuple[str, float]]:
    """What the item's customer has in common with ``peer``, and what each is worth."""
    found = []
    if _same(peer.sector, item.sector):
        found.append(("same sector", SAME_SECTOR))
    if peer.size and item.size and _ratio(peer.size, item.size) <= SIMILAR_SIZE_FACTOR:
        found.append(("similar size", SIMILAR_SIZE))
    if _same(peer.region, item.region):
        found.append(("same region", SAME_REGION))
    return found


def _varied(lexicon: _Lexicon, ranked: Sequence[int], limit: int) -> list[int]:
    """The first ``limit`` that differ: one per item, then second passages if room is left."""
    chosen: list[int] = []
    owners: set[int] = set()
    for again in (False, True):
        for at in ranked:
            if len(chosen) == limit:
                break
            owner, words = int(lexicon.contents.owners[at]), lexicon.words[at]
            if (owner in owners) is not again or at in chosen:
                continue
            if all(_shared(words, lexicon.words[other]) < SAYS_THE_SAME for other in chosen):
                chosen.append(at)
                owners.add(owner)
    return sorted(chosen, key=ranked.index)


def _shared(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / (len(some | others) or 1)


def _same(wanted: str | None, found: str | None) -> bool:
    return bool(wanted and found) and str(wanted).casefold() == str(found).casefold()


def _ratio(some: int, other: int) -> float:
    return max(some, other) / min(some, other)
