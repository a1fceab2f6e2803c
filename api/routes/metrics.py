"""What Prometheus reads. Each process tells its own figures: scrape every worker."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import Service
from api.observing.observatory import Observatory

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus exposition"}},
)
async def metrics(request: Request, service: Service) -> Response:
    """Turns, stages, model calls, queues, index and requests of this process."""
    observatory = cast(Observatory, request.app.state.observatory)
    accept = request.headers.get("accept", "")
    body, kind = await observatory.exposition(service, accept)
    return Response(body, headers={"Content-Type": kind})
