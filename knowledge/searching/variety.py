"""No two passages of one answer say the same. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

SAYS_THE_SAME = 0.85  # shared words of all words (Jaccard)


class Said:
    """What was said so far.

    Two texts that share that much share one of the rarest few words of each, so only those are
    looked up. Words are numbers in rising order, and rare ones tend to have the highest.
    """

    def __init__(self) -> None:
        self._by_word: defaultdict[int, list[frozenset[int]]] = defaultdict(list)

    def is_new(self, words: Sequence[int]) -> bool:
        """False when nearly the same was said; else it is said from now on."""
        telling = words[math.ceil(SAYS_THE_SAME * len(words)) - 1 :] if words else ()
        mine = frozenset(words)
        for word in telling:
            if any(_alike(mine, others) for others in self._by_word.get(word, ())):
                return False
        for word in telling:
            self._by_word[word].append(mine)
        return True


def _alike(some: frozenset[int], others: frozenset[int]) -> bool:
    return len(some & others) >= SAYS_THE_SAME * len(some | others)
