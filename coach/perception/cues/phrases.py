"""Patterns made of ways to say a thing, so that a list of phrases reads as one.

Case doesn't matter, and a straight apostrophe stands for a typographic one as well.
"""

from __future__ import annotations

import re

from coach.late_pattern import late

#: At the start of a sentence: what people say before they ask or say something back, and while
#: they look for words. It never gives back what it took: a long row of such words stays quick.
LEAD_IN = (
    r"^\W*+(?>(?:and|so|but|ok(?:ay)?|well|right|all right|alright|then|now|yes|yeah|no|oh|ah|uh|"
    r"um|hmm+|mm[- ]?hm+|mm+|uh[- ]?huh|sure|great|i see|got it|you know|like|may i ask|can i ask|"
    r"could i ask|just curious|out of interest|first|before (?:i|we)\b[^,?]{0,60}|if i may)"
    r"\b[-,:–—\s]*+){0,12}+"
)


def anywhere(*ways: str, over_lines: bool = False) -> re.Pattern[str]:
    """Any of these ways, wherever it stands, also inside a word."""
    return _pattern("|".join(ways), re.DOTALL if over_lines else 0)


def starts(*ways: str) -> re.Pattern[str]:
    """Any of these ways from the start of a word."""
    return _pattern(rf"\b(?:{'|'.join(ways)})")


def words(*ways: str) -> re.Pattern[str]:
    """Any of these ways as whole words."""
    return _pattern(rf"\b(?:{'|'.join(ways)})\b")


def _pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    return late(source.replace("'", "['’]"), re.IGNORECASE | flags)
