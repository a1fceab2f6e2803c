"""What the voice is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coach.buyer import BuyerState, Next, attitude
from coach.perception import Asked, Beside
from coach.scenario import Attitude, Concern, Persona, Scenario
from coach.session import ModelWork

if TYPE_CHECKING:
    from coach.session import Turn

EMBEDDED = "embedded"


@dataclass(frozen=True)
class Utterance:
    """What was said, by which engine. ``lines`` are the ids of the written lines it rests on."""

    text: str
    lines: frozenset[str] = frozenset()
    voice: str = EMBEDDED
    note: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    work: ModelWork = field(default_factory=ModelWork)


@dataclass(frozen=True)
class Moment:
    """All that the voice may know. Hidden concerns that weren't earned are not reachable here."""

    scenario: Scenario
    persona: Persona
    state: BuyerState  # after the reaction
    next: Next
    seed: int
    echo: str = ""
    history: Sequence[Turn] = ()
    said: str = ""  # what the seller has just said, whole
    asked: Asked | None = None  # their last question
    beside: Beside | None = None  # what they said beside the matter

    @property
    def attitude(self) -> Attitude:
        return attitude(self.state)

    @property
    def concern(self) -> Concern:
        """What the act is about, or else what is on the table."""
        return self.find(self.next.concern or self.state.focus)

    def find(self, key: str) -> Concern:
        return next(c for c in self.scenario.concerns if c.id == key)
