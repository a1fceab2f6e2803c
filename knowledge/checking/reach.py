"""Which items could say nearly the same as a few new ones, without splitting the rest into words.

Two texts that share 80% of all their words share 80% of the words of each. So of any words of
one, if they are more than a fifth of them, the other has at least one: a search for a few pieces
of text rules out nearly everything. Pure, and rules out nothing wrongly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from knowledge.evidence import Evidence
from knowledge.searching.lexical import content_words

MOST_NEW = 40  # of more new items all words of all texts are sooner counted


def within_reach(
    items: Sequence[Evidence], new: Collection[str], least: float
) -> Sequence[Evidence]:
    """The items with these ids, and those that may share ``least`` of their words with one."""
    wanted = [item for item in items if item.id in new]
    if len(wanted) > MOST_NEW:
        return items
    sought = [_pieces(item.text) for item in wanted]
    rest = [item for item in items if item.id not in new]
    return [*wanted, *(item for item in rest if _near(_plain(item.text), sought, least))]


def _pieces(text: str) -> list[str]:
    """For each of its words, the part that any form of it has; the longest, and rarest, first."""
    words = set(content_words(text))
    pieces = (word[:-1] if word.endswith("y") else word for word in words)  # company, companies
    return sorted(pieces, key=len, reverse=True)


def _near(text: str, sought: Sequence[list[str]], least: float) -> bool:
    return any(_holds(text, pieces, int((1 - least) * len(pieces) + 1e-9)) for pieces in sought)


def _holds(text: str, pieces: list[str], absent: int) -> bool:
    """True when at most so many ``pieces`` aren't in ``text``."""
    left = absent
    for piece in pieces:
        if piece not in text:
            left -= 1
            if left < 0:
                return False
    return bool(pieces)


def _plain(text: str) -> str:
    """As words are looked for in it."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
