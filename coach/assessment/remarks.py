"""Whether a model's reason for a verdict may be shown to the rep."""

from __future__ import annotations

import re

from coach.perception.cues.language import language_of
from coach.scenario import Scenario
from coach.vetting.markup import is_marked
from coach.vetting.secrets import tells_hidden
from coach.vetting.words import words_of

_PROMPT = re.compile(
    r"\b(?:as an ai|language model|system prompt|(?:my|these) instructions|json)\b", re.IGNORECASE
)


def remark_fault(said: str, known: str, scenario: Scenario) -> str:
    """Why not: it is empty, no plain English text, speaks of its orders, or gives away what the
    buyer hides and ``known`` doesn't say; "" where nothing is wrong."""
    faults = (
        (not said.strip(), "empty"),
        (is_marked(said), "markup"),
        (bool(_PROMPT.search(said)), "role_flip"),
        (bool(language_of(words_of(said))), "language"),
        (tells_hidden(said, known, scenario), "leak"),
    )
    return next((fault for wrong, fault in faults if wrong), "")
