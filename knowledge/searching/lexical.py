"""The words of texts that carry meaning, as every comparison of words sees them. Pure.

Scripts that put no spaces between words (Chinese, Japanese, Thai, ...) are read as overlapping
pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Thai and Lao, Burmese, Khmer, kana, Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Signs that belong to the letter before them but aren't letters to ``\w``: accents written
# apart, points of Hebrew and Arabic, the vowels of India's scripts.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0966-\u0dff"
)
_FIRST_UNSPACED = "\u0e00"
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[{_UNSPACED}]+|(?:[^\W{_UNSPACED}]|[{_MARKS}])+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_STOP = frozenset(
    """a an and are as at be by can do does for from has have how i if in is it of on or our that
    the their there they this to was we what when which will with you your""".split()  # noqa: SIM905  a word list reads better than quoted items
)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, lower case, plural ``s`` taken off; numbers stay as written."""
    return [word for found in raw_words(text) for word in meant_by(found)]


def raw_words(text: str) -> list[str]:
    """Runs of letters and numbers, lower case, in order."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found: list[str] = _WORD.findall(plain.casefold())
    return found


def meant_by(word: str) -> Sequence[str]:
    """What a raw word counts as: nothing, its stem, or the pairs of its characters."""
    if word in _STOP:
        return ()
    if word[0] >= _FIRST_UNSPACED and _IS_UNSPACED.match(word):
        return [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
    return (_stem(word),)


def _stem(word: str) -> str:
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("es", "e"), ("s", "")):
        if word.endswith(ending):
            return word[: -len(ending)] + instead
    return word
