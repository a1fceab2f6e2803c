"""Whether two series go up and down together. That they do says nothing about why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh

FEWEST = 8  # weeks
_Z95 = 1.959964
_NEARLY = 0.999  # a perfect order of a few weeks would have an interval without width


@dataclass(frozen=True)
class Together:
    """Spearman's rho over ``n`` weeks with its 95% interval; None with ``why`` it can't be said."""

    n: int
    rho: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


def together(one: Sequence[float | None], other: Sequence[float | None]) -> Together:
    """Over the weeks in which both are known; interval by Bonett and Wright (2000)."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    n = len(pairs)
    if n < FEWEST:
        return Together(n, why="too few weeks to say")
    rho = _pearson(ranks([a for a, _ in pairs]), ranks([b for _, b in pairs]))
    if rho is None:
        return Together(n, why="one of the two never changed")
    half = _Z95 * sqrt((1 + rho * rho / 2) / (n - 3))
    near = atanh(min(max(rho, -_NEARLY), _NEARLY))
    return Together(n, rho, min(tanh(near - half), rho), max(tanh(near + half), rho))


def ranks(values: Sequence[float]) -> list[float]:
    """From 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for place in order[at : end + 1]:
            found[place] = (at + end) / 2 + 1
        at = end + 1
    return found


def _pearson(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    under = sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys)
    return over / sqrt(under) if under else None
