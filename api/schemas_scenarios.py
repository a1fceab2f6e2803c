"""The JSON of writing scenarios: what is wrong, what was kept, which versions there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas_evidence import Given, NewItem, Short, Shown, Time
from coach.authoring import bringing, desk, versions
from coach.rubric import Slug


class Fault(Shown):
    loc: list[str | int]
    line: int | None = Field(description="of the YAML, from 1; null where it can't be known")
    msg: str


class Validation(Shown):
    valid: bool
    errors: list[Fault]
    warnings: list[Fault]

    @staticmethod
    def of(found: desk.Checked) -> Validation:
        return Validation(
            valid=found.valid,
            errors=[Fault.model_validate(one) for one in found.faults],
            warnings=[Fault.model_validate(one) for one in found.warnings],
        )


class Version(Shown):
    version: int
    author: str
    at: Time
    withdrawn: bool


class Versions(BaseModel):
    """Those written here, the latest first."""

    items: list[Version]
    next_cursor: None = None

    @staticmethod
    def of(found: Iterable[versions.Version]) -> Versions:
        return Versions(
            items=[
                Version(version=v.version, author=v.author, at=v.at, withdrawn=v.source is None)
                for v in found
            ]
        )


class Brought(BaseModel):
    file: str
    status: Literal["new", "changed", "unchanged", "refused"]
    id: str | None
    version: int | None
    errors: list[Fault]

    @staticmethod
    def of(found: bringing.Brought) -> Brought:
        kept = found.kept.scenario if found.kept else None
        return Brought.model_validate(
            {
                "file": found.file,
                "status": found.status,
                "id": kept and kept.id,
                "version": kept and kept.version,
                "errors": [Fault.model_validate(one) for one in found.faults],
            }
        )


class Arrivals(BaseModel):
    items: list[Brought]


class DraftRequest(Given):
    """``evidence`` is an id of the index; ``items`` needn't be in it. One of them is given."""

    evidence: Short | None = None
    items: list[NewItem] = Field(default=[], max_length=500)
    id: Slug | None = None
    model: bool = False


class Draft(Shown):
    id: str
    source: str
    note: str = Field(description="set when a model was asked for and couldn't help")
