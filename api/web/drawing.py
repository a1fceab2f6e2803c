"""Numbers into the geometry of inline SVG. Pure; the templates write the elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import pi
from typing import Any

from api.web.wording import MOODS

RING_RADIUS = 52


def ring_dashes(score: float) -> str:
    """``stroke-dasharray`` of the score ring: the drawn part, then more than the rest."""
    around = 2 * pi * RING_RADIUS
    return f"{around * min(max(score, 0), 100) / 100:.1f} {around:.1f}"


@dataclass(frozen=True)
class Series:
    """One line on a 100 by 100 field, y down. ``dots`` are (x, y) of its points."""

    key: str
    label: str
    first: int
    last: int
    points: str
    dots: tuple[tuple[float, float], ...]


def mood_lines(states: Sequence[Mapping[str, Any]]) -> tuple[Series, ...]:
    """Trust, value and patience over the turns of ``debrief.buyer.state_by_turn``."""
    if not states:
        return ()
    step = 100 / max(len(states) - 1, 1)

    def series(key: str, label: str) -> Series:
        values = [min(max(float(state[key]), 0.0), 100.0) for state in states]
        dots = tuple((round(i * step, 2), round(100 - v, 2)) for i, v in enumerate(values))
        points = " ".join(f"{x},{y}" for x, y in dots)
        return Series(key, label, round(values[0]), round(values[-1]), points, dots)

    return tuple(series(key, label) for key, label in MOODS.items())


@dataclass(frozen=True)
class Band:
    """Where one concern stood: cells of (x, width, standing) on a field 100 wide."""

    label: str
    hidden: bool
    cells: tuple[tuple[float, float, str], ...]


def concern_bands(buyer: Mapping[str, Any]) -> tuple[Band, ...]:
    """Each concern over the turns of ``debrief.buyer``; none for debriefs that didn't keep it."""
    states = [state for state in buyer["state_by_turn"] if state.get("standings")]
    if len(states) < 2:
        return ()
    step = 100 / len(states)
    return tuple(
        Band(
            concern["label"],
            concern["hidden"],
            tuple(
                (round(i * step, 2), round(step, 2), state["standings"].get(concern["id"], ""))
                for i, state in enumerate(states)
            ),
        )
        for concern in buyer["concerns"]
    )


@dataclass(frozen=True)
class Mark:
    """A turn of the seller after which trust moved: ``x`` on a field 100 wide, ``y`` down."""

    x: float
    y: float
    turn: int
    change: int


EARNED, COST = 6, -6  # trust in one turn


def trust_marks(states: Sequence[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """Where the seller's turn earned or cost much."""
    step = 100 / max(len(states) - 1, 1)
    changes = [
        (i, round(after["trust"] - before["trust"]))
        for i, (before, after) in enumerate(pairwise(states), start=1)
    ]
    return tuple(
        Mark(round(i * step, 2), round(100 - states[i]["trust"], 2), states[i]["turn"] - 1, change)
        for i, change in changes
        if change >= EARNED or change <= COST
    )


def level(count: int) -> int:
    """How dark a cell of the coverage is, 0 to 4."""
    return min(count, 3) if count < 6 else 4
