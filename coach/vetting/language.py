"""The buyer speaks English, in letters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from coach.perception.cues.language import language_of
from coach.vetting.fault import Fault
from coach.vetting.words import unquoted, words_of

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

LATIN, LETTERS = 0.9, 0.6  # shares of a text that is written as English is
#: "wh@t", "y#u", "th&n".
_DISGUISED = re.compile(r"[a-z][@#$&^~|=+]+[a-z]|(?<!\S)[@#$&]+[a-z]")
SHORT = 12  # characters: "Oh?" says nothing about the language


def foreign(text: str, ground: Ground) -> Fault | None:
    """Another language, another script, or signs in place of words."""
    return Fault.LANGUAGE if is_foreign(text) else None


def is_foreign(text: str) -> bool:
    """Whether it isn't English in letters; what stands in quotation marks doesn't count."""
    said = unquoted(text).strip()
    shown = [ch for ch in said if not ch.isspace()]
    letters = [ch for ch in shown if ch.isalpha()]
    latin = sum("LATIN" in unicodedata.name(ch, "") for ch in letters)
    if letters and latin < LATIN * len(letters):
        return True
    if any(unicodedata.category(ch) in ("So", "Cs", "Co") for ch in shown):
        return True
    if _DISGUISED.search(said):
        return True
    if len(said) < SHORT:
        return False
    odd = len(letters) < LETTERS * len(shown)
    return odd or language_of(words_of(said)) is not None
