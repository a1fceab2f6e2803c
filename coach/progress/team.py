"""What a team can do: shares kept by person, check, scenario and week, and who needs what. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from coach.progress import Choice, Level, Mastery, Seen
from coach.progress.choosing import Known, choose
from coach.progress.mastery import ENOUGH, masteries
from coach.progress.practised import Practised
from coach.scenario import Scenario

MOST_COLUMNS = 14


class Axis(StrEnum):
    PERSON = "person"
    CHECK = "check"
    SCENARIO = "scenario"
    WEEK = "week"


@dataclass(frozen=True)
class Cell:
    """So often seen, and so often kept."""

    kept: int = 0
    seen: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None where too little was seen to say."""
        return self.kept / self.seen if self.seen >= ENOUGH else None


@dataclass(frozen=True)
class Row:
    """``cells`` in the order of the columns; ``total`` also counts columns that aren't shown."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Heat:
    """``columns`` are pairs of key and label; ``unshown`` is how many there are besides."""

    rows: tuple[Row, ...]
    columns: tuple[tuple[str, str], ...]
    unshown: int = 0


@dataclass(frozen=True)
class Person:
    """``weakest`` is None where nothing is known to be weak; ``last_at`` of their last session."""

    name: str
    sessions: int
    last_at: datetime | None
    weakest: Mastery | None
    next: Choice


@dataclass(frozen=True)
class Practice:
    """One person's: sessions newest first, and what counted in them, oldest first."""

    name: str
    practised: Sequence[Practised]
    seen: Sequence[Seen]


def person_of(one: Practice, scenarios: Sequence[Scenario], now: datetime) -> Person:
    told = [m for m in masteries(one.seen, now) if m.level is not Level.NEW]
    weak = next((m for m in told if m.level is not Level.MASTERED and m.last_miss), None)
    return Person(
        name=one.name,
        sessions=len(one.practised),
        last_at=one.practised[0].created_at if one.practised else None,
        weakest=weak,
        next=choose(Known(told, (), one.practised, scenarios)),
    )


def heat_of(team: Sequence[Practice], titles: Mapping[str, str], rows: Axis, columns: Axis) -> Heat:
    """The weakest row first, people by name; of many columns those that tell most."""
    by_row, by_column = _key_of(rows), _key_of(columns)
    counts: dict[tuple[str, str], list[int]] = {}
    totals: dict[str, list[int]] = {}
    labels: dict[tuple[Axis, str], str] = {}
    if rows is Axis.PERSON:  # also who never practised
        labels |= {(rows, one.name): one.name for one in team}
    for one in team:
        for seen in one.seen:
            row, column = by_row(one.name, seen), by_column(one.name, seen)
            for cell in (
                counts.setdefault((row, column), [0, 0]),
                totals.setdefault(row, [0, 0]),
            ):
                cell[0] += seen.kept
                cell[1] += 1
            for place in ((rows, row), (columns, column)):
                if place not in labels:
                    labels[place] = _label(*place, seen, titles)
    cells = {key: Cell(*count) for key, count in counts.items()}
    wanted = _columns(columns, cells)
    shown = wanted[-MOST_COLUMNS:] if columns is Axis.WEEK else wanted[:MOST_COLUMNS]
    made = [
        Row(
            key,
            label,
            tuple(cells.get((key, c), Cell()) for c in shown),
            Cell(*totals.get(key, ())),
        )
        for (axis, key), label in labels.items()
        if axis is rows
    ]
    made.sort(key=lambda row: _rank(rows, row))
    named = tuple((key, labels[columns, key]) for key in shown)
    return Heat(tuple(made), named, len(wanted) - len(shown))


def _key_of(axis: Axis) -> Callable[[str, Seen], str]:
    return {
        Axis.PERSON: lambda name, seen: name,
        Axis.CHECK: lambda name, seen: seen.check,
        Axis.SCENARIO: lambda name, seen: seen.scenario,
        Axis.WEEK: lambda name, seen: monday_of(seen.at.date()).isoformat(),
    }[axis]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _label(axis: Axis, key: str, seen: Seen, titles: Mapping[str, str]) -> str:
    if axis is Axis.CHECK:
        return seen.question
    return titles.get(key, key) if axis is Axis.SCENARIO else key


def _columns(axis: Axis, cells: Mapping[tuple[str, str], Cell]) -> list[str]:
    """Weeks in their order, anything else by how often it was seen."""
    often: dict[str, int] = {}
    for (_, column), cell in cells.items():
        often[column] = often.get(column, 0) + cell.seen
    if axis is Axis.WEEK:
        return sorted(often)
    return sorted(often, key=lambda key: (-often[key], key))


def _rank(axis: Axis, row: Row) -> tuple[float, str]:
    """What too little is known of stands last."""
    if axis in (Axis.PERSON, Axis.WEEK):
        return 0, row.key.casefold()
    return (2 if row.total.share is None else row.total.share), row.label
