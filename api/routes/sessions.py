"""Practice sessions, their hints and their end; turns are in ``turns``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.dependencies import Asking, Service, SessionId, current_workshops, known_shape
from api.once import KEYED, once
from api.schemas import (
    Debrief,
    Hint,
    HintRequest,
    NewSession,
    Scenario,
    Session,
    Sessions,
)
from api.schemas_evidence import Short

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.post("", status_code=201, response_model=Session, openapi_extra=KEYED)
async def start_session(
    request: Request, asking: Asking, service: Service, given: NewSession, response: Response
) -> Any:
    async def make() -> Session:
        if given.workshop is not None:
            desk = current_workshops(service)
            started = await desk.start(asking, known_shape(given.workshop), given.scenario)
        else:
            started = await service.start(
                asking,
                given.scenario,
                difficulty=given.difficulty,
                persona=given.persona,
                seed=given.seed,
            )
        response.headers["Location"] = f"/v1/sessions/{started.id}"
        return Session.of(started)

    return await once(request, response, asking, service, make)


@router.get("")
async def list_sessions(
    asking: Asking,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Short | None, Query()] = None,
) -> Sessions:
    found, next_cursor = await service.sessions(asking, limit, cursor)
    running = await service.turns.under_way_in(asking, found)
    return Sessions.of(found, next_cursor, running)


@router.get("/{session_id}")
async def get_session(asking: Asking, service: Service, session_id: SessionId) -> Session:
    """`running` is a turn that was accepted and isn't complete: follow its events."""
    waiting = await service.turns.under_way(asking, session_id)
    return Session.of(await service.session(asking, session_id), waiting)


@router.get("/{session_id}/scenario")
async def get_played_scenario(asking: Asking, service: Service, session_id: SessionId) -> Scenario:
    """What the session is or was played with, in that version."""
    return Scenario.of(await service.scenario_of(await service.session(asking, session_id)))


@router.delete("/{session_id}", status_code=204)
async def delete_session(asking: Asking, service: Service, session_id: SessionId) -> None:
    await service.delete(asking, session_id)


@router.post("/{session_id}/hint", response_model=Hint, openapi_extra=KEYED)
async def hint(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    response: Response,
    given: HintRequest | None = None,
) -> Any:
    async def make() -> Hint:
        level = given.level if given else None
        return Hint.model_validate(await service.hint(asking, session_id, level))

    return await once(request, response, asking, service, make)


@router.post("/{session_id}/end")
async def end_session(asking: Asking, service: Service, session_id: SessionId) -> Debrief:
    return Debrief.of(await service.end(asking, session_id))
