"""The words of many texts as numbers in a few arrays, instead of sets and lists of strings.

100,000 passages of 80 words take some 6 million entries of 6 bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.searching.lexical import meant_by, raw_words

Numbers = NDArray[np.int64]

TEXTS_AT_ONCE = 2_000  # counted at once: what bounds the memory of it
MOST_TIMES = int(np.iinfo(np.uint16).max)


@dataclass(frozen=True)
class WordTable:
    """Text ``n`` has the words ``words[starts[n]:starts[n + 1]]``, each once and in order of
    number, and each as often as ``times`` says. Never changed."""

    starts: Numbers  # (texts + 1,)
    words: NDArray[np.int32]
    times: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Numbers:
        """Different words of each text."""
        return np.diff(self.starts)

    def sums(self) -> Numbers:
        """Words of each text, counted as often as they come."""
        total = np.concatenate([[0], np.cumsum(self.times, dtype=np.int64)])
        return np.diff(total[self.starts])

    def of(self, text: int) -> list[int]:
        """The different words of one text, in order of number."""
        words: list[int] = self.words[self.starts[text] : self.starts[text + 1]].tolist()
        return words

    def part(self, start: int, end: int) -> WordTable:
        """The texts from ``start`` to before ``end``, without a copy of their words."""
        words = slice(self.starts[start], self.starts[end])
        starts = self.starts[start : end + 1] - self.starts[start]
        return WordTable(starts, self.words[words], self.times[words])

    def blocks(self) -> Iterator[tuple[int, WordTable]]:
        """The whole in parts of a bounded size, each with the number of its first text."""
        for start in range(0, len(self), TEXTS_AT_ONCE):
            yield start, self.part(start, min(start + TEXTS_AT_ONCE, len(self)))


def taken_over(kept: Numbers, before: WordTable, new: WordTable) -> WordTable:
    """For each number in ``kept`` that text of ``before``, and for each -1 the next of ``new``."""
    source = np.where(kept < 0, len(before) + np.cumsum(kept < 0) - 1, kept)
    breaks = np.flatnonzero(np.diff(source) != 1) + 1
    # A run of old texts must not go on into the new ones where their numbers happen to meet.
    edges = sorted({0, len(source), *breaks.tolist(), *_turns(kept)})
    runs = (
        [(int(source[start]), end - start) for start, end in pairwise(edges)] if len(kept) else []
    )
    return joined(
        new.part(first - len(before), first - len(before) + length)
        if first >= len(before)
        else before.part(first, first + length)
        for first, length in runs
    )


def per_owner(tables: Sequence[tuple[WordTable, NDArray[np.int32]]], count: int) -> WordTable:
    """One text for each of ``count`` owners: what its texts in all tables have together.

    Each table comes with the owner of each of its texts, in rising order.
    """
    return joined(
        _together(tables, first, min(first + TEXTS_AT_ONCE, count))
        for first in range(0, count, TEXTS_AT_ONCE)
    )


def _together(
    tables: Sequence[tuple[WordTable, NDArray[np.int32]]], first: int, last: int
) -> WordTable:
    parts, texts = [], []
    for table, owners in tables:
        start, end = np.searchsorted(owners, [first, last])
        parts.append(table.part(start, end))
        texts.append(np.repeat(owners[start:end].astype(np.int64) - first, parts[-1].lengths))
    whole = joined(parts)
    return _counted(np.concatenate(texts), whole.words, last - first, whole.times)


def _turns(kept: Numbers) -> list[int]:
    turns: list[int] = (np.flatnonzero(np.diff(kept < 0)) + 1).tolist()
    return turns


def joined(tables: Iterable[WordTable]) -> WordTable:
    """The texts of all tables, one after the other."""
    parts = list(tables)
    return WordTable(
        _starts(np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)])),
        np.concatenate([np.zeros(0, np.int32), *(part.words for part in parts)]),
        np.concatenate([np.zeros(0, np.uint16), *(part.times for part in parts)]),
    )


class Vocabulary:
    """Words and their numbers. It only grows, so a number means the same word for ever."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, word: str) -> int:
        """-1 for a word that no text had."""
        return self._numbers.get(word, -1)

    def table(self, texts: Iterable[str]) -> WordTable:
        """Reads ``texts``, a bounded number at a time; one thread only."""
        return joined(self._tables(iter(texts)))

    def _tables(self, texts: Iterator[str]) -> Iterator[WordTable]:
        seen: dict[str, Sequence[int]] = {}
        while batch := list(islice(texts, TEXTS_AT_ONCE)):
            words = array("i")
            ends = [0]
            for text in batch:
                for raw in raw_words(text):
                    numbers = seen.get(raw)
                    if numbers is None:
                        numbers = seen[raw] = tuple(map(self._numbered, meant_by(raw)))
                    words.extend(numbers)
                ends.append(len(words))
            owners = np.repeat(np.arange(len(batch)), np.diff(ends))
            yield _counted(owners, np.array(words, dtype=np.int32), len(batch))

    def _numbered(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))


def _counted(
    texts: Numbers,
    words: NDArray[np.int32],
    count: int,
    times: NDArray[np.uint16] | None = None,
) -> WordTable:
    """From pairs of text and word, in any order, to a table of ``count`` texts."""
    pairs = (texts << 32) | words
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order]
    first = np.flatnonzero(np.concatenate([pairs[:1] >= 0, pairs[1:] != pairs[:-1]]))
    if times is None:
        sums = np.diff(np.append(first, len(pairs)))
    else:
        sums = np.add.reduceat(times[order].astype(np.int64), first) if len(first) else first
    pairs = pairs[first]
    return WordTable(
        _starts(np.bincount(pairs >> 32, minlength=count)),
        (pairs & 0x7FFFFFFF).astype(np.int32),
        np.minimum(sums, MOST_TIMES).astype(np.uint16),
    )


def _starts(lengths: Numbers) -> Numbers:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
