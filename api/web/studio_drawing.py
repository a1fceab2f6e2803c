"""What the studio's pages show, made ready for their templates. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.authoring.desk import Checked
from coach.authoring.differing import Line, changes
from coach.authoring.previewing import Met, met_in
from coach.authoring.reading import Fault
from coach.authoring.versions import Version
from knowledge.evidence import Evidence

EXAMPLE = "example"
LONGEST_LINE = 160  # characters of a faulty line that are shown


@dataclass(frozen=True)
class Told:
    """A fault or warning with the words of its line; ``field`` counts entries of lists from 1."""

    line: int | None
    field: str
    msg: str
    words: str


@dataclass(frozen=True)
class Shown:
    faults: list[Told]
    warnings: list[Told]
    people: list[Met]


def ready(source: str, checked: Checked) -> Shown:
    lines = source.splitlines()
    return Shown(
        [_told(fault, lines) for fault in checked.faults],
        [_told(fault, lines) for fault in checked.warnings],
        met_in(checked.scenario) if checked.scenario else [],
    )


def _told(fault: Fault, lines: Sequence[str]) -> Told:
    field = " › ".join(str(part + 1 if isinstance(part, int) else part) for part in fault.loc)
    inside = fault.line is not None and 0 < fault.line <= len(lines)
    words = lines[fault.line - 1].strip() if inside and fault.line else ""
    return Told(fault.line, field, fault.msg, words[:LONGEST_LINE])


@dataclass(frozen=True)
class Starts:
    """Evidence to draft from, as pairs of an id and what to call it."""

    rivals: list[tuple[str, str]]
    cases: list[tuple[str, str]]

    @staticmethod
    def of(facts: Sequence[Evidence], cases: Sequence[Evidence]) -> Starts:
        """One for each competitor: a draft takes in all that is known of them."""
        rivals: dict[str, str] = {}
        for fact in facts:
            if fact.competitor:
                rivals.setdefault(fact.competitor, fact.id)
        return Starts(
            [(fact_id, name) for name, fact_id in sorted(rivals.items())],
            [(case.id, case.title) for case in cases],
        )


@dataclass(frozen=True)
class Row:
    """``earlier`` is the version before it that can be compared, if there is one."""

    version: int
    author: str
    at: datetime | None
    withdrawn: bool
    earlier: int | None


@dataclass(frozen=True)
class Versions:
    """``changes`` is None where nothing was to be compared."""

    rows: list[Row]
    changes: list[list[Line]] | None


def page_of_versions(
    listed: Sequence[Version], shipped: int | None, texts: Sequence[str]
) -> Versions:
    """``listed`` are those written here, the latest first; ``shipped`` the number of the one that
    ships; ``texts`` two to be compared, or fewer."""
    readable = [one.version for one in listed if one.source is not None]
    if shipped is not None:
        readable.append(shipped)
    rows = [
        Row(
            one.version,
            one.author,
            one.at,
            one.source is None,
            next((number for number in readable if number < one.version), None),
        )
        for one in listed
    ]
    if shipped is not None and all(row.version != shipped for row in rows):
        rows.append(Row(shipped, "", None, withdrawn=False, earlier=None))
    return Versions(rows, changes(*texts) if len(texts) == 2 else None)
