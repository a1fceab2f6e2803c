"""Which of many sets of words are nearly equal, without holding each against each. Pure.

MinHash: the smallest of a set's hashed words is the same for two sets as often as they share
words. A band is eight such minima; two sets that agree on one band are a candidate pair. Of pairs
that share 80% of their words 40 bands miss one in 1,500 (of 85%, one in 300,000); of those that
share 20% they propose one in 10,000, which the caller sorts out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.searching.lexical import meant_by, raw_words

BANDS, ROWS = 40, 8
SAMPLED, LEAST = 64, 0.6  # minima that are compared first, and how many of them must be equal
MOST_NEIGHBOURS = 5  # of a set within one band: a thousand copies needn't make a million pairs
AT_ONCE = 200_000  # words hashed at a time

Words = NDArray[np.int32]
Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]


class Vocabulary:
    """Gives each word that carries meaning a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._of_raw: dict[str, Sequence[int]] = {}  # the same words come again and again

    def numbers(self, text: str) -> Words:
        """Those of the words of ``text``, each once, sorted."""
        known, found = self._of_raw, set[int]()
        for raw in raw_words(text):
            numbers = known.get(raw)
            if numbers is None:
                numbers = known[raw] = [self._number(word) for word in meant_by(raw)]
            found.update(numbers)
        return np.array(sorted(found), dtype=np.int32)

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))


@dataclass(frozen=True)
class WordSets:
    """Sets of word numbers, one after another: set ``n`` is ``words[starts[n]:starts[n + 1]]``."""

    words: Words
    starts: Numbers

    @classmethod
    def of(cls, sets: Sequence[Words]) -> WordSets:
        """No set may be empty, nor hold a word twice."""
        sizes = np.array([0, *map(len, sets)], dtype=np.int64)
        together = np.concatenate(sets) if sets else np.zeros(0, dtype=np.int32)
        return cls(together, np.cumsum(sizes))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def shared(self, some: int, other: int) -> float:
        """What part of the words of both are in both (Jaccard)."""
        a = self.words[self.starts[some] : self.starts[some + 1]]
        b = self.words[self.starts[other] : self.starts[other + 1]]
        both = len(np.intersect1d(a, b, assume_unique=True))
        return both / (len(a) + len(b) - both)

    def could_share(self, pairs: Numbers, least: float) -> Numbers:
        """Those ``pairs`` (n, 2) whose sizes alone don't rule it out."""
        sizes = np.diff(self.starts)[pairs]
        kept: Numbers = pairs[sizes.min(axis=1) >= least * sizes.max(axis=1)]
        return kept


def candidates(sets: WordSets) -> Numbers:
    """Pairs (n, 2) of set numbers, the smaller first, in order, each once."""
    if len(sets) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    found = []
    sample: list[Hashes] = []
    for band in _bands(sets):
        found.append(_agreeing(_together(band)))
        sample += band[: max(0, SAMPLED - len(sample))]
    pairs = np.stack(np.divmod(np.unique(np.concatenate(found)), len(sets)), axis=1)
    return _promising(pairs, np.stack(sample))


def _promising(pairs: Numbers, sample: Hashes) -> Numbers:
    """Those of which enough of the sampled minima are equal: counting words costs more."""
    equal = np.zeros(len(pairs), dtype=np.int16)
    for minima in sample:
        equal += minima[pairs[:, 0]] == minima[pairs[:, 1]]
    kept: Numbers = pairs[equal >= LEAST * len(sample)]
    return kept


def _bands(sets: WordSets) -> Iterator[list[Hashes]]:
    """For each band its minima: ``ROWS`` numbers for each set."""
    chance = np.random.default_rng(20_261_123)
    count = int(sets.words.max()) + 1
    words = chance.integers(1, 2**63, size=count, dtype=np.uint64)
    for _ in range(BANDS):
        factors = chance.integers(1, 2**63, size=ROWS, dtype=np.uint64) | np.uint64(1)
        yield [_smallest(sets, _mixed(words * factor)) for factor in factors]


def _together(band: Sequence[Hashes]) -> Hashes:
    """One number for each set, the same where all minima are."""
    both = np.zeros(len(band[0]), dtype=np.uint64)
    for minima in band:
        both = _mixed(both ^ minima)
    return both


def _smallest(sets: WordSets, hashed: Hashes) -> Hashes:
    """The smallest hash of each set."""
    parts = []
    for first, last in _pieces(sets.starts):
        begin, end = sets.starts[first], sets.starts[last]
        own = hashed[sets.words[begin:end]]
        parts.append(np.minimum.reduceat(own, sets.starts[first:last] - begin))
    return np.concatenate(parts)


def _pieces(starts: Numbers) -> Iterator[tuple[int, int]]:
    """From which set to which (exclusive) there are about ``AT_ONCE`` words."""
    first, count = 0, len(starts) - 1
    while first < count:
        last = min(int(np.searchsorted(starts, starts[first] + AT_ONCE)), count)
        yield first, (last := max(last, first + 1))
        first = last


def _mixed(numbers: Hashes) -> Hashes:
    """Every bit of the outcome depends on every bit given (the end of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _agreeing(band: Hashes) -> Numbers:
    """Pairs with one number, each as ``smaller * count + larger``."""
    count = len(band)
    order = np.argsort(band, kind="stable")  # equal ones stay in the order of the sets
    ranked = band[order]
    found = []
    for distance in range(1, min(MOST_NEIGHBOURS, count - 1) + 1):
        same = ranked[distance:] == ranked[:-distance]
        if not same.any():
            break
        found.append(order[:-distance][same] * count + order[distance:][same])
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
