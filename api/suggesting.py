"""Suggestions as a stream: what was recognised at once, then one reply after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.errors import place
from api.schemas_evidence import Advice, ObjectionGuess
from api.sse import json_of, named_error, streamed
from coach.suggestion import objections

Answer = Callable[[], Awaitable[Advice]]


def as_stream(
    objection: objections.ObjectionGuess, answer: Answer, request: Request
) -> EventSourceResponse:
    """Events ``objection``, ``suggestion`` (each), ``advice`` (what is left), or ``error``."""
    return streamed(_messages(objection, answer, place(request.scope)))


async def _messages(
    objection: objections.ObjectionGuess, answer: Answer, instance: str
) -> AsyncIterator[ServerSentEvent]:
    number = 0
    async for name, content in _told(objection, answer, instance):
        yield ServerSentEvent(content, event=name, id=str(number))
        number += 1


async def _told(
    objection: objections.ObjectionGuess, answer: Answer, instance: str
) -> AsyncIterator[tuple[str, str]]:
    yield "objection", json_of(ObjectionGuess.model_validate(objection))
    try:
        advice = await answer()
    except Exception as error:  # noqa: BLE001  # logged by problem_of; the stream ends with it
        yield named_error(error, instance)
        return
    for suggestion in advice.suggestions:
        yield "suggestion", json_of(suggestion)
    yield "advice", json_of(advice.model_dump(exclude={"objection", "suggestions"}))
