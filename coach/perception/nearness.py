"""How near sentences are to named groups of examples, all groups at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Groups(Mapping[str, Vectors]):
    """Rows of vectors under names; one product compares a sentence with all of them."""

    def __init__(self, rows: Mapping[str, Vectors]) -> None:
        self.names = tuple(rows)
        sizes = [len(rows[name]) for name in self.names]
        ends = np.cumsum(sizes).tolist()
        self._starts = np.array([0, *ends[:-1]], dtype=np.intp)
        self._parts = {
            name: slice(end - size, end) for name, size, end in zip(rows, sizes, ends, strict=True)
        }
        self._rows = np.concatenate(list(rows.values())) if rows else None

    def __getitem__(self, name: str) -> Vectors:
        part = self._parts[name]
        return self._rows[part] if self._rows is not None else np.zeros((0, 0), np.float32)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def each(self, vector: Vectors) -> dict[str, Vectors]:
        """Per name the cosine of every row, in order."""
        if self._rows is None:
            return {}
        cosines = self._rows @ vector
        return {name: cosines[part] for name, part in self._parts.items()}

    def nearest(self, vector: Vectors) -> dict[str, float]:
        """Per name the cosine of the row that is nearest."""
        if self._rows is None:
            return {}
        best = np.maximum.reduceat(self._rows @ vector, self._starts)
        return dict(zip(self.names, best.tolist(), strict=True))
