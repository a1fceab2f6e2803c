"""What the projector shows: who is where, how it ended, and what most people missed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.session import Status
from coach.workshops.reading import Reading, Told
from coach.workshops.workshop import Member, State, Workshop


@dataclass(frozen=True)
class Person:
    """``name`` is a number where names are hidden. ``doing`` is "invited", "here", "practising" or
    "finished"; ``scenario`` and ``replies`` are of the latest session. ``best`` holds a score for
    each scenario that they finished."""

    name: str
    is_guest: bool
    doing: str
    scenario: str
    replies: int
    outcome: str
    attempts: int
    best: Mapping[str, int]
    passed: int


@dataclass(frozen=True)
class Heat:
    """One check in each scenario of the workshop: the share of people who keep it, 0 to 1; None
    where nobody had occasion. ``people`` are those who had, ``missed`` how many of their latest
    attempts missed it."""

    check: str
    question: str
    shares: tuple[float | None, ...]
    share: float
    people: int
    missed: int


@dataclass(frozen=True)
class Moment:
    """A check that ``missed`` of ``of`` people missed in a scenario, with one of those occasions.
    ``well`` are words of somebody who kept it, or empty."""

    scenario: str
    check: str
    question: str
    missed: int
    of: int
    objection: str
    said: str
    well: str
    why: str
    tip: str


@dataclass(frozen=True)
class Board:
    """``heat`` and ``moments`` the most missed first."""

    workshop: Workshop
    state: State
    people: tuple[Person, ...]
    outcomes: Mapping[str, int]
    heat: tuple[Heat, ...]
    moments: tuple[Moment, ...]

    @property
    def here(self) -> int:
        return sum(one.doing != "invited" for one in self.people)

    @property
    def practising(self) -> int:
        return sum(one.doing == "practising" for one in self.people)

    @property
    def passed(self) -> int:
        """Those who reached the pass mark in every scenario."""
        return sum(one.passed == len(self.workshop.scenarios) for one in self.people)


def board_of(
    workshop: Workshop, members: Sequence[Member], readings: Sequence[Reading], now: datetime
) -> Board:
    """``readings`` oldest first."""
    people = tuple(
        _person(workshop, member, number, [r for r in readings if r.user == member.user])
        for number, member in enumerate(members, start=1)
    )
    outcomes = Counter(one.status.value for one in readings)
    return Board(
        workshop,
        workshop.state(now),
        people,
        {status.value: outcomes[status.value] for status in Status},
        heat_of(workshop, readings),
        moments_of(readings),
    )


def _person(workshop: Workshop, member: Member, number: int, readings: Sequence[Reading]) -> Person:
    last = readings[-1] if readings else None
    if last is None:
        doing = "invited" if member.joined_at is None else "here"
    else:
        doing = "finished" if last.is_over else "practising"
    best: dict[str, int] = {}
    for one in readings:
        if one.score is not None:
            best[one.scenario] = max(one.score, best.get(one.scenario, 0))
    return Person(
        name=f"Rep {number}" if workshop.names_hidden else member.name,
        is_guest=member.is_guest,
        doing=doing,
        scenario=last.scenario if last else "",
        replies=len(last.replies) if last else 0,
        outcome=last.status.value if last and last.is_over else "",
        attempts=len(readings),
        best=best,
        passed=len({r.scenario for r in readings if r.passes(workshop.pass_mark)}),
    )


#: A person's latest word on each check of a scenario.
Latest = Mapping[tuple[str, str, str], Told]


def latest_of(readings: Sequence[Reading]) -> dict[tuple[str, str, str], Told]:
    """By scenario, check and user: what counts is how somebody does it now."""
    return {(r.scenario, told.check, r.user): told for r in readings for told in r.checks}


def heat_of(workshop: Workshop, readings: Sequence[Reading]) -> tuple[Heat, ...]:
    latest = latest_of(readings)
    by_check: dict[str, dict[tuple[str, str], Told]] = {}
    for (scenario, check, user), told in latest.items():
        by_check.setdefault(check, {})[scenario, user] = told
    found = [_heat(workshop, check, told) for check, told in by_check.items()]
    return tuple(sorted(found, key=lambda one: (-one.missed, one.share, one.check)))


def _heat(workshop: Workshop, check: str, told: Mapping[tuple[str, str], Told]) -> Heat:
    shares = tuple(
        _share([t for (s, _), t in told.items() if s == scenario])
        for scenario in workshop.scenarios
    )
    return Heat(
        check,
        next(iter(told.values())).question,
        shares,
        _share(list(told.values())) or 0.0,
        len({user for _, user in told}),
        sum(one.is_missed for one in told.values()),
    )


def _share(told: Sequence[Told]) -> float | None:
    return sum(not one.is_missed for one in told) / len(told) if told else None


def moments_of(readings: Sequence[Reading]) -> tuple[Moment, ...]:
    """What more than one person missed, or the only one who is there."""
    by_place: dict[tuple[str, str], list[Told]] = {}
    for (scenario, check, _), told in latest_of(readings).items():
        by_place.setdefault((scenario, check), []).append(told)
    found = [_moment(scenario, told) for (scenario, _), told in by_place.items()]
    missed = [one for one in found if one.missed]
    return tuple(sorted(missed, key=lambda one: (-one.missed, one.of, one.check)))


def _moment(scenario: str, told: Sequence[Told]) -> Moment:
    missed = [one for one in told if one.is_missed]
    shown = next((one for one in missed if one.said), missed[0] if missed else told[0])
    return Moment(
        scenario,
        shown.check,
        shown.question,
        len(missed),
        len(told),
        shown.objection,
        shown.said,
        next((one.well for one in told if not one.is_missed and one.well), ""),
        shown.why,
        shown.tip,
    )
