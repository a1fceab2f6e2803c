"""Words as they are compared: folded, without marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.claims.number_words import SCALES, SMALL
from coach.perception import content_words
from coach.suggestion.grounding import figures

Run = tuple[str, ...]

STEM = 5  # letters by which forms of one word are taken for the same
_WORD = re.compile(r"[\w'’]+")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_NUMBERS = {**SMALL, **SCALES}
_SPELLED = re.compile(rf"\b({'|'.join(_NUMBERS)})(?:s|th)?\b", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def runs(text: str, length: int) -> frozenset[Run]:
    """All stretches of ``length`` words in a row."""
    words = words_of(text)
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def runs_of(texts: Iterable[str], length: int) -> frozenset[Run]:
    return frozenset(run for text in texts for run in runs(text, length))


def stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in content_words(text))


def counted(text: str) -> frozenset[str]:
    """Every number of ``text`` as digits, so that nine is 9."""
    return figures(text) | {str(_NUMBERS[w.casefold()]) for w in _SPELLED.findall(text)}


def unquoted(text: str) -> str:
    """Without what stands in quotation marks: that is what somebody else said."""
    return _QUOTED.sub(" ", text)
