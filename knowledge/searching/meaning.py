"""How near passages are to a query in meaning, of all or of those that a filter lets through.

Up to ``HELD`` passages their vectors are held and all compared, which is exact and five times
quicker than asking Chroma. Of more passages Chroma finds the nearest. Its own filter is dear (seen
at 100,000: 60 times an unfiltered query), so it isn't used. A filter that lets much through asks
for more neighbours and keeps the allowed ones; a narrow one compares the query with every allowed
vector, which is exact.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from knowledge.indexing.columns import Mask
from knowledge.searching.searchable import Searchable
from knowledge.searching.stored_vectors import Numbers, Scores, StoredVectors
from knowledge.vectors.embedding import Vectors

if TYPE_CHECKING:
    from knowledge.indexing.index import KnowledgeIndex

CANDIDATES = 200  # passages wanted of Chroma; the others count as just below the last of them
SPARE = 1.1  # asked for beyond what a filter should need
CHEAP = 1_000  # neighbours up to which asking for more is quicker than comparing
HELD = 16_384  # passages up to which the vectors of all are held, 24 MiB
COMPARED = 16_384  # vectors at most that are compared one by one
ENOUGH = 50  # candidates below which a filter and a query are taken to be at odds


class Meaning:
    """Cosines of queries with the passages of ``index``; safe from any thread."""

    def __init__(self, index: KnowledgeIndex, held: int = HELD) -> None:
        self._index, self._held = index, held
        self._stored = StoredVectors(index)

    def cosines(self, state: Searchable, vector: Vectors, allowed: Mask | None = None) -> Scores:
        """One per passage; only those of ``allowed`` mean anything where it is given."""
        if allowed is None:
            return self._nearest(state, vector, CANDIDATES)[0]
        count = int(np.count_nonzero(allowed))
        if not count:
            return np.zeros(len(state), dtype=np.float32)
        wanted = math.ceil(SPARE * CANDIDATES * len(state) / count)
        if wanted > CHEAP and count <= COMPARED:
            return self._compared(state, vector, allowed)
        return self._sifted(state, vector, allowed, wanted)

    def _compared(self, state: Searchable, vector: Vectors, allowed: Mask) -> Scores:
        numbers = np.flatnonzero(allowed)
        cosines = np.zeros(len(state), dtype=np.float32)
        cosines[numbers] = self._stored.cosines(state, numbers, vector)
        return cosines

    def _sifted(self, state: Searchable, vector: Vectors, allowed: Mask, wanted: int) -> Scores:
        """From neighbours; from the vectors themselves where too few of those are allowed."""
        count = int(np.count_nonzero(allowed))
        cosines, found = self._nearest(state, vector, wanted)
        while np.count_nonzero(allowed[found]) < min(ENOUGH, count) and wanted < len(state):
            if count <= COMPARED:
                return self._compared(state, vector, allowed)
            wanted *= 4
            cosines, found = self._nearest(state, vector, wanted)
        return cosines

    def _nearest(self, state: Searchable, vector: Vectors, wanted: int) -> tuple[Scores, Numbers]:
        """Cosines, with those not found set to the lowest that was; and which were found."""
        if len(state) <= self._held:
            return self._nearest_of_all(state, vector, wanted)
        near = self._index.nearest(vector, wanted)
        floor = min((cosine for _, cosine in near), default=0.0)
        cosines = np.full(len(state), floor, dtype=np.float32)
        numbers = state.contents.numbers
        known = [(numbers[row], cosine) for row, cosine in near if row in numbers]
        found = [number for number, _ in known]
        cosines[found] = [cosine for _, cosine in known]
        return cosines, np.array(found, dtype=np.int64)

    def _nearest_of_all(
        self, state: Searchable, vector: Vectors, wanted: int
    ) -> tuple[Scores, Numbers]:
        cosines = self._stored.cosines(state, np.arange(len(state)), vector)
        if wanted >= len(state):
            return cosines, np.arange(len(state))
        found = np.argpartition(cosines, -wanted)[-wanted:]
        floor: np.float32 = cosines[found].min()
        return np.maximum(cosines, floor), found
