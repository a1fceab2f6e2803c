"""Memories that make thousands of sessions affordable: what was worked out once is looked up.

Scripted sellers have few sentences and a buyer's lines come back, so nearly all of a session was
embedded, searched or checked in an earlier one. Nothing is answered otherwise than it would be
without a memory, but for ``RememberingEmbedder.sum_up``, which says what it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from knowledge.chunking import sentences

if TYPE_CHECKING:
    from coach.ports import Embedder, Retriever
    from knowledge.evidence import Evidence, Filters, Passage

Vectors = NDArray[np.float32]


class RememberingEmbedder:
    """Embeds each text once: a sentence means the same whatever stands beside it."""

    def __init__(self, inner: Embedder, dimensions: int) -> None:
        self.name, self.dimensions = inner.name, dimensions
        self._inner = inner
        self._known: dict[str, Vectors] = {}
        self._summed: dict[str, Vectors] = {}

    def sum_up(self, text: str) -> None:
        """Reads ``text`` as the mean of its sentences until the next one comes: near enough for
        what the buyer said last, which is composed anew each time from lines that come back, and
        much quicker."""
        if text in self._known:
            return
        parts = [text[start:end] for start, end in sentences(text)] or [text]
        mean = self.embed(parts).mean(axis=0)
        self._summed = {text: mean / max(float(np.linalg.norm(mean)), 1e-9)}

    def learn(self, texts: Iterable[str]) -> None:
        """Embeds texts that will come, many at a time, which is quicker."""
        if new := {text for text in texts if text not in self._known}:
            fresh = sorted(new, key=lambda text: (len(text), text))
            self._known.update(zip(fresh, self._inner.embed(fresh), strict=True))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        self.learn(text for text in texts if text not in self._summed)
        return np.stack([self._of(text) for text in texts])

    def _of(self, text: str) -> Vectors:
        return self._summed[text] if text in self._summed else self._known[text]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)


class RememberingRetriever:
    """The same answers to the same questions, for as long as the evidence doesn't change."""

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner
        self._found: dict[Any, Any] = {}

    def search(self, query: str, *, limit: int = 8, **narrowed: Any) -> list[Passage]:
        key = ("search", query, limit, *sorted(narrowed.items()))
        if key not in self._found:
            self._found[key] = self._inner.search(query, limit=limit, **narrowed)
        found: list[Passage] = self._found[key]
        return found

    def prepare(self, queries: Sequence[str]) -> None:
        """Nothing is done ahead: most of it is known."""

    def size(self) -> tuple[int, int]:
        return self._inner.size()

    def condition(self) -> str:
        return self._inner.condition()

    def get(self, evidence_id: str) -> Evidence | None:
        return self._inner.get(evidence_id)

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        key = ("listing", filters, limit, offset)
        if key not in self._found:
            self._found[key] = self._inner.listing(filters, limit, offset)
        found: list[Evidence] = self._found[key]
        return found

    def values(self, field: str) -> list[str]:
        key = ("values", field)
        if key not in self._found:
            self._found[key] = self._inner.values(field)
        found: list[str] = self._found[key]
        return found
