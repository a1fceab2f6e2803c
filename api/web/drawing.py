"""Numbers into the geometry of inline SVG. Pure; the templates write the elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def level(count: int) -> int:
    """How dark a cell of the coverage is, 0 to 4."""
    return min(count, 3) if count < 6 else 4
