"""An export of numbers, as CSV, into numbers of goals. Pure: what is wrong has its line.

Three shapes are recognised by their columns: a number a row (day, goal, value), a day a row with a
column for each goal, and a deal a row, as CRMs export them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from coach.errors import BadInput
from coach.indicators.cells import Days, as_amount
from coach.indicators.columns import AMOUNT, DAY, GOAL, RECORD, STAGE, VALUE, WON
from coach.indicators.goal import Counting, Goal, Number, key_of, named
from knowledge.errors import KnowledgeError
from knowledge.reading.formats.comma_separated import rows
from knowledge.reading.located import Located

MOST_ROWS = 50_000


@dataclass(frozen=True)
class Fault:
    """``line`` counts from 1, the header's."""

    line: int
    says: str


@dataclass
class Reading:
    """What a file gave; ``ignored`` are columns that are no goal of the team."""

    numbers: dict[tuple[str, str], Number] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    def fault(self, line: int | None, says: str) -> None:
        """Once for a row, however many goals it has numbers of."""
        if (told := Fault(line or 1, says)) not in self.faults[-1:]:
            self.faults.append(told)

    def note(self, number: Number, counting: Counting, line: int | None) -> None:
        """What a file says of the same thing twice is added up where numbers are, else told."""
        key = number.goal_id, number.ref
        before = self.numbers.get(key)
        if before and before.value is not None and number.value is not None:
            if counting is Counting.SUM and number.ref == ref_of(number.day):
                number = replace(number, value=before.value + number.value)
            elif before != number:
                self.fault(line, f"{number.ref} stands here a second time; this row counts")
        self.numbers[key] = number


def read_numbers(content: bytes, name: str, goals: Sequence[Goal], today: date) -> Reading:
    """Raises BadInput when the file as a whole can't be taken."""
    if not content.strip():
        raise BadInput(f"{name} is empty; export it with its header line")
    reading = Reading()
    found = list(_located(content, name, reading))
    if not found:
        raise BadInput(f"{name} holds no row below its header")
    columns = {key_of(column): column for row in found for column in row.record}
    day = _first(columns, DAY)
    if day is None:
        raise BadInput(f"{name} has no column for the day; call one `date`, `week` or `close date`")
    days = Days([str(row.record.get(day, "")) for row in found])
    sheet = _Sheet(found, columns, day, days, goals, today, reading)
    if goal := _first(columns, GOAL):
        sheet.one_number_a_row(goal)
    elif stage := _first(columns, STAGE):
        sheet.one_deal_a_row(stage)
    else:
        sheet.one_day_a_row()
    return reading


def _located(content: bytes, name: str, reading: Reading) -> Iterator[Located]:
    count = 0
    try:
        for row in rows(content, Path(name)):
            count += 1
            if count > MOST_ROWS:
                raise BadInput(f"{name} has more than {MOST_ROWS:,} rows; send it in parts")
            if isinstance(row, Located):
                yield row
            else:
                reading.fault(row.line, str(row))
    except KnowledgeError as error:
        raise BadInput(str(error)) from error


def _first(columns: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    return next((columns[key] for key in wanted if key in columns), None)


@dataclass
class _Sheet:
    found: Sequence[Located]
    columns: Mapping[str, str]
    day: str
    days: Days
    goals: Sequence[Goal]
    today: date
    reading: Reading

    def one_number_a_row(self, goal_column: str) -> None:
        value_column = _first(self.columns, VALUE)
        if value_column is None:
            raise BadInput("there is no column for the number; call one `value`")
        for row in self.found:
            wanted = _cell(row, goal_column)
            goal = named(self.goals, wanted)
            if goal is None:
                self.reading.fault(
                    row.line, f"no goal is called {wanted[:60]!r}; set it first, then send this row"
                )
            else:
                self._take(row, goal, value_column)

    def one_day_a_row(self) -> None:
        of_goal = {
            column: goal
            for column in self.columns.values()
            if column != self.day and (goal := named(self.goals, column))
        }
        self._ignore((self.day, *of_goal))
        if not of_goal:
            raise BadInput(
                "no column is called like a goal; set the goals first, or name the columns "
                "`date`, `goal` and `value`"
            )
        for row in self.found:
            for column, goal in of_goal.items():
                if _cell(row, column):
                    self._take(row, goal, column)

    def one_deal_a_row(self, stage: str) -> None:
        """Each won deal counts once; one that isn't won, or no longer, doesn't count."""
        record, amount = _first(self.columns, RECORD), _first(self.columns, AMOUNT)
        counted, revenue = named(self.goals, "Deals closed"), named(self.goals, "Revenue won")
        if record is None:
            raise BadInput("a list of deals needs their names or ids; export a column `deal id`")
        if counted is None and (revenue is None or amount is None):
            raise BadInput("this is a list of deals; set the goal `Deals closed` first")
        self._ignore((self.day, stage, record, *([amount] if amount and revenue else ())))
        for row in self.found:
            won = key_of(_cell(row, stage)) in WON
            ref = f"deal:{_cell(row, record)[:200]}"
            if ref == "deal:":
                self.reading.fault(row.line, f"the deal has no {record}")
                continue
            if counted:
                self._note(row, counted, ref, 1.0 if won else None)
            if revenue and amount:
                self._take(row, revenue, amount, ref, won)

    def _ignore(self, used: Sequence[str]) -> None:
        self.reading.ignored = tuple(c for c in self.columns.values() if c not in used)

    def _take(
        self, row: Located, goal: Goal, column: str, ref: str | None = None, counts: bool = True
    ) -> None:
        text = _cell(row, column)
        value = as_amount(text) if counts else None
        if counts and value is None:
            self.reading.fault(row.line, f"{column}: {text[:40]!r} is no number")
        else:
            self._note(row, goal, ref, value)

    def _note(self, row: Located, goal: Goal, ref: str | None, value: float | None) -> None:
        day = self.days.read(_cell(row, self.day))
        if value is None and not isinstance(day, date):
            day = self.today  # of what is taken away the day doesn't matter
        if isinstance(day, str):
            self.reading.fault(row.line, day)
        elif day > self.today and value is not None:
            self.reading.fault(row.line, f"{day} is still to come")
        else:
            number = Number(goal.id, ref or ref_of(day), day, value)
            self.reading.note(number, goal.counting, row.line)


def ref_of(day: date) -> str:
    """What a number is of that belongs to a day."""
    return f"day:{day.isoformat()}"


def _cell(row: Located, column: str) -> str:
    return str(row.record.get(column, "")).strip()
