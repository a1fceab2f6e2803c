"""How people of a temperament speak: what opens, picks up, bridges and closes their turns.

The words stand in ``lines/manners.yaml``; none of them concedes, claims or asks for anything that
code would have to know of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from pydantic import Field, field_validator, model_validator

from coach.moves import MoveKind
from coach.rubric import Frozen
from coach.scenario import Act, Temperament
from coach.scenario_book import SHARED_LINES, read_yaml


class Tone(StrEnum):
    """What an act sounds like, whatever it is about."""

    AGREE = "agree"
    HEARD = "heard"
    WAIT = "wait"
    DOUBT = "doubt"
    TELL = "tell"
    ASK = "ask"
    HURT = "hurt"
    LOST = "lost"


_TONES = {
    Tone.AGREE: (Act.ACCEPT, Act.INVITE),
    Tone.HEARD: (Act.SOFTEN, Act.SMALL_TALK),
    Tone.WAIT: (Act.NOT_YET,),
    Tone.DOUBT: (Act.DOUBT, Act.CHALLENGE),
    Tone.TELL: (Act.EXPLAIN, Act.TELL_FACT, Act.PRESS),
    Tone.ASK: (Act.ASK_FOR,),
    Tone.LOST: (Act.PUZZLED, Act.PUZZLED_PROMPT, Act.INTERRUPT),
}
TONE = {act: tone for tone, acts in _TONES.items() for act in acts}


def tone_of(act: Act) -> Tone:
    """Everything that isn't said in another tone is said by somebody who was hurt."""
    return TONE.get(act, Tone.HURT)


class Manner(Frozen):
    """The ways of one temperament. Slots are those of a line, and ``phrase`` and ``yours``."""

    length: int = Field(ge=3, le=40)  # words that a line has at best
    spelled_out: bool = False  # "do not" for "don't"
    clipped: bool = False  # no softeners, and shorter sentences
    likes: re.Pattern[str]  # lines that this person would rather choose
    avoids: re.Pattern[str]
    opens: float = Field(ge=0, le=1)  # chance that a turn begins with an opener
    picks_up_often: float = Field(ge=0, le=1)
    asks_back_often: float = Field(ge=0, le=1)
    openers: Mapping[Tone, tuple[str, ...]]
    picks_up: Mapping[Tone, tuple[str, ...]]
    felt: Mapping[MoveKind, tuple[str, ...]]
    bridge: tuple[str, ...] = Field(min_length=3)  # from what is settled to what isn't
    asks_back: tuple[str, ...] = Field(min_length=3)
    confides: tuple[str, ...] = Field(min_length=2)  # after telling what was held back
    will_do: tuple[str, ...] = Field(min_length=3)  # asked whether that will do, and it does
    wont_do: tuple[str, ...] = Field(min_length=3)

    @field_validator("likes", "avoids", mode="before")
    @classmethod
    def _any_case(cls, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)


class AboutMe(Frozen):
    """A question about the person, and what anybody would answer."""

    asks: re.Pattern[str]
    say: tuple[str, ...] = Field(min_length=2)

    @field_validator("asks", mode="before")
    @classmethod
    def _any_case(cls, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)


class Manners(Frozen):
    """``spoken`` maps a sector or region as it is filed to how people say it."""

    spoken: Mapping[str, str]
    about_me: Mapping[str, AboutMe]
    pauses: tuple[str, ...]
    terse: tuple[str, ...]  # a concern that was stated before, from somebody who has gone cold
    past: tuple[str, ...]  # where nothing is in the way any more, and the seller goes on
    soon: tuple[str, ...]  # asked for a proposal, with little patience left
    begun: re.Pattern[str]  # a line that needs no opener
    bridged: re.Pattern[str]  # ... no bridge
    of: Mapping[Temperament, Manner]

    @field_validator("begun", "bridged", mode="before")
    @classmethod
    def _pattern(cls, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    @model_validator(mode="after")
    def _everybody(self) -> Manners:
        if missing := set(Temperament) - set(self.of):
            raise ValueError(f"no manner for {sorted(missing)}")
        return self


@cache
def manners() -> Manners:
    """The manners that ship."""
    return Manners.model_validate(read_yaml(SHARED_LINES / "manners.yaml"))
