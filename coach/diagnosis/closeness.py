"""How close a guess is."""

from __future__ import annotations

from enum import StrEnum


class Closeness(StrEnum):
    RIGHT = "right"
    CLOSE = "close"  # the right direction, and vague
    OTHER_CONCERN = "other_concern"  # a worry of this buyer, but not the hidden one
    NO_MATCH = "no_match"
