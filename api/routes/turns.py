"""The turns of a session: taken, followed from anywhere, cancelled while they run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.dependencies import Asking, Service, SessionId
from api.event_ids import is_all_seen
from api.once import KEYED, digest_of
from api.receiving import key_of
from api.schemas import NewTurn, TurnAnswer
from api.sse import STREAM, as_answer, as_stream, wants_stream
from coach.errors import Conflict, NotFound
from coach.events import TurnEvent
from coach.jobs import Key
from coach.service import CoachService
from coach.session import Caller

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])

Index = Annotated[int, Path(ge=0, le=2**31 - 1, description="that of the seller's words")]

STREAM_DOC = {
    "content": {STREAM: {"schema": {"type": "string"}}},
    "description": (
        "The buyer's reply and what the coach says of the turn; with Accept: text/event-stream "
        "the same as events: turn.created, reply.delta, reply.reset, reply.completed, "
        "assessment, turn.completed, or error."
    ),
}
RESUMED: dict[str, Any] = {
    "parameters": [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "of the last event that arrived: what came after it is sent",
        }
    ]
}


@router.post(
    "/{session_id}/turns",
    response_model=TurnAnswer,
    responses={200: STREAM_DOC},
    openapi_extra=KEYED,
)
async def take_turn(
    request: Request, asking: Asking, service: Service, session_id: SessionId, given: NewTurn
) -> TurnAnswer | Response:
    """What was accepted is taken to its end, whoever listens, and after a crash at next contact.

    Sent again under the same Idempotency-Key, a stream has the same events; a plain request is
    answered with 409 while the turn runs.
    """
    key = key_of(request)
    if key is None:
        events = await service.take_turn(asking, session_id, given.text)
    else:
        known = Key(key, await digest_of(request))
        events = await _keyed(request, asking, service, session_id, given.text, known)
    return await _told(request, events, session_id)


@router.get(
    "/{session_id}/turns/{index}/events",
    response_model=TurnAnswer,
    responses={200: STREAM_DOC, 204: {"description": "Nothing came after that event."}},
    openapi_extra=RESUMED,
)
async def follow_turn(
    request: Request, asking: Asking, service: Service, session_id: SessionId, index: Index
) -> TurnAnswer | Response:
    """The turn's events from the first one, or from after `Last-Event-ID`, as they come."""
    events = await service.turns.follow(asking, session_id, index)
    if is_all_seen(request.headers.get("last-event-id"), index):
        return Response(status_code=204)
    return await _told(request, events, session_id)


@router.delete("/{session_id}/turns/{index}", status_code=204)
async def cancel_turn(
    asking: Asking, service: Service, session_id: SessionId, index: Index
) -> None:
    """Of a turn that runs nothing is stored; one that is complete stays (409)."""
    await service.turns.cancel(asking, session_id, index)


async def _told(
    request: Request, events: AsyncIterator[TurnEvent], session_id: str
) -> TurnAnswer | Response:
    if wants_stream(request):
        return as_stream(events, session_id, request)
    return await as_answer(events, session_id)


async def _keyed(
    request: Request,
    asking: Caller,
    service: CoachService,
    session_id: str,
    text: str,
    key: Key,
) -> AsyncIterator[TurnEvent]:
    """The events of the turn that this key began, or of a new one."""
    index = await service.turns.begun_by(asking, key)
    if index is None:
        try:
            return (await service.begin_turn(asking, session_id, text, key)).events()
        except Conflict:  # perhaps with the same request, sent twice at once
            if (index := await service.turns.begun_by(asking, key)) is None:
                raise
    waiting = await service.turns.waiting(asking, session_id)
    if waiting and waiting.index == index and not wants_stream(request):
        raise Conflict("this turn is still running; wait, or follow it as a stream")
    try:
        return await service.turns.follow(asking, session_id, index, text)
    except NotFound:  # it had failed, or was cancelled
        return await service.take_turn(asking, session_id, text)
