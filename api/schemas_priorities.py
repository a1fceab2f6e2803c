"""The JSON of prioritising customers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat

from api.schemas_evidence import Given, Short, Shown
from coach import prioritisation
from coach.prioritisation import MOST_CRITERIA, MOST_CUSTOMERS, Better

Name = Annotated[Short, Field(min_length=1)]


class Criterion(Given):
    """``low`` and ``high`` fix the scale; without them the customers at hand do."""

    id: Name
    weight: Annotated[FiniteFloat, Field(ge=0)] = 1.0
    better: Better = Better.HIGHER
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None


class Customer(Given):
    name: Name
    values: dict[Name, FiniteFloat]


class PrioritiesRequest(Given):
    customers: Annotated[list[Customer], Field(min_length=2, max_length=MOST_CUSTOMERS)]
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=MOST_CRITERIA)]

    def answer(self) -> prioritisation.Priorities:
        return prioritisation.prioritise(
            [prioritisation.Customer(one.name, one.values) for one in self.customers],
            [
                prioritisation.Criterion(one.id, one.weight, one.better, one.low, one.high)
                for one in self.criteria
            ],
        )


class Place(Shown):
    rank: int
    name: str
    score: float = Field(description="0 to 100, the sum of `parts`")
    parts: dict[str, float]
    missing: list[str] = Field(description="criteria without a value, counted as the worst")
    best: int = Field(description="best rank met with other weights")
    worst: int
    first: float = Field(description="share of the other weights with which it comes first")


class Tipping(Shown):
    """`name` comes first when `criterion` weighs `share` instead of `now`."""

    criterion: str
    now: float
    share: float
    name: str


class Priorities(Shown):
    summary: str
    weights: dict[str, float]
    places: list[Place]
    tipping: list[Tipping]
    flat: list[str] = Field(description="criteria that don't tell these customers apart")
