"""Runs of ``coach fidelity`` in the background: are the buyers honest?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.dependencies import Asking, RunId, Service, TheFidelity
from api.once import KEYED, once
from api.schemas_evidence import Short
from api.schemas_fidelity import FidelityReport, FidelityRun, FidelityRuns, FidelityWish

router = APIRouter(prefix="/v1/fidelity", tags=["fidelity"])


@router.post("", status_code=202, response_model=FidelityRun, openapi_extra=KEYED)
async def ask_for_run(
    request: Request,
    asking: Asking,
    service: Service,
    desk: TheFidelity,
    given: FidelityWish,
    response: Response,
) -> BaseModel | Response:
    """Scripted sellers play every buyer asked for, in a process of its own, by the embedded
    engine. One run at a time for each who asks."""

    async def make() -> FidelityRun:
        job = await desk.ask(asking, given.as_wish())
        response.headers["Location"] = f"/v1/fidelity/{job.id}"
        return FidelityRun.of(job)

    return await once(request, response, asking, service, make)


@router.get("")
async def list_runs(
    asking: Asking,
    desk: TheFidelity,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Short | None, Query()] = None,
) -> FidelityRuns:
    found, next_cursor = await desk.runs(asking, limit, cursor)
    return FidelityRuns(items=[FidelityRun.of(job) for job in found], next_cursor=next_cursor)


@router.get("/{run_id}")
async def get_run(asking: Asking, desk: TheFidelity, run_id: RunId) -> FidelityReport:
    return FidelityReport.of(await desk.run(asking, run_id))
