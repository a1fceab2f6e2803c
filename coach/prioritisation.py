"""Whom to engage first: customers ranked by weighted criteria, and how sure that ranking is.

The score is a weighted sum of criteria, each scaled to 0..1 over the customers at hand. The
weights are somebody's judgement, so the ranking comes with what happens when they are moved:
how far each customer can rise or fall, and the smallest change that puts another one first. Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from coach.errors import BadInput

Matrix = NDArray[np.float64]

MOST_CUSTOMERS, MOST_CRITERIA = 5_000, 20
LARGEST = 1e15
DRAWS = 1_000  # other judgements that are tried
MOVED = 0.3  # each weight by up to this share of itself, up or down
UNDECIDED = 0.5  # the scaled value where a criterion doesn't tell the customers apart
SURE = 0.9  # share of the draws from which a first place is called stable
SAME = 1e-9  # scores nearer than this are equal


class Better(StrEnum):
    """Which end of a criterion is wanted."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Criterion:
    """``weight`` is relative to the others; ``low`` and ``high`` fix the scale where the
    customers at hand shouldn't decide it (a 1 to 5 rating, say)."""

    id: str
    weight: float = 1.0
    better: Better = Better.HIGHER
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Customer:
    """A criterion that is absent from ``values`` counts as the worst, and is told."""

    name: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Place:
    """Where a customer stands. ``score`` is 0..100 and the sum of ``parts`` (by criterion).

    ``best`` and ``worst`` are the ranks met with other weights, ``first`` the share of those
    draws in which nobody scored higher.
    """

    rank: int
    name: str
    score: float
    parts: Mapping[str, float]
    missing: tuple[str, ...]
    best: int
    worst: int
    first: float


@dataclass(frozen=True)
class Tipping:
    """``name`` comes first when ``criterion`` weighs ``share`` of the whole instead of ``now``,
    the others keeping their proportions; shares are 0..1."""

    criterion: str
    now: float
    share: float
    name: str


@dataclass(frozen=True)
class Priorities:
    """``weights`` are shares of the whole. ``flat`` criteria don't tell the customers apart."""

    places: tuple[Place, ...]
    weights: Mapping[str, float]
    tipping: tuple[Tipping, ...]
    flat: tuple[str, ...]
    summary: str


def prioritise(customers: Sequence[Customer], criteria: Sequence[Criterion]) -> Priorities:
    """The ranking and its sensitivity; the same input gives the same answer.

    Raises BadInput, naming what to change.
    """
    _checked(customers, criteria)
    weights = np.array([criterion.weight for criterion in criteria], dtype=np.float64)
    weights /= weights.sum()
    scaled = np.stack([_scaled(criterion, customers) for criterion in criteria], axis=1)
    scores = scaled @ weights
    drawn = _ranks(_other_weights(weights) @ scaled.T)
    ranks = _ranks(scores[None, :])[0]
    order = sorted(range(len(customers)), key=lambda at: (ranks[at], customers[at].name))
    places = tuple(
        Place(
            rank=int(ranks[at]),
            name=customers[at].name,
            score=100 * float(scores[at]),
            parts={
                criterion.id: 100 * float(scaled[at, n] * weights[n])
                for n, criterion in enumerate(criteria)
            },
            missing=tuple(c.id for c in criteria if c.id not in customers[at].values),
            best=int(drawn[:, at].min()),
            worst=int(drawn[:, at].max()),
            first=float((drawn[:, at] == 1).mean()),
        )
        for at in order
    )
    names = [customer.name for customer in customers]
    tied = sum(place.rank == 1 for place in places) > 1
    tipping = () if tied else tuple(_tipping(scaled, weights, criteria, names))
    flat = tuple(c.id for n, c in enumerate(criteria) if np.ptp(scaled[:, n]) < SAME)
    shares = {criterion.id: float(weights[n]) for n, criterion in enumerate(criteria)}
    return Priorities(places, shares, tipping, flat, _summary(places, tipping))


def _checked(customers: Sequence[Customer], criteria: Sequence[Criterion]) -> None:
    if not 2 <= len(customers) <= MOST_CUSTOMERS:
        raise BadInput(f"give 2 to {MOST_CUSTOMERS:,} customers, not {len(customers):,}")
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise BadInput(f"give 1 to {MOST_CRITERIA} criteria, not {len(criteria)}")
    _each_once("customer", [customer.name for customer in customers])
    _each_once("criterion", [criterion.id for criterion in criteria])
    _weights_checked(criteria)
    _values_checked(customers, criteria)


def _weights_checked(criteria: Sequence[Criterion]) -> None:
    for criterion in criteria:
        if not (math.isfinite(criterion.weight) and criterion.weight >= 0):
            raise BadInput(f"the weight of {criterion.id!r} must be a number from 0 up")
        low, high = criterion.low, criterion.high
        if low is not None and high is not None and not low < high:
            raise BadInput(f"the scale of {criterion.id!r} must go up: low below high")
    total = sum(criterion.weight for criterion in criteria)
    if not 0 < total < math.inf:
        raise BadInput("the weights must add up to a number above 0")


def _values_checked(customers: Sequence[Customer], criteria: Sequence[Criterion]) -> None:
    known = {criterion.id for criterion in criteria}
    for customer in customers:
        for key, value in customer.values.items():
            if key not in known:
                raise BadInput(f"{customer.name!r} has a value for {key!r}, which is no criterion")
            if not abs(value) <= LARGEST:
                raise BadInput(f"{key!r} of {customer.name!r} isn't a number up to {LARGEST:g}")
    for criterion in criteria:
        if not any(criterion.id in customer.values for customer in customers):
            raise BadInput(
                f"no customer has a value for {criterion.id!r}: leave that criterion out"
            )


def _each_once(what: str, names: Sequence[str]) -> None:
    if any(not name.strip() for name in names):
        raise BadInput(f"a {what} has no name")
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise BadInput(f"{what} {twice[0]!r} is there twice: rename or remove one")


def _scaled(criterion: Criterion, customers: Sequence[Customer]) -> Matrix:
    """0 for the worst and 1 for the best; what is missing counts as the worst."""
    given = [customer.values.get(criterion.id) for customer in customers]
    known = np.array([value for value in given if value is not None], dtype=np.float64)
    low = known.min() if criterion.low is None else criterion.low
    high = known.max() if criterion.high is None else criterion.high
    worst = low if criterion.better is Better.HIGHER else high
    values = np.array([worst if v is None else v for v in given], dtype=np.float64)
    if high - low < SAME * max(1.0, abs(high)):
        return np.where([v is None for v in given], 0.0, UNDECIDED)
    share: Matrix = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share if criterion.better is Better.HIGHER else np.subtract(1.0, share)


def _other_weights(weights: Matrix) -> Matrix:
    """(DRAWS, criteria): what others might hold right; each row sums to 1."""
    moved = np.random.default_rng(0).uniform(1 - MOVED, 1 + MOVED, (DRAWS, len(weights)))
    drawn: Matrix = weights * moved
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def _ranks(scores: Matrix) -> NDArray[np.int64]:
    """1 for the highest of each row; equal scores share the better rank."""
    rounded = np.round(scores / SAME) * SAME
    ordered = np.sort(rounded, axis=1)
    return np.stack(
        [
            1 + scores.shape[1] - np.searchsorted(row, mine, side="right")
            for row, mine in zip(ordered, rounded, strict=True)
        ]
    )


def _tipping(
    scaled: Matrix, weights: Matrix, criteria: Sequence[Criterion], names: Sequence[str]
) -> list[Tipping]:
    """For each criterion the nearest share at which somebody else comes first; nearest first.

    With a share ``s`` for one criterion and the rest in proportion, every score is a straight
    line in ``s``, so the point where two of them meet is exact.
    """
    leader = int(np.argmax(scaled @ weights))
    found: list[Tipping] = []
    for n, criterion in enumerate(criteria):
        now = float(weights[n])
        if len(criteria) == 1 or now >= 1 - SAME:
            continue
        rest = (scaled @ weights - now * scaled[:, n]) / (1 - now)
        gap = (rest[leader] - rest, scaled[leader, n] - scaled[:, n])  # at s = 0 and at s = 1
        slope = gap[1] - gap[0]
        meets = np.divide(-gap[0], slope, out=np.full(len(names), np.nan), where=abs(slope) > SAME)
        after = (meets >= now) & (slope < 0) | (meets <= now) & (slope > 0)
        possible = [
            at
            for at in range(len(names))
            if at != leader and after[at] and SAME < meets[at] < 1 - SAME
        ]
        if possible:
            at = min(possible, key=lambda at: (abs(meets[at] - now), names[at]))
            found.append(Tipping(criterion.id, now, float(meets[at]), names[at]))
    return sorted(found, key=lambda tip: abs(tip.share - tip.now))


def _summary(places: Sequence[Place], tipping: Sequence[Tipping]) -> str:
    first = [place for place in places if place.rank == 1]
    if len(first) > 1:
        told = " and ".join(place.name for place in first[:3])
        return f"{told} share the first place: these criteria don't decide between them."
    leader = first[0]
    held = f"{leader.first:.0%} of the other weights tried"
    sure = leader.first >= SURE
    said = f"{leader.name} comes first, {'and stays so with' if sure else 'but only with'} {held}."
    if not tipping:
        return f"{said} No change of a single weight puts another customer first."
    tip = tipping[0]
    return (
        f"{said} {tip.name} would come first if {_spoken(tip.criterion)} weighed "
        f"{tip.share:.0%} instead of {tip.now:.0%}."
    )


def _spoken(criterion: str) -> str:
    return criterion.replace("_", " ")
