"""What a trainer should look at again in a valid scenario, as far as its text alone tells. Pure.

``coach.authoring.proving`` looks at what needs the buyer's ear or the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from coach.authoring.lines import Placed, spoken_lines
from coach.authoring.reading import Fault, Reading
from coach.moves import MoveKind
from coach.perception import content_words
from coach.scenario import Concern, Scenario
from coach.suggestion.objections import wordings

TODO = "TODO"

#: How many lines a session of normal length uses up.
ENOUGH = {"say": 5, "explain": 5, "doubt": 4, "accept": 3, "ask": 4, "opening": 4, "step": 4}
#: Words that a hidden concern shares with a line that anybody hears.
GIVEN_AWAY = 4
#: What every rubric should have as a no.
FORBIDDEN = (MoveKind.PUSH, MoveKind.DISPARAGE, MoveKind.INVENT)


def review(reading: Reading) -> tuple[Fault, ...]:
    """Warnings in the order of the file; none where the scenario isn't valid."""
    if reading.scenario is None:
        return ()
    found = (
        Fault(place, reading.line_of(*place), said)
        for look in (_todos, _too_few, _repeated, _given_away, _never_said, _facts, _rubric, _type)
        for place, said in look(reading.scenario)
    )
    return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _todos(scenario: Scenario) -> Iterator[Placed]:
    """A draft says where its author has to think."""
    for place, text in _texts(scenario.model_dump(mode="json")):
        if TODO in text:
            yield place, f"is still to do: {text[:80]}"


def _texts(value: object, place: tuple[str | int, ...] = ()) -> Iterator[Placed]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))


def _too_few(scenario: Scenario) -> Iterator[Placed]:
    def few(lines: tuple[str, ...], kind: str, *place: str | int) -> Iterator[Placed]:
        if len(lines) < ENOUGH[kind]:
            said = f"{len(lines)} lines are few for a long session; {ENOUGH[kind]} or more last"
            yield place, said

    yield from few(scenario.opening, "opening", "opening")
    for number, concern in enumerate(scenario.concerns):
        for part in ("say", "explain", "doubt", "accept"):
            yield from few(getattr(concern, part), part, "concerns", number, part)
        for at, need in enumerate(concern.needs):
            yield from few(need.ask, "ask", "concerns", number, "needs", at, "ask")
    for part in ("accept", "decline"):
        yield from few(getattr(scenario.next_step, part), "step", "next_step", part)


def _repeated(scenario: Scenario) -> Iterator[Placed]:
    first: dict[str, str] = {}
    for place, line in spoken_lines(scenario):
        key = " ".join(re.findall(r"\w+|\{\w+\}", line.casefold()))
        where = ".".join(map(str, place))
        if key in first:
            yield place, f"says the same as {first[key]}; the buyer would repeat themselves"
        first.setdefault(key, where)


def _given_away(scenario: Scenario) -> Iterator[Placed]:
    known = [_words_of(c) for c in scenario.concerns if not c.hidden]
    for concern in scenario.concerns:
        if not concern.hidden:
            continue
        secret = content_words(f"{concern.topic} {concern.card}") - frozenset().union(*known)
        for place, line in _before_it_is_earned(scenario, concern):
            shared = content_words(line) & secret
            if len(shared) >= GIVEN_AWAY:
                told = ", ".join(sorted(shared)[:6])
                yield place, f"gives away the hidden concern {concern.id!r} ({told})"


def _words_of(concern: Concern) -> frozenset[str]:
    return content_words(f"{concern.topic} {concern.card}")


def _before_it_is_earned(scenario: Scenario, hidden: Concern) -> Iterator[Placed]:
    """What is read or heard by somebody who hasn't been told ``hidden``."""
    yield ("title",), scenario.title
    yield ("summary",), scenario.summary
    yield ("goal",), scenario.goal
    kept = {number for number, c in enumerate(scenario.concerns) if c.hidden or c is hidden}
    for place, line in spoken_lines(scenario):
        if not (place[0] == "concerns" and place[1] in kept) and place[:2] != (
            "next_step",
            "accept",
        ):
            yield place, line


def _never_said(scenario: Scenario) -> Iterator[Placed]:
    """A line whose slot nothing can fill."""
    if scenario.competitor:
        return
    for place, line in spoken_lines(scenario):
        if any(slot == "competitor" for _, slot, _, _ in Formatter().parse(line)):
            yield place, "is never said: it needs {competitor}, and the scenario names none"


def _facts(scenario: Scenario) -> Iterator[Placed]:
    for number, fact in enumerate(scenario.facts):
        if not content_words(fact.topic):
            yield (
                ("facts", number, "topic"),
                "nobody can ask for this: say in plain words what the question would be about",
            )


def _rubric(scenario: Scenario) -> Iterator[Placed]:
    watched = {rule for item in scenario.checks for rule in item.no}
    if missing := [kind.value for kind in FORBIDDEN if kind not in watched]:
        yield ("rubric",), f"nothing here has a `no` for: {', '.join(missing)}"


def _type(scenario: Scenario) -> Iterator[Placed]:
    if scenario.objection not in wordings():
        known = ", ".join(name for name in wordings() if name != "none")
        yield ("objection",), f"{scenario.objection[:60]!r} is no type that is known: {known}"
