"""The HTTP application: routes, errors and the guard at the door, around one service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from api import errors
from api.doorway import Doorway
from api.routes import (
    answers,
    attempts,
    calibration,
    documents,
    exports,
    gaps,
    goals,
    governance,
    health,
    imports,
    knowledge,
    overruling,
    priorities,
    progress,
    scenarios,
    sessions,
    webhooks,
)
from api.wiring import coach_version
from coach.service import CoachService

PROBLEM: dict[str, Any] = {
    "description": "What went wrong and what to do about it (RFC 9457).",
    "content": {
        errors.MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "instance"],
                "properties": {
                    **{name: {"type": "string"} for name in ("type", "title", "detail")},
                    "instance": {"type": "string"},
                    "status": {"type": "integer"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}


def create_app(
    service_factory: Callable[[], AbstractAsyncContextManager[CoachService]],
    instance: str | None = None,
) -> FastAPI:
    """The application; ``service_factory`` is opened at start and closed at the end.

    ``instance`` is what ``/healthz`` tells, so that a client knows which server it reached.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service_factory() as service:
            app.state.service = service
            for room in (service.library, service.team):
                if room:
                    room.start()
            yield

    app = FastAPI(
        title="Objection coach",
        version=coach_version(),
        lifespan=lifespan,
        docs_url=None,  # both pages load scripts from a CDN
        redoc_url=None,
        responses={"4XX": PROBLEM, "5XX": PROBLEM},
    )
    app.state.instance = instance or uuid4().hex
    errors.install(app)
    # gaps and governance before knowledge: an evidence id may be any path
    for resource in (
        health,
        scenarios,
        sessions,
        attempts,
        overruling,
        progress,
        calibration,
        documents,
        priorities,
        gaps,
        governance,
        imports,
        knowledge,
    ):
        app.include_router(resource.router)
    for resource in (goals, answers, exports, webhooks):
        app.include_router(resource.router)
    from api.web import pages  # noqa: PLC0415  # pages need templates; the API stands without

    pages.mount(app)
    app.add_middleware(Doorway)
    return app
