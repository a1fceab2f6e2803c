"""Whether the parts of a scenario fit each other. Pure; told with the place of each misfit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from coach.moves import MoveKind
from coach.rubric import MYTH_RULES

if TYPE_CHECKING:
    from coach.scenario import Scenario

Place = tuple[str | int, ...]
Misfit = tuple[Place, str]


class Inconsistent(ValueError):
    """Parts that don't fit each other: where, and why."""

    def __init__(self, faults: Iterable[Misfit]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(said for _, said in self.faults))


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def misfits(scenario: Scenario) -> list[Misfit]:
    looks = (_unknown_rules, _shared_ids, _opens_with_something, _need)
    return [found for look in looks for found in look(scenario)]


def _unknown_rules(scenario: Scenario) -> Iterator[Misfit]:
    needs = {f"need:{c.id}/{n.id}" for c in scenario.concerns for n in c.needs}
    allowed = needs | {str(kind) for kind in MoveKind} | MYTH_RULES
    for number, item in enumerate(scenario.rubric):
        for side, rules in (("yes", item.yes), ("no", item.no)):
            for at, rule in enumerate(rules):
                if rule not in allowed:
                    near = get_close_matches(rule, allowed, 1)
                    hint = f"; did you mean {near[0]!r}?" if near else ""
                    said = f"rubric {item.id!r} names unknown {rule[:80]!r}{hint}"
                    yield ("rubric", number, side, at), said


def _shared_ids(scenario: Scenario) -> Iterator[Misfit]:
    lists: dict[Place, Iterable[_HasId]] = {
        ("personas",): scenario.personas,
        ("concerns",): scenario.concerns,
        ("rubric",): scenario.rubric,
        ("facts",): scenario.facts,
    }
    for number, concern in enumerate(scenario.concerns):
        lists["concerns", number, "needs"] = concern.needs
    for place, entries in lists.items():
        seen: set[str] = set()
        for number, entry in enumerate(entries):
            if entry.id in seen:
                yield (*place, number, "id"), f"another of these has the id {entry.id!r} too"
            seen.add(entry.id)


def _opens_with_something(scenario: Scenario) -> Iterator[Misfit]:
    if all(c.hidden or c.when_needed is not None for c in scenario.concerns):
        yield (
            ("concerns",),
            "at least one concern must not be hidden, nor have `when_needed`: the buyer opens "
            "with it",
        )


def _need(scenario: Scenario) -> Iterator[Misfit]:
    instead = [c for c in scenario.concerns if c.when_needed is False]
    if (scenario.need_exists is not True) != bool(instead):
        yield (
            ("need_exists",),
            "`need_exists` below true and a concern with `when_needed: false` go together: "
            "the concern says what there is instead of a need",
        )
    if scenario.need_exists is not True and scenario.kind != "tactical":
        yield (
            ("need_exists",),
            "nobody buys in a strategic scenario: leave `need_exists` true",
        )
    for number, concern in enumerate(scenario.concerns):
        moves = [need.move for need in concern.needs]
        if concern in instead and not (concern.hidden and moves == [MoveKind.DISQUALIFY]):
            yield (
                ("concerns", number),
                f"concern {concern.id!r} with `when_needed: false` must be hidden, and have "
                "one need with `move: disqualify`",
            )
