"""All that a scenario has the buyer say, each line with where it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from coach.consistency import Place
from coach.scenario import Attitude, Concern, Scenario

Placed = tuple[Place, str]


def spoken_lines(scenario: Scenario) -> Iterator[Placed]:
    yield from _listed(("opening",), scenario.opening)
    for number, concern in enumerate(scenario.concerns):
        yield from concern_lines(number, concern)
    for number, fact in enumerate(scenario.facts):
        yield from _listed(("facts", number, "say"), fact.say)
    yield from _listed(("next_step", "accept"), scenario.next_step.accept)
    yield from _listed(("next_step", "decline"), scenario.next_step.decline)
    for act, by_mood in scenario.lines.items():
        for mood in ("any", *Attitude):
            yield from _listed(("lines", act.value, str(mood)), getattr(by_mood, mood))


def concern_lines(number: int, concern: Concern) -> Iterator[Placed]:
    place: Place = ("concerns", number)
    for part in ("say", "explain", "doubt", "accept"):
        yield from _listed((*place, part), getattr(concern, part))
    for at, need in enumerate(concern.needs):
        yield from _listed((*place, "needs", at, "ask"), need.ask)


def _listed(place: Place, lines: tuple[str, ...]) -> Iterator[Placed]:
    return (((*place, number), line) for number, line in enumerate(lines))
