"""What a search for evidence may be asked for: by a program, a form or the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.schemas_evidence import CleanStr, Short
from knowledge.evidence import (
    CHOICE_FIELDS,
    TEXT_FIELDS,
    Advantage,
    Filters,
    Kind,
    Label,
    Peer,
    Truth,
    Visibility,
)


def _given(value: object) -> object:
    """What a form leaves empty isn't asked for."""
    return None if isinstance(value, str) and not value.strip() else value


def _given_kinds(value: object) -> object:
    return [kind for kind in value if kind] if isinstance(value, list) else value


_Empty = BeforeValidator(_given)
Query = Annotated[Annotated[CleanStr, Field(max_length=8_000)] | None, _Empty]
Text = Annotated[Short | None, _Empty]
Day = Annotated[date | None, _Empty]
Flag = Annotated[bool | None, _Empty]
Employees = Annotated[Annotated[int, Field(ge=0, le=10_000_000)] | None, _Empty]


class Narrowed(BaseModel):
    """Filters on every field, and the customer that references should resemble.

    A name it doesn't know is refused, so that a misspelt filter isn't passed over.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[list[Kind], BeforeValidator(_given_kinds)] = []
    sector: Text = None
    region: Text = None
    competitor: Text = None
    customer: Text = None
    criterion: Text = None
    source: Text = None
    owner: Text = None
    truth: Annotated[Truth | None, _Empty] = None
    advantage: Annotated[Advantage | None, _Empty] = None
    visibility: Annotated[Visibility | None, _Empty] = None
    label: Annotated[Label | None, _Empty] = None
    size_from: Employees = Field(default=None, description="employees of the customer")
    size_to: Employees = None
    as_of_from: Day = None
    as_of_to: Day = None
    stale: Flag = Field(default=None, description="true: only what is out of date; false: the rest")
    quotable: Flag = Field(default=None, description="true: only what a customer may be shown")
    peer_sector: Text = None
    peer_region: Text = None
    peer_size: Annotated[Annotated[int, Field(ge=1, le=10_000_000)] | None, _Empty] = None

    @field_validator("size_to", "as_of_to")
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        start = str(info.field_name).replace("_to", "_from")
        least = info.data.get(start)
        if value is not None and least is not None and value < least:
            than = "before" if isinstance(value, date) else "less than"
            raise PydanticCustomError("order", f"is {than} {start}: swap the two")
        return value

    def filters(self) -> Filters:
        """As of today, for what depends on the day."""
        today = datetime.now(UTC).date()
        return Filters(
            kinds=tuple(self.kind),
            **{name: getattr(self, name) for name in (*TEXT_FIELDS, *CHOICE_FIELDS)},
            size_from=self.size_from,
            size_to=self.size_to,
            as_of_from=self.as_of_from,
            as_of_to=self.as_of_to,
            stale_on=today if self.stale else None,
            current_on=today if self.stale is False else None,
            quotable_on=today if self.quotable else None,
        )

    def peer(self) -> Peer | None:
        peer = Peer(self.peer_sector, self.peer_region, self.peer_size)
        return peer if peer != Peer() else None


class EvidenceQuery(Narrowed):
    q: Query = Field(default=None, description="without it, a listing")
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    cursor: Text = Field(default=None, description="`next_cursor` of a listing")
