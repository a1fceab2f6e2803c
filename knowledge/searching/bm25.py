"""Search by words: BM25 over a table of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.searching.word_table import Vocabulary, WordTable

Scores = NDArray[np.float32]

MOST_QUERY_WORDS = 200  # of a pasted page the first words are enough
K1, B = 1.5, 0.75  # how soon a repeated word stops counting, how much a long text is held back


class Bm25:
    """BM25 (Lucene's form) over the texts of ``table``; scores come in their order.

    Postings: the texts with word ``w`` are ``texts[starts[w]:starts[w + 1]]``, and what the word
    adds to each stands beside it.
    """

    def __init__(self, table: WordTable, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._size = len(table)
        self._frequency = np.bincount(table.words, minlength=len(vocabulary))
        self._starts = np.concatenate([[0], np.cumsum(self._frequency)])
        self._texts = np.empty(len(table.words), dtype=np.int32)
        self._worth = np.empty(len(table.words), dtype=np.float32)
        self._fill(table)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Bm25:
        vocabulary = Vocabulary()
        return cls(vocabulary.table(texts), vocabulary)

    def scores(self, words: Sequence[str]) -> Scores:
        """One score per text, 0 where no word is shared."""
        scores = np.zeros(self._size, dtype=np.float32)
        for word in words[:MOST_QUERY_WORDS]:
            number = self._vocabulary.number(word)
            if 0 <= number < len(self._frequency):  # a later word is in none of these texts
                found = slice(self._starts[number], self._starts[number + 1])
                scores[self._texts[found]] += self._worth[found]
        return scores

    def weight(self, words: Sequence[str]) -> float:
        """What the words are worth together (sum of their idf): the scale of a full match."""
        numbers = np.array([self._vocabulary.number(word) for word in words[:MOST_QUERY_WORDS]])
        known = (numbers >= 0) & (numbers < len(self._frequency))
        frequency = np.zeros(len(numbers), dtype=np.int64)
        frequency[known] = self._frequency[numbers[known].astype(np.int64)]
        return float(self._idf(frequency).sum())

    def _fill(self, table: WordTable) -> None:
        """Block by block, so that it takes no memory beside what it fills."""
        lengths = table.sums()
        usual = float(lengths.mean()) if len(lengths) else 0.0
        held_back = (K1 * (1 - B + B * lengths / (usual or 1.0))).astype(np.float32)
        idf = self._idf(self._frequency).astype(np.float32)
        free = self._starts[:-1].copy()  # the next place for each word
        for first, block in table.blocks():
            order = np.argsort(block.words, kind="stable")
            words = block.words[order]
            texts = np.repeat(np.arange(first, first + len(block)), block.lengths)[order]
            found, firsts, counts = np.unique(words, return_index=True, return_counts=True)
            places = np.arange(len(words)) + np.repeat(free[found] - firsts, counts)
            free[found] += counts
            times = block.times[order].astype(np.float32)
            self._texts[places] = texts
            self._worth[places] = idf[words] * times / (times + held_back[texts])

    def _idf(self, frequency: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.log1p((self._size - frequency + 0.5) / (frequency + 0.5))
