"""What can be wrong with a model's words, and how that is told: to the rep, and to the model."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Counted and stored by value."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    MARKUP = "markup"
    ROLE = "role_flip"
    LEAK = "leak"
    DECISION = "decision"
    NUMBER = "invented_number"
    NAME = "invented_name"
    LANGUAGE = "language"
    REPEATED = "repeated"
    STRAYED = "strayed"

    @property
    def note(self) -> str:
        """What the rep is told."""
        return _TOLD[self][0]

    @property
    def advice(self) -> str:
        """What the model is told before it tries once more: general words, since to repeat what it
        said would put it into the prompt."""
        return _TOLD[self][1]


_TOLD = {
    Fault.EMPTY: ("The model said nothing", "it was empty"),
    Fault.TOO_LONG: ("The model went on too long", "it was far too long"),
    Fault.MARKUP: (
        "The model wrote markup or a link",
        "it held a link, markup or marks of these notes; speak plain sentences",
    ),
    Fault.ROLE: (
        "The model fell out of its role",
        "you fell out of your role; you are the one who is being talked to, and nobody else",
    ),
    Fault.LEAK: (
        "The model told what it may not tell",
        "it told what belongs to these notes; say only what the line says",
    ),
    Fault.DECISION: (
        "The model decided what it was not asked to",
        "it agreed, refused or ended where the line does not; keep the line's meaning exactly",
    ),
    Fault.NUMBER: ("The model made up a number", "it held a number that nobody had said"),
    Fault.NAME: ("The model made up a name", "it held a name that nobody had said"),
    Fault.LANGUAGE: ("The model changed the language", "it was not in English"),
    Fault.REPEATED: (
        "The model repeated itself",
        "it repeated what had been said before; use new words",
    ),
    Fault.STRAYED: (
        "The model strayed from the matter",
        "it was about something else; say what the line says",
    ),
}
