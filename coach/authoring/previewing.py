"""What a rep meets in a scenario, before it is stored. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from coach.buyer import Next, opening_state
from coach.scenario import Act, Persona, Scenario
from coach.voice import Moment, compose

SEED = 1  # any: the same draft gives the same preview


@dataclass(frozen=True)
class Met:
    """Somebody who can be met, and how the conversation begins with them."""

    persona: Persona
    opening: str


def met_in(scenario: Scenario) -> list[Met]:
    return [Met(who, _opening(scenario, who)) for who in scenario.personas]


def _opening(scenario: Scenario, who: Persona) -> str:
    state = opening_state(scenario, who, scenario.difficulty, SEED)
    return compose(Moment(scenario, who, state, Next(Act.OPEN, "opens"), SEED)).text
