"""Search by words: BM25 over any list of texts, with light English stemming."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

MOST_QUERY_WORDS = 200  # of a pasted page the first words are enough

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_STOP = frozenset(
    """a an and are as at be by can do does for from has have how i if in is it of on or our that
    the their there they this to was we what when which will with you your""".split()  # noqa: SIM905  a word list reads better than quoted items
)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, lower case, plural ``s`` taken off; numbers stay as written."""
    return [_stem(word) for word in _WORD.findall(text.casefold()) if word not in _STOP]


def _stem(word: str) -> str:
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("es", "e"), ("s", "")):
        if word.endswith(ending):
            return word[: -len(ending)] + instead
    return word


class LexicalIndex:
    """BM25 over ``texts``; scores come in the order of ``texts``."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s  # noqa: PLC0415  a third of a second that `coach --help` need not pay

        words = [content_words(text) for text in texts]
        self._size = len(texts)
        self._frequency = Counter(word for found in words for word in set(found))
        self._bm25: Any = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        if self._frequency:
            self._bm25.index([found or [""] for found in words], show_progress=False)

    def scores(self, words: Sequence[str]) -> Scores:
        """One score per text, 0 where no word is shared."""
        known = [word for word in words[:MOST_QUERY_WORDS] if word in self._frequency]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found: Scores = self._bm25.get_scores(known)
        return found

    def weight(self, words: Sequence[str]) -> float:
        """What the words are worth together (sum of their idf): the scale of a full match."""
        return sum(self._idf(word) for word in words[:MOST_QUERY_WORDS])

    def _idf(self, word: str) -> float:
        frequency = self._frequency[word]
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))
