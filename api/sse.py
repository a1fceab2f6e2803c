"""A turn's events as JSON: one body, or a stream of server-sent events. The same content."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
from fastapi import Request
from pydantic_core import to_json
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.errors import place, problem_of
from api.event_ids import error_mark, unseen
from api.schemas import Assessment, SessionState, Turn, TurnAnswer
from coach.errors import Unavailable
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
    TurnFailed,
)

STREAM = "text/event-stream"
PING_SECONDS = 15
SLOWEST_SECONDS = 60  # who takes nothing for so long has gone; the stream can be resumed
GRACE_SECONDS = 4  # what a running turn gets to finish when the server is told to stop


def wants_stream(request: Request) -> bool:
    """True when the client names the event stream among what it accepts."""
    accepted = ",".join(request.headers.getlist("accept")).lower()
    return any(part.partition(";")[0].strip() == STREAM for part in accepted.split(","))


def as_stream(
    events: AsyncIterator[TurnEvent], session_id: str, request: Request
) -> EventSourceResponse:
    """Every event with its id and a ping as a comment; what ``Last-Event-ID`` names isn't sent
    again."""
    seen = request.headers.get("last-event-id")
    return streamed(_messages(events, session_id, place(request.scope), seen))


def streamed(messages: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """``messages`` with a ping as a comment in between."""
    return EventSourceResponse(
        messages,
        ping=PING_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(comment="ping"),
        shutdown_event=anyio.Event(),
        shutdown_grace_period=GRACE_SECONDS,
        send_timeout=SLOWEST_SECONDS,
    )


async def as_answer(events: AsyncIterator[TurnEvent], session_id: str) -> TurnAnswer:
    """The turn once it is complete; raises what made it fail."""
    assessment: Assessment | None = None
    async for event in events:
        match event:
            case TurnFailed(error):
                raise error
            case AssessmentReady(ready):
                assessment = Assessment.model_validate(ready)
            case TurnCompleted(exchange):
                seller, buyer = Turn.of(exchange.seller), Turn.of(exchange.buyer)
                shown = assessment or seller.assessment
                if shown is None:
                    break
                state = SessionState(id=session_id, status=exchange.status)
                return TurnAnswer(seller=seller, buyer=buyer, assessment=shown, session=state)
    raise Unavailable("The turn broke off and was not stored; send it again.")


async def _messages(
    events: AsyncIterator[TurnEvent], session_id: str, instance: str, seen: str | None
) -> AsyncIterator[ServerSentEvent]:
    mark = "0.-1"
    try:
        async for mark, event in unseen(events, seen):
            name, content = _named(event, session_id, instance)
            yield ServerSentEvent(content, event=name, id=mark)
    except Exception as error:  # noqa: BLE001  # logged by problem_of; the stream ends with it
        _, content = named_error(error, instance)
        yield ServerSentEvent(content, event="error", id=error_mark(mark))


def _named(  # noqa: PLR0911  # one for each kind of event
    event: TurnEvent, session_id: str, instance: str
) -> tuple[str, str]:
    match event:
        case TurnCreated(turn):
            return "turn.created", json_of({"turn": Turn.of(turn)})
        case ReplyDelta(text):
            return "reply.delta", json_of({"text": text})
        case ReplyReset(note):
            return "reply.reset", json_of({"note": note})
        case ReplyCompleted(turn):
            return "reply.completed", json_of({"turn": Turn.of(turn)})
        case AssessmentReady(assessment):
            return "assessment", json_of(Assessment.model_validate(assessment))
        case TurnCompleted(exchange):
            state = SessionState(id=session_id, status=exchange.status)
            return "turn.completed", json_of({"session": state})
        case TurnFailed(error):
            return named_error(error, instance)


def named_error(error: Exception, instance: str) -> tuple[str, str]:
    return "error", json_of(problem_of(error, instance))


def json_of(content: object) -> str:
    return to_json(content, ensure_ascii=True).decode("ascii")
