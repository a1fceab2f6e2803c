"""Mastery over time into the geometry of inline SVG. Pure; the templates write the elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.progress import Point


@dataclass(frozen=True)
class Line:
    """On a 100 by 100 field, y down. ``band`` is the outline of where it may really lie."""

    points: str
    band: str
    dots: tuple[tuple[float, float, str], ...]  # x, y and what a reader is told


def over_time(points: Sequence[Point]) -> Line:
    """By date; points of one moment stand in the middle."""
    if not points:
        return Line("", "", ())
    first, last = points[0].at, points[-1].at
    whole = (last - first).total_seconds()
    xs = [100 * (p.at - first).total_seconds() / whole if whole else 50.0 for p in points]
    upper = [_at(x, p.high) for x, p in zip(xs, points, strict=True)]
    lower = [_at(x, p.low) for x, p in zip(xs, points, strict=True)]
    dots = tuple(
        (round(x, 2), round(100 * (1 - p.share), 2), f"{p.at.date()}: {p.share:.0%}")
        for x, p in zip(xs, points, strict=True)
    )
    return Line(
        " ".join(f"{x},{y}" for x, y, _ in dots), " ".join([*upper, *reversed(lower)]), dots
    )


def _at(x: float, share: float) -> str:
    return f"{round(x, 2)},{round(100 * (1 - share), 2)}"
