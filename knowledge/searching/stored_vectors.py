"""The vectors that are stored in the index, as far as searches with a filter needed them lately."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.searching.searchable import NEW, Searchable
from knowledge.vectors.embedding import Vectors

if TYPE_CHECKING:
    from knowledge.indexing.index import KnowledgeIndex

Scores = NDArray[np.float32]
Numbers = NDArray[np.int64]

CAPACITY = 32_768  # vectors: 48 MiB at 384 dimensions, touched only as they come
READ_AT_ONCE = 5_000
WORTH_PICKING = 8  # times fewer than are held


class StoredVectors:
    """Up to ``capacity`` vectors of ``index``; those not used for longest go first."""

    def __init__(self, index: KnowledgeIndex, capacity: int = CAPACITY) -> None:
        self._index, self._capacity = index, capacity
        self._lock = Lock()
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._places = np.zeros(0, dtype=np.int32)  # by key of a passage; NEW when not held
        self._keys = np.zeros(0, dtype=np.int64)  # by place
        self._used = np.zeros(0, dtype=np.int64)  # by place: when
        self._filled = self._now = 0

    def cosines(self, state: Searchable, numbers: Numbers, vector: Vectors) -> Scores:
        """Of ``vector`` with each of these passages; 0 for one that is no longer stored."""
        keys = state.keys[numbers]
        found = np.zeros(len(numbers), dtype=np.float32)
        with self._lock:
            self._make_room(len(vector), state.next_key)
            places = self._places[keys]
            held = places != NEW
            self._touch(places[held])
            found[held] = self._products(places[held], vector)
        missing = np.flatnonzero(~held)
        for start in range(0, len(missing), READ_AT_ONCE):
            part = missing[start : start + READ_AT_ONCE]
            stored, vectors = self._read([state.contents.rows[n] for n in numbers[part]])
            if len(stored):
                found[part[stored]] = _products(vectors, vector)
                self._keep(keys[part[stored]], vectors)
        return found

    def _products(self, places: NDArray[np.int32], vector: Vectors) -> Scores:
        """Of many it is quicker to take all that are held than to pick them out."""
        if WORTH_PICKING * len(places) > self._filled:
            return _products(self._vectors[: self._filled], vector)[places]
        return _products(self._vectors[places], vector)

    def _read(self, rows: Sequence[str]) -> tuple[list[int], Vectors]:
        """Which of ``rows`` are stored, and the vectors of those."""
        known = self._index.vectors(rows)
        stored = [place for place, row in enumerate(rows) if row in known]
        if not stored:
            return stored, np.zeros((0, 0), dtype=np.float32)
        return stored, np.array([known[rows[place]] for place in stored], dtype=np.float32)

    def _keep(self, keys: Numbers, vectors: Vectors) -> None:
        with self._lock:
            if vectors.shape[1] != self._vectors.shape[1]:
                return  # a search with another embedder came between
            new = self._places[keys] == NEW  # another thread may have read them meanwhile
            keys, vectors = keys[new][: self._capacity], vectors[new][: self._capacity]
            places = self._free(len(keys))
            self._vectors[places], self._keys[places], self._places[keys] = vectors, keys, places
            self._touch(places)

    def _free(self, wanted: int) -> NDArray[np.intp]:
        """Places that are empty, or else those that were not used for longest, emptied."""
        used = self._used[: self._filled]
        unused = np.arange(len(used), min(len(used) + wanted, self._capacity))
        self._filled += len(unused)
        if (more := wanted - len(unused)) == 0:
            return unused
        oldest = np.argpartition(used, more - 1)[:more]
        self._places[self._keys[oldest]] = NEW
        return np.concatenate([unused, oldest])

    def _touch(self, places: NDArray[np.integer]) -> None:
        self._now += 1
        self._used[places] = self._now

    def _make_room(self, dimensions: int, keys: int) -> None:
        if self._vectors.shape[1] != dimensions:  # the first, or another embedder's
            self._vectors = np.empty((self._capacity, dimensions), dtype=np.float32)
            self._keys = np.full(self._capacity, NEW, dtype=np.int64)
            self._used = np.zeros(self._capacity, dtype=np.int64)
            self._places = np.zeros(0, dtype=np.int32)
            self._filled = 0
        if len(self._places) < keys:
            more = np.full(keys + keys // 8 - len(self._places), NEW, dtype=np.int32)
            self._places = np.concatenate([self._places, more])


def _products(vectors: Vectors, vector: Vectors) -> Scores:
    """On this thread alone: BLAS would wake others, which on a busy machine costs tenfold."""
    products: Scores = np.einsum("ij,j->i", vectors, vector)
    return products
