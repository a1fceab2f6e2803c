"""Patterns made of ways to say a thing, so that a list of phrases reads as one.

Case doesn't matter, and a straight apostrophe stands for a typographic one as well.
"""

from __future__ import annotations

import re


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
    return re.compile(source.replace("'", "['’]"), re.IGNORECASE | flags)
