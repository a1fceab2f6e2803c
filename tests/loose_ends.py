"""What a suggested reply says without a source: read from the text alone, by rules of its own.

Nothing here is shared with ``coach/suggestion``: it is what that is measured with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_][\w’'&./-]*[^\W_]|[^\W\d_]")
_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*")
_SAID_NUMBERS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    hundreds thousand thousands million millions billion dozen dozens half twice double doubled
    triple tripled percent""".split()  # noqa: SIM905  a word list
)
_OPENS_A_SENTENCE = re.compile(r"(?:^|[.!?:…]|\n)[\s\"'“‘(\[”’)]*$")
_NOBODY = frozenset({"I", "I'm", "I'd", "I'll", "I've", "I’d", "I’ll", "I’m", "I’ve"})


def known_names(texts: Iterable[str]) -> frozenset[str]:
    """Every word that is written with a capital inside a sentence of ``texts`` and never small."""
    capital: set[str] = set()
    small: set[str] = set()
    for text in texts:
        for match in _WORD.finditer(text):
            word = _bare(match.group())
            if word[:1].islower():
                small.add(word)
            elif not _opens(text, match.start()):
                capital.add(word)
    return frozenset(w for w in capital if w.casefold() not in small and w not in _NOBODY)


def loose_ends(
    text: str, quotes: Iterable[str], given: str, names: frozenset[str] = frozenset()
) -> set[str]:
    """Numbers and names in ``text`` that stand neither in ``quotes`` nor in ``given``, which is
    what the customer said. ``names`` are told even where they open a sentence."""
    quotes = list(quotes)
    own = text
    for quote in quotes:
        own = own.replace(quote, " … ")
    sources = "\n".join([*quotes, given])
    covered = {_bare(w).casefold() for w in _WORD.findall(sources)}
    found = {n for n in map(_digits, _NUMBER.findall(own)) if n not in _numbers(sources)}
    for match in _WORD.finditer(own):
        word = _bare(match.group())
        number = word.casefold() in _SAID_NUMBERS
        inside = word[:1].isupper() and not _opens(own, match.start()) and word not in _NOBODY
        if (number or inside or word in names) and word.casefold() not in covered:
            found.add(word)
    return found


def _numbers(text: str) -> set[str]:
    return {_digits(number) for number in _NUMBER.findall(text)}


def _digits(number: str) -> str:
    return re.sub(r"[,\u00a0\u202f](?=\d{3})", "", number).rstrip(".,")


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _opens(text: str, at: int) -> bool:
    return bool(_OPENS_A_SENTENCE.search(text[:at]))
