"""How often two readings agree: F1 of one class, macro-F1 over several, rank correlation."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Found:
    """How well one class was found; a class that is nowhere and never guessed counts as found."""

    right: int
    guessed: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.guessed if self.guessed else float(not self.there)

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else float(not self.guessed)

    @property
    def f1(self) -> float:
        both = self.guessed + self.there
        return 2 * self.right / both if both else 1.0


def found(gold: Sequence[Hashable], guess: Sequence[Hashable], label: Hashable = True) -> Found:
    pairs = list(zip(gold, guess, strict=True))
    return Found(
        right=sum(g == p == label for g, p in pairs),
        guessed=sum(p == label for _, p in pairs),
        there=sum(g == label for g, _ in pairs),
    )


def macro_f1(gold: Sequence[Hashable], guess: Sequence[Hashable]) -> float:
    labels = set(gold)
    return sum(found(gold, guess, label).f1 for label in labels) / len(labels)


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Correlation of ranks; equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Sequence[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    _, place, count = np.unique(np.array(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    means: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (ends - (count - 1) / 2)[place]
    return means
