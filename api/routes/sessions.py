"""Practice sessions, their turns, hints, debrief and transcript."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.dependencies import Asking, Service, SessionId
from api.once import KEYED, once
from api.schemas import (
    Debrief,
    Hint,
    HintRequest,
    NewSession,
    NewTurn,
    Scenario,
    Session,
    Sessions,
    TurnAnswer,
)
from api.schemas_evidence import Short
from api.sse import STREAM, as_answer, as_stream, wants_stream

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])

STREAM_DOC = {
    "content": {STREAM: {"schema": {"type": "string"}}},
    "description": (
        "The buyer's reply and what the coach says of the turn; with Accept: text/event-stream "
        "the same as events: turn.created, reply.delta, reply.reset, reply.completed, "
        "assessment, turn.completed, or error."
    ),
}


@router.post("", status_code=201, response_model=Session, openapi_extra=KEYED)
async def start_session(
    request: Request, asking: Asking, service: Service, given: NewSession, response: Response
) -> Any:
    async def make() -> Session:
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
    return Sessions(items=[Session.of(one) for one in found], next_cursor=next_cursor)


@router.get("/{session_id}")
async def get_session(asking: Asking, service: Service, session_id: SessionId) -> Session:
    return Session.of(await service.session(asking, session_id))


@router.get("/{session_id}/scenario")
async def get_played_scenario(asking: Asking, service: Service, session_id: SessionId) -> Scenario:
    """What the session is or was played with, in that version."""
    return Scenario.of(await service.scenario_of(await service.session(asking, session_id)))


@router.delete("/{session_id}", status_code=204)
async def delete_session(asking: Asking, service: Service, session_id: SessionId) -> None:
    await service.delete(asking, session_id)


@router.post("/{session_id}/turns", response_model=TurnAnswer, responses={200: STREAM_DOC})
async def take_turn(
    request: Request, asking: Asking, service: Service, session_id: SessionId, given: NewTurn
) -> TurnAnswer | Response:
    events = await service.take_turn(asking, session_id, given.text)
    if wants_stream(request):
        return as_stream(events, session_id, request)
    return await as_answer(events, session_id)


@router.post("/{session_id}/hint")
async def hint(
    asking: Asking, service: Service, session_id: SessionId, given: HintRequest | None = None
) -> Hint:
    level = given.level if given else None
    return Hint.model_validate(await service.hint(asking, session_id, level))


@router.post("/{session_id}/end")
async def end_session(asking: Asking, service: Service, session_id: SessionId) -> Debrief:
    return Debrief.of(await service.end(asking, session_id))
