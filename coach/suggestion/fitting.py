"""From labelled examples to scores: kernel ridge regression, solved when it is built. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.floating[Any]]

NARROW = 3.0  # how quickly likeness fades: rows of length 1 at a right angle are exp(-3) alike
EASE = 0.2  # how far an example may be missed, so that an odd one bends nothing


class ByExample:
    """Scores per label: near 1 where a row lies among the examples of the label, near 0 among those
    of another, and near ``else_score`` of each label where it lies far from all of them.

    A label with few examples weighs more than they do, by the square root of their number.
    """

    def __init__(self, rows: Rows, labels: Sequence[int], else_score: Sequence[float]) -> None:
        self._rows, self._else = np.asarray(rows, dtype=np.float64), np.asarray(else_score)
        self._squares = (self._rows**2).sum(axis=1)
        wanted = np.eye(len(else_score))[np.asarray(labels)]
        count = wanted.sum(axis=0)[np.asarray(labels)]
        ease = EASE * np.sqrt(count / count.mean())
        self._weights = np.linalg.solve(
            _near(self._rows, self._rows, self._squares) + np.diag(ease), wanted - self._else
        )

    def scores(self, rows: Rows) -> Rows:
        """(n, features) to (n, labels)."""
        return (
            self._else
            + _near(np.asarray(rows, dtype=np.float64), self._rows, self._squares) @ self._weights
        )


def _near(rows: Rows, others: Rows, squares_of_others: Rows) -> Rows:
    """A Gaussian of the distance, 1 for the same row."""
    squares = (rows**2).sum(axis=1)[:, None] + squares_of_others[None]
    near: Rows = np.exp(-np.maximum(squares - 2 * rows @ others.T, 0) * NARROW / 2)
    return near
