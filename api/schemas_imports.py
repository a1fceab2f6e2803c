"""The JSON of evidence that is sent in, and of what became of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas_evidence import Given, NewItem, Shown, Time, optional
from coach.jobs import Job, State


class NewItems(Given):
    items: Annotated[list[NewItem], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> NewItems:
        first: dict[str, int] = {}
        for number, item in enumerate(self.items):
            if first.setdefault(item.id, number) != number:
                raise PydanticCustomError(
                    "id_twice",
                    "items {number} and {first} have one id: give each its own",
                    {"number": number, "first": first[item.id]},
                )
        return self


class ImportProblem(Shown):
    line: int | None
    msg: str


class ImportedFile(Shown):
    name: str
    items: int = 0
    added: int
    changed: int
    unchanged: int
    removed: int
    problems: list[ImportProblem]
    copy_of: str | None = optional(description="the file that brought the same before")
    gone: bool = Field(default=False, exclude_if=lambda gone: not gone)

    @model_validator(mode="after")
    def _counted(self) -> ImportedFile:
        self.items = self.added + self.changed + self.unchanged
        return self


class Accepted(BaseModel):
    """The files are stored; what becomes of them is told at ``/v1/imports/{import}``."""

    model_config = ConfigDict(populate_by_name=True)

    import_: Annotated[str, Field(alias="import")]
    status: State
    files: list[str]
    created_at: Time

    @staticmethod
    def of(job: Job) -> Accepted:
        """The same for a request that is repeated, however far the work has come since."""
        names = [file["name"] for file in job.request["files"]]
        return Accepted(
            import_=job.id, status=State.WAITING, files=names, created_at=job.created_at
        )


class NearDuplicate(Shown):
    ids: list[str]
    msg: str


class NearDuplicates(Shown):
    total: int = 0
    items: list[NearDuplicate] = Field(default_factory=list)


class Import(BaseModel):
    """``done`` of ``total`` items are in; a file is listed once it has been read and stored."""

    id: str
    status: State
    phase: str | None = optional(description="what is being counted while it runs")
    done: int
    total: int
    files: list[ImportedFile]
    removed: int
    near_duplicates: NearDuplicates
    reason: str | None = optional(description="why it failed, or what it waits for")
    created_at: Time
    finished_at: Time | None

    @staticmethod
    def of(job: Job) -> Import:
        told: dict[str, Any] = dict(job.result or job.progress)
        return Import(
            id=job.id,
            status=job.state,
            phase=told.get("phase"),
            done=told.get("done", 0),
            total=told.get("total", 0),
            files=[ImportedFile.model_validate(file) for file in told.get("files", [])],
            removed=told.get("removed", 0),
            near_duplicates=NearDuplicates.model_validate(told.get("near_duplicates", {})),
            reason=job.reason,
            created_at=job.created_at,
            finished_at=job.finished_at,
        )


class Imports(BaseModel):
    items: list[Import]
    next_cursor: str | None = None
