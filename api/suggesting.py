"""Suggestions as a stream: what was recognised at once, then one reply after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.errors import place
from api.schemas_evidence import Advice, ObjectionGuess
from api.sse import json_of, named_error, streamed
from coach.live import Heard


def as_stream(heard: Heard, request: Request) -> EventSourceResponse:
    """Events ``objection``, ``suggestion`` (each), ``advice`` (what is left), or ``error``."""
    return streamed(_messages(heard, place(request.scope)))


async def _messages(heard: Heard, instance: str) -> AsyncIterator[ServerSentEvent]:
    number = 0
    async for name, content in _told(heard, instance):
        yield ServerSentEvent(content, event=name, id=str(number))
        number += 1


async def _told(heard: Heard, instance: str) -> AsyncIterator[tuple[str, str]]:
    yield "objection", json_of(ObjectionGuess.model_validate(heard.objection))
    try:
        advice = Advice.of(await heard.answer())
    except Exception as error:  # noqa: BLE001  # logged by problem_of; the stream ends with it
        yield named_error(error, instance)
        return
    for suggestion in advice.suggestions:
        yield "suggestion", json_of(suggestion)
    yield "advice", json_of(advice.model_dump(exclude={"objection", "suggestions"}))
