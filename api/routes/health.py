"""Whether the process runs, and whether it can serve."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.dependencies import Service
from api.errors import ProblemResponse, place, problem
from api.wiring import coach_version

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """``instance`` is drawn anew at each start: it tells one server from another."""

    status: str
    version: str
    instance: str


class Ready(BaseModel):
    status: str
    store: str
    index: str
    embedding: str
    model: str


@router.get("/healthz")
async def healthz(request: Request) -> Alive:
    return Alive(status="ok", version=coach_version(), instance=request.app.state.instance)


@router.get("/readyz", response_model=Ready)
async def readyz(request: Request, service: Service) -> Ready | Response:
    health = await service.health()
    parts = {
        "store": health.store,
        "index": health.index,
        "embedding": health.embedding,
        "model": health.model,
    }
    if health.ready:
        return Ready(status="ready", **parts)
    detail = "The coach can't serve yet; `coach doctor` says what to do."
    body = problem(503, detail, place(request.scope), word="not-ready") | parts
    return ProblemResponse(body, status_code=503)
