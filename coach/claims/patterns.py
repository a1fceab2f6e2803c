"""How the word lists of this room become patterns."""

from __future__ import annotations

import re

from coach.late_pattern import late


def either(*parts: str) -> re.Pattern[str]:
    """Any of ``parts`` as whole words, in whatever case."""
    return late(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def opening(*parts: str) -> re.Pattern[str]:
    """Any of ``parts`` at the start of a text, behind signs that are no words."""
    return late(rf"^\W*(?:{'|'.join(parts)})", re.IGNORECASE)
