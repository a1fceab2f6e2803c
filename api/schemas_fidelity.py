"""The JSON of fidelity runs: what is to be played, how far it is, and the report."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas_evidence import CleanStr, Given, Time, optional
from coach.fidelity.asking import Wish
from coach.jobs import Job, State

MOST_SEEDS = 20
Names = list[CleanStr]


class FidelityWish(Given):
    """Which sellers meet which buyers: what isn't named is all of it."""

    scenarios: Names = Field(
        min_length=1, max_length=50, description="ids of scenarios that ship, one at least"
    )
    difficulties: list[Literal["easy", "normal", "hard"]] = Field(default=[], max_length=3)
    sellers: Names = Field(default=[], max_length=50)
    seeds: int = Field(default=1, ge=1, le=MOST_SEEDS)
    spread: bool = Field(default=True, description="share the seeds out among the personas")

    def as_wish(self) -> Wish:
        return Wish(
            tuple(self.scenarios),
            tuple(self.difficulties),
            tuple(self.sellers),
            self.seeds,
            self.spread,
        )


class FidelityRun(BaseModel):
    """``done`` of ``total`` sessions are played."""

    id: str
    status: State
    asked: dict[str, Any] = Field(description="as it was asked for")
    phase: str | None = optional(description="what is being counted while it runs")
    done: int
    total: int
    reason: str | None = optional(description="why it failed, or what it waits for")
    created_at: Time
    finished_at: Time | None

    @classmethod
    def of(cls, job: Job) -> FidelityRun:
        return cls(**_told(job))


class FidelityReport(FidelityRun):
    report: dict[str, Any] | None = Field(
        description="once it is done: as `coach fidelity --json` tells it"
    )

    @classmethod
    def of(cls, job: Job) -> FidelityReport:
        return cls(**_told(job), report=job.result["report"] if job.result else None)


def _told(job: Job) -> dict[str, Any]:
    at, done = job.progress, job.result["report"]["played"]["sessions"] if job.result else None
    return {
        "id": job.id,
        "status": job.state,
        "asked": dict(job.request),
        "phase": None if job.has_ended else at.get("phase"),
        "done": done or at.get("done", 0),
        "total": done or at.get("total", 0),
        "reason": job.reason or None,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


class FidelityRuns(BaseModel):
    items: list[FidelityRun]
    next_cursor: str | None = None
