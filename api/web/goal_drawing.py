"""A goal's weeks as the geometry of inline SVG, on a 100 by 100 field, y down. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.indicators.board import Followed
from coach.indicators.goal import Counting

BAR = 0.62  # of a week's width


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """``lines`` are points of unbroken stretches of weeks; ``target`` is its height, if shown."""

    low: float
    high: float
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    target: float | None


def bars(values: Sequence[float | None], highest: float = 0) -> tuple[Bar, ...]:
    """From zero; as high as the field is ``highest``, or the highest of them."""
    highest = highest or max((value for value in values if value), default=0)
    step = 100 / max(len(values), 1)
    return tuple(
        Bar(
            round(step * (place + (1 - BAR) / 2), 2),
            round(100 - 100 * value / highest, 2),
            round(step * BAR, 2),
            round(100 * value / highest, 2),
        )
        for place, value in enumerate(values)
        if value
    )


def chart(one: Followed) -> Chart | None:
    """None where there is no number in these weeks.

    Counts are drawn from zero; a level between its lowest and highest, the target included.
    """
    goal = one.goal
    known = [value for value in one.weeks if value is not None]
    if not known:
        return None
    is_level = goal.counting is Counting.LATEST
    shown = [*known, *([goal.target] if is_level and goal.target is not None else [0.0])]
    low, high = min(shown), max(shown)
    span = (high - low) or 1.0
    step = 100 / len(one.weeks)

    def height(value: float) -> float:
        return round(100 - 100 * (value - low) / span, 2)

    places = [
        None if value is None else (round(step * (place + 0.5), 2), height(value))
        for place, value in enumerate(one.weeks)
    ]
    target = height(goal.target) if is_level and goal.target is not None else None
    return Chart(low, high, _lines(places), tuple(p for p in places if p), target)


def _lines(places: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    lines: list[list[str]] = [[]]
    for place in places:
        if place is None:
            lines.append([])
        else:
            lines[-1].append(f"{place[0]},{place[1]}")
    return tuple(" ".join(line) for line in lines if len(line) > 1)
