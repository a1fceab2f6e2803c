"""What a model's words are held against in one turn: gathered once, when the first words come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coach.buyer import Standing
from coach.scenario import Act
from coach.vetting.figures import named
from coach.vetting.secrets import Secrets, Telling, secrets_of, untold
from coach.vetting.straying import vocabulary
from coach.vetting.words import Run, counted, stems

if TYPE_CHECKING:
    from coach.voice.moment import Moment

#: What was said to get these is no matter of the talk, and its words allow nothing.
_BESIDE = (Act.PUZZLED, Act.PUZZLED_PROMPT, Act.PUZZLED_LANGUAGE)


@dataclass(frozen=True)
class Ground:
    """``core`` is the written line that the words reword; ``canary`` stands in the prompt and
    nowhere else, ``notes`` are runs of the prompt's own words."""

    moment: Moment
    core: str
    canary: str
    notes: frozenset[Run] = frozenset()

    @cached_property
    def said_before(self) -> str:
        """The line, the talk so far, and what both sides know from the start."""
        moment, persona = self.moment, self.moment.persona
        told = (turn.text for turn in moment.history)
        facts = (line for f in moment.scenario.facts if self._may_tell(f.id) for line in f.say)
        return "\n".join(
            (self.core, moment.scenario.summary, str(persona.size), moment.said, *facts, *told)
        )

    def _may_tell(self, fact: str) -> bool:
        return fact in self.moment.state.facts_told or fact == self.moment.next.fact

    @cached_property
    def by_seller(self) -> str:
        return "\n".join(t.text for t in self.moment.history if t.speaker.value == "seller")

    @cached_property
    def by_buyer(self) -> tuple[str, ...]:
        return tuple(t.text for t in self.moment.history if t.speaker.value == "buyer")

    @cached_property
    def counted(self) -> frozenset[str]:
        return counted(self.said_before)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every word that may be a name here."""
        scenario, persona = self.moment.scenario, self.moment.persona
        who = (persona.name, persona.organisation, persona.sector, persona.region, persona.role)
        where = (scenario.vendor, scenario.competitor or "", *scenario.places)
        return named("\n".join((self.said_before, *who, *where)))

    @cached_property
    def secrets(self) -> Secrets:
        return secrets_of(self.moment.scenario)

    @cached_property
    def hidden(self) -> Mapping[str, Telling]:
        """What would give away concerns that weren't told yet; what the seller or the line has said
        gives nothing away."""
        state = self.moment.state.concerns
        keys = [
            key
            for key in self.secrets.hidden
            if key not in state or state[key].standing is Standing.HIDDEN
        ]
        return untold(self.secrets, keys, f"{self.core}\n{self.by_seller}")

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of what such a talk may be about."""
        heard = "" if self.moment.next.act in _BESIDE else self.moment.said
        own = (self.core, heard, self.moment.persona.manner, *self.by_buyer)
        return vocabulary(self.moment.scenario) | stems("\n".join(own))
