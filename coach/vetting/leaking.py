"""Leaks: the prompt's canary and own words, hidden concerns, and what replies are judged by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from coach.vetting.fault import Fault
from coach.vetting.secrets import FEW, tells
from coach.vetting.words import Run, runs, runs_of
from prompts import source_of

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

NOTES = 6  # words in a row of the prompt's own
_VARIABLE = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_APART = re.compile(r"[\W_]+")


@lru_cache(maxsize=8)
def notes_of(prompt: str) -> frozenset[Run]:
    """Runs of a prompt's own words: what an answer repeats of them was told, not said."""
    return runs_of(_VARIABLE.split(source_of(prompt)), NOTES)


def leak(text: str, ground: Ground) -> Fault | None:
    """Any of them in ``text``; what the line itself or the seller has said is no leak."""
    said = runs(text, FEW)
    own = runs(ground.core, FEW) | runs(ground.by_seller, FEW)
    leaked = (
        _has_canary(text, ground.canary)
        or (runs(text, NOTES) & ground.notes) - runs(ground.core, NOTES)
        or (said & ground.secrets.rubric) - own
        or tells(text, ground.hidden)
    )
    return Fault.LEAK if leaked else None


def _has_canary(text: str, canary: str) -> bool:
    """However it is spaced, hyphenated or turned round."""
    letters = _APART.sub("", text.casefold())
    return bool(canary) and (canary in letters or canary[::-1] in letters)
