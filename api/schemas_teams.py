"""The JSON of a team's skills."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas_evidence import Shown, Time
from coach.progress import team, team_book
from coach.progress.team import Axis
from coach.scenario import Difficulty

Share = Annotated[float, Field(ge=0, le=1)]


class Cell(Shown):
    kept: int
    seen: int
    share: Share | None = Field(description="null where it was seen too little to say")


class Row(Shown):
    key: str
    label: str
    cells: list[Cell]
    total: Cell


class Column(BaseModel):
    key: str
    label: str


class Weakness(Shown):
    check: str
    question: str
    share: Share
    seen: int


class Drill(Shown):
    scenario: str
    title: str
    difficulty: Difficulty
    persona: str


class Person(Shown):
    name: str
    sessions: int
    last_at: Time | None
    weakest: Weakness | None
    next: Drill


class Skills(BaseModel):
    """``rows`` and ``columns`` say what the table is by; its cells count how often something was
    kept."""

    since: Time
    rows: Axis
    columns: Axis
    header: list[Column]
    table: list[Row]
    unshown: int = Field(description="columns that are left out, as they were seen less often")
    people: list[Person]

    @staticmethod
    def of(found: team_book.Overview, asked: team_book.Asked) -> Skills:
        heat: team.Heat = found.heat
        return Skills(
            since=found.since,
            rows=asked.rows,
            columns=asked.columns,
            header=[Column(key=key, label=label) for key, label in heat.columns],
            table=[Row.model_validate(row) for row in heat.rows],
            unshown=heat.unshown,
            people=[Person.model_validate(one) for one in found.people],
        )
