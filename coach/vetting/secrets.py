"""What a buyer's words would give away: hidden concerns, and what only the coach knows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from coach.scenario import Concern, Scenario
from coach.scenario_book import shared_lines
from coach.vetting.remembering import per_scenario
from coach.vetting.words import Run, runs_of, stems

FEW = 5  # words in a row that give a secret away
STEMS, SHARE = 3, 0.5  # of a sentence that tell a secret in other words
_SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Telling:
    """What only one secret has: runs of words, and stems."""

    runs: frozenset[Run]
    stems: frozenset[str]


@dataclass(frozen=True)
class Secrets:
    """``hidden`` by the id of the concern; ``rubric`` are runs of what replies are judged by."""

    hidden: Mapping[str, Telling]
    rubric: frozenset[Run]


@per_scenario
def secrets_of(scenario: Scenario) -> Secrets:
    """All that could leak from a scenario."""
    lines = list(_parts(_public(scenario)))
    runs, known = runs_of(lines, FEW), stems("\n".join(lines))
    return Secrets(
        {
            c.id: Telling(runs_of(_parts(_told(c)), FEW) - runs, _own_stems(c) - known)
            for c in scenario.concerns
            if c.hidden
        },
        runs_of(_parts(_judged(scenario)), FEW) - runs - runs_of(_parts(_all_lines(scenario)), FEW),
    )


def untold(secrets: Secrets, keys: Container[str], known: str) -> dict[str, Telling]:
    """The secrets ``keys`` without what ``known`` has said of them."""
    said, their = runs_of([known], FEW), stems(known)
    return {
        key: Telling(found.runs - said, found.stems - their)
        for key, found in secrets.hidden.items()
        if key in keys
    }


def tells(text: str, hidden: Mapping[str, Telling]) -> bool:
    """Whether ``text`` gives one of them away, by its words in a row or by most of its sense."""
    said, sense = runs_of([text], FEW), stems(text)
    return any(said & one.runs or _mostly(sense, one.stems) for one in hidden.values())


def _mostly(sense: frozenset[str], telling: frozenset[str]) -> bool:
    shared = len(sense & telling)
    return shared >= STEMS and shared >= SHARE * len(sense)


def tells_hidden(text: str, known: str, scenario: Scenario) -> bool:
    """Whether ``text`` gives away any hidden concern that ``known`` doesn't speak of."""
    secrets = secrets_of(scenario)
    return tells(text, untold(secrets, secrets.hidden, known))


def _own_stems(concern: Concern) -> frozenset[str]:
    return stems("\n".join((concern.card, concern.topic, concern.label, *concern.say)))


def _parts(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        yield from _SLOT.split(text)


def _public(scenario: Scenario) -> Iterator[str]:
    yield from (*scenario.opening, scenario.summary)
    for persona in scenario.personas:
        yield from (persona.manner, persona.role, persona.organisation, *persona.sayings)
    for concern in scenario.concerns:
        if not concern.hidden:
            yield from _told(concern)
    for fact in scenario.facts:
        yield from fact.say
    yield from (*scenario.next_step.accept, *scenario.next_step.decline)
    for pool in (*scenario.lines.values(), *shared_lines(scenario.kind).values()):
        yield from (*pool.any, *pool.warm, *pool.neutral, *pool.cold)


def _told(concern: Concern) -> Iterator[str]:
    """What the buyer thinks and says of it."""
    yield from (concern.card, concern.topic, concern.label)
    yield from (*concern.say, *concern.explain, *concern.doubt, *concern.accept)
    for need in concern.needs:
        yield from need.ask


def _all_lines(scenario: Scenario) -> Iterator[str]:
    for concern in scenario.concerns:
        yield from _told(concern)


def _judged(scenario: Scenario) -> Iterator[str]:
    """What the coach knows and no buyer does: the rubric, the goal, and what would answer."""
    yield scenario.goal
    for item in scenario.checks:
        yield from (item.question, item.why_yes, item.why_no, item.tip)
    for concern in scenario.concerns:
        for need in concern.needs:
            yield from need.about
