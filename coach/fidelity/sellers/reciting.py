"""Sellers who don't listen: they say their lines in turn, or paste what the coach suggests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random

from coach.fidelity.sellers.lines import lines
from coach.fidelity.sellers.view import Maker, Seller, View
from coach.scenario import Scenario


@dataclass
class Reciter:
    """Says its lines in order from a place that the seed decides, and starts again at the end."""

    said: Sequence[str]
    seed: int = 0
    _rest: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        start = self.seed % len(self.said)
        self._rest = cycle([*self.said[start:], *self.said[:start]])

    def next(self, view: View) -> str:
        return next(self._rest)


@dataclass
class Paster:
    """Asks for the level-3 hint at every turn and sends a suggestion as it stands.

    The seed decides with which of the suggestions it begins; it takes the next one each turn.
    """

    seed: int

    def next(self, view: View) -> str:
        given = view.hint()
        if not given:
            return "I'm not sure what to say to that."
        return given[(self.seed + view.turn) % len(given)]


def weak(scenario: Scenario, seed: int = 0) -> Seller:
    """Ignores, pushes, disparages, invents, offers money, talks on, dismisses: all mixed."""
    return Reciter(_shuffled([s for kind in lines()["weak"].values() for s in kind], seed))


def polite_but_deaf(scenario: Scenario, seed: int = 0) -> Seller:
    """Does nothing bad and never takes up what was said."""
    return Reciter(lines()["weak"]["ignore"], seed)


def reciting(kind: str) -> Maker:
    """Whoever says nothing but the lines of ``kind``."""
    return lambda scenario, seed: Reciter(_shuffled(lines()[kind], seed))


def pasting(scenario: Scenario, seed: int = 0) -> Seller:
    """Whoever lets the coach do the talking."""
    return Paster(seed)


def _shuffled(said: Sequence[str], seed: int) -> list[str]:
    return Random(f"order/{seed}").sample(list(said), len(said))  # noqa: S311
