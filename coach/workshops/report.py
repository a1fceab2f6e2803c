"""A cohort's report: every person's attempts, before and after, and what to practise next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from coach.scenario import Scenario
from coach.workshops.board import Heat, Moment, heat_of, moments_of
from coach.workshops.reading import Reading
from coach.workshops.workshop import Member, Workshop

#: Student's t of a two-sided 95% interval, by degrees of freedom; beyond them the normal one.
T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
       2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
       2.052, 2.048, 2.045, 2.042)  # fmt: skip
FAR = 1.96
WEAK = 0.6  # a check that fewer of the people keep is worth another workshop
MOST_NEXT = 3
CAUTION = (
    "First against last attempt of the same people at the same scenario, without a group that "
    "didn't practise: some of a change is knowing the buyer better."
)


@dataclass(frozen=True)
class Row:
    """One person. ``first`` and ``last`` are mean scores over the scenarios that they finished
    more than once; None where they finished none twice."""

    name: str
    is_guest: bool
    attempts: int
    finished: int
    best: Mapping[str, int]
    passed: int
    first: float | None
    last: float | None


@dataclass(frozen=True)
class Change:
    """Before and after over ``people``, in points of the score, with its 95% interval (Student's
    t over people); no interval for fewer than two."""

    people: int
    first: float | None
    last: float | None
    change: float | None
    low: float | None
    high: float | None
    caution: str = CAUTION


@dataclass(frozen=True)
class Next:
    """A workshop that would follow well."""

    title: str
    scenarios: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Report:
    workshop: Workshop
    rows: tuple[Row, ...]
    change: Change
    heat: tuple[Heat, ...]
    moments: tuple[Moment, ...]
    passed: int  # people who reached the pass mark in every scenario
    came: int
    next: Next | None


def report_of(
    workshop: Workshop,
    members: Sequence[Member],
    readings: Sequence[Reading],
    scenarios: Sequence[Scenario],
) -> Report:
    """``scenarios`` are all that the tenant has."""
    rows = [_row(workshop, one, [r for r in readings if r.user == one.user]) for one in members]
    heat = heat_of(workshop, readings)
    return Report(
        workshop,
        tuple(rows),
        change_of([(r.first, r.last) for r in rows if r.first is not None and r.last is not None]),
        heat,
        moments_of(readings),
        sum(row.passed == len(workshop.scenarios) for row in rows),
        sum(one.joined_at is not None for one in members),
        next_after(workshop, heat, scenarios),
    )


def _row(workshop: Workshop, member: Member, readings: Sequence[Reading]) -> Row:
    by_scenario: dict[str, list[int]] = {}
    for one in readings:
        if one.score is not None:
            by_scenario.setdefault(one.scenario, []).append(one.score)
    twice = [scores for scores in by_scenario.values() if len(scores) > 1]
    return Row(
        member.name,
        member.is_guest,
        len(readings),
        sum(one.is_over for one in readings),
        {scenario: max(scores) for scenario, scores in by_scenario.items()},
        len({one.scenario for one in readings if one.passes(workshop.pass_mark)}),
        fmean(scores[0] for scores in twice) if twice else None,
        fmean(scores[-1] for scores in twice) if twice else None,
    )


def change_of(pairs: Sequence[tuple[float, float]]) -> Change:
    if not pairs:
        return Change(0, None, None, None, None, None)
    changes = [last - first for first, last in pairs]
    mean, low, high = fmean(changes), None, None
    if len(pairs) > 1:
        free = len(pairs) - 1
        half = (T95[free - 1] if free <= len(T95) else FAR) * stdev(changes) / sqrt(len(pairs))
        low, high = mean - half, mean + half
    first, last = (fmean(side) for side in zip(*pairs, strict=True))
    return Change(len(pairs), first, last, mean, low, high)


def next_after(
    workshop: Workshop, heat: Sequence[Heat], scenarios: Sequence[Scenario]
) -> Next | None:
    """Scenarios that train what is weak, others before those that were played; None without a
    weakness."""
    weak = {one.check: one for one in heat if one.share < WEAK}
    if not weak:
        return None

    def fits(scenario: Scenario) -> int:
        return sum(item.id in weak for item in scenario.checks)

    ranked = sorted(
        (s for s in scenarios if fits(s)),
        key=lambda s: (-fits(s), s.id in workshop.scenarios, s.id),
    )
    worst = next(iter(weak.values()))  # most people missed it
    why = (
        f"{round(worst.share * 100)}% of {worst.people} "
        f"{'person' if worst.people == 1 else 'people'} kept “{worst.question}”"
    )
    if len(weak) > 1:
        why += f"; {len(weak) - 1} more checks are below {round(WEAK * 100)}%"
    chosen = tuple(one.id for one in ranked[:MOST_NEXT])
    return Next(f"After {workshop.title}"[:120], chosen, f"{why}.") if chosen else None
