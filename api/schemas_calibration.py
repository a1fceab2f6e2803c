"""The JSON of agreement between the coach and people."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas_evidence import Given, Short, Shown
from coach import calibration
from coach.assessment import Verdict
from coach.calibration.kit import Scored

MOST_LABELS = 20_000


class Kappa(Shown):
    """``value`` is None where people's labels are all alike: that says nothing about chance."""

    n: int
    rows: int
    same: float
    value: float | None
    low: float | None
    high: float | None


class Agreement(Shown):
    check: str
    question: str
    coach: Kappa
    people: Kappa | None
    raters: int
    is_advisory: bool = Field(description="too little agreement: it leaves the score")


class Agreements(BaseModel):
    items: list[Agreement]
    next_cursor: str | None = None


class NewLabel(Given):
    row: Annotated[Short, Field(min_length=1)]
    rater: Short = ""
    verdict: Verdict


class NewLabels(Given):
    labels: Annotated[list[NewLabel], Field(min_length=1, max_length=MOST_LABELS)]
    keep: bool = Field(
        default=False,
        description=f"a check with {calibration.ENOUGH} labelled replies counts or not by this",
    )


class Fault(Shown):
    place: int = Field(description="of the label in the list that came, from 0")
    message: str


class Score(BaseModel):
    items: list[Agreement]
    faults: list[Fault]
    labelled: int

    @staticmethod
    def of(found: Scored) -> Score:
        return Score(
            items=[Agreement.model_validate(one) for one in found.agreements],
            faults=[Fault.model_validate(one) for one in found.faults],
            labelled=found.labelled,
        )
