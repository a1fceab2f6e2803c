"""When a figure that was said agrees with a figure of the evidence."""

from __future__ import annotations

from enum import StrEnum

from coach.claims.figures import COUNT, DATE, DURATION, PERCENT, RATIO, Bound, Figure


class Match(StrEnum):
    SAME = "same"
    INFLATED = "inflated"  # the same figure, without the words that limit it
    NEAR = "near"  # a little more than the figure
    OTHER = "other"  # the same unit and another value
    APART = "apart"  # another unit: not comparable

    @property
    def found(self) -> bool:
        return self in {Match.SAME, Match.INFLATED}


# How far a figure may be off: "about", "over" and "under" as people use them, and what still
# counts as a small exaggeration.
ABOUT, OVER, UNDER, A_LITTLE_MORE = 0.08, 0.75, 1.6, 1.15
ROUNDED, CALENDAR, EXACT = 0.015, 0.02, 1e-6
MANY = 45.0  # "minutes" are fewer than an hour
NEARLY_ALL = 95.0  # shares above this are measured by what is missing to 100

_A_YEAR = {"month": 12, "year": 1}

_SAME_THINGS = tuple(
    frozenset(group.split())
    for group in (
        "customer client business company compan firm account organisation organization",
        "people person staff employee colleague worker agent seller user seat",
        """site location clinic depot shop store branch plant office hotel terminal centre
        hospital facility property resort outlet""",
        "country market nation",
        "ticket request",
    )
)


def compare(said: Figure, fact: Figure) -> Match:
    """How what was said agrees with a figure of the evidence."""
    if not _comparable(said, fact):
        return Match.APART
    if (plainly := _plainly(said, fact)) is not None:
        return Match.SAME if plainly else Match.OTHER
    if _within(said, fact):
        return Match.INFLATED if _unlimited(said, fact) else Match.SAME
    if said.bound is Bound.OVER and said.value == fact.value:
        return Match.INFLATED
    return Match.NEAR if _little_more(said, fact) else Match.OTHER


def _plainly(said: Figure, fact: Figure) -> bool | None:
    """Whether they agree, for what is either so or not; None for what may be near."""
    if said.unit == DATE:
        return _same_date(said.value, fact.value)
    if said.bound is Bound.MOST:
        return fact.value > said.value
    if said.per and fact.per and said.per != fact.per:
        return _same_rate(said, fact)
    return None


def _comparable(said: Figure, fact: Figure) -> bool:
    if said.unit != fact.unit:
        return said.unit == COUNT and not said.nouns and said.value == fact.value
    if said.unit == COUNT and not said.nouns:
        return said.value == fact.value
    return said.unit not in {COUNT, RATIO} or _same_things(said.nouns, fact.nouns)


def _same_things(some: frozenset[str], others: frozenset[str]) -> bool:
    """True when two counts may count the same."""
    if not some or not others or some & others:
        return True
    return any(some & group and others & group for group in _SAME_THINGS)


def _same_rate(said: Figure, fact: Figure) -> bool:
    """True for 12 a year beside 1 a month."""
    yearly = [figure.value * _A_YEAR.get(figure.per, 0) for figure in (said, fact)]
    return yearly[1] > 0 and abs(yearly[0] / yearly[1] - 1) <= ROUNDED


def _same_date(one: float, other: float) -> bool:
    parts = ((10_000, 10_000), (100, 100), (1, 100))
    pairs = [(one // scale % size, other // scale % size) for scale, size in parts]
    known = [(a, b) for a, b in pairs if a and b]
    return bool(known) and all(a == b for a, b in known)


def _within(said: Figure, fact: Figure) -> bool:
    if fact.value == 0 or said.value == 0:
        return fact.value == said.value
    ratio = said.value / fact.value
    if Bound.SOME in {said.bound, fact.bound}:
        return 1 / MANY < ratio < MANY
    if said.bound in {Bound.OVER, Bound.AT_LEAST}:
        return OVER <= ratio < 1 or (ratio == 1 and said.bound is fact.bound)
    if said.bound is Bound.UNDER:
        return 1 <= ratio <= UNDER
    if said.bound is Bound.ABOUT:
        return abs(ratio - 1) <= ABOUT
    return abs(ratio - 1) <= _rounding(said, fact)


def _rounding(said: Figure, fact: Figure) -> float:
    """How far off a plain figure may be: not at all unless it was visibly rounded."""
    if said.unit == DURATION:
        return CALENDAR  # a month is 30 days, a year twelve months
    if fact.unit == PERCENT and fact.value > NEARLY_ALL and said.value > fact.value:
        return EXACT
    return ROUNDED if 0 < said.digits < fact.digits else EXACT


def _little_more(said: Figure, fact: Figure) -> bool:
    if fact.unit == PERCENT and fact.value > NEARLY_ALL:
        return said.value == 100 or (fact.value < said.value and said.digits < fact.digits)
    return fact.value < said.value <= fact.value * A_LITTLE_MORE


def _unlimited(said: Figure, fact: Figure) -> bool:
    """True when the evidence limits the figure and the words said don't."""
    if fact.bound is Bound.UP_TO:
        return said.bound not in {Bound.UP_TO, Bound.UNDER}
    if fact.bound is Bound.AT_LEAST and fact.unit == DURATION:
        return said.bound not in {Bound.AT_LEAST, Bound.OVER}
    return False
