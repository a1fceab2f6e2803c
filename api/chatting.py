"""Between OpenAI's chat messages and a practice: what is asked for, and the answer in chunks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from sse_starlette import EventSourceResponse, ServerSentEvent

from api.schemas import Assessment
from api.schemas_chat import ChatRequest, Choice, CoachNote, Completion, Reply, Usage
from api.sse import json_of, streamed
from coach.errors import BadInput, NotFound
from coach.practice.chatting import Answered, Line, Talk
from coach.scenario import Difficulty

_COUNTED = re.compile(r"\w+|[^\w\s]")
_PIECE = re.compile(r"\s*\S+\s*")
#: By which a chat program that forwards it tells one chat from another.
CHAT_ID = "x-openwebui-chat-id"


def talk_of(asked: ChatRequest, chat_id: str) -> Talk:
    """What is practised and said; NotFound for a model of no known form."""
    if asked.n not in (None, 1):
        raise BadInput("n: there is one buyer, who gives one answer; leave it out")
    if any(one.type != "text" for m in asked.messages for one in _parts(m.content)):
        raise BadInput("messages: the buyer reads text only")
    lines = tuple(
        Line(message.role == "user", message.text)
        for message in asked.messages
        if message.role in ("user", "assistant")
    )
    if not lines or not lines[-1].is_sellers:
        raise BadInput("messages: the last one is the seller's, with the role `user`")
    named = str((asked.metadata or {}).get("chat_id", ""))[:200]
    thread = "\n".join((asked.user or "", named or chat_id))
    scenario, difficulty, persona = parts_of(asked.model)
    return Talk(scenario, lines, difficulty, persona, thread)


def parts_of(model: str) -> tuple[str, Difficulty | None, str | None]:
    """``scenario[:difficulty][:persona]``; either may be left out."""
    scenario, *rest = model.split(":")
    difficulty = None
    if rest and rest[0] in [one.value for one in Difficulty]:
        difficulty = Difficulty(rest.pop(0))
    if len(rest) > 1 or (rest and not rest[0]):
        raise NotFound(f"there is no model {model[:80]!r}; write scenario[:difficulty][:persona]")
    return scenario, difficulty, rest[0] if rest else None


def _parts(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []


def completed(asked: ChatRequest, text: str, now: int, told: Answered | None = None) -> Completion:
    """The whole answer; ``told`` is None for what was no part of the talk."""
    said = sum(len(_COUNTED.findall(message.text)) for message in asked.messages)
    spoken = len(_COUNTED.findall(text))
    return Completion(
        id=f"chatcmpl-{uuid4().hex}",
        created=now,
        model=asked.model,
        choices=[Choice(message=Reply(content=text))],
        usage=Usage(prompt_tokens=said, completion_tokens=spoken, total_tokens=said + spoken),
        coach=told and _note(told),
    )


def _note(told: Answered) -> CoachNote:
    judged = told.assessment and Assessment.model_validate(told.assessment)
    return CoachNote(session=told.session, status=told.status, turn=told.turn, assessment=judged)


def in_chunks(whole: Completion, *, usage: bool) -> EventSourceResponse:
    """The same answer as a stream: words that stand, so that none has to be withdrawn."""
    return streamed(_chunks(whole, usage=usage))


async def _chunks(whole: Completion, *, usage: bool) -> AsyncIterator[ServerSentEvent]:
    frame: dict[str, Any] = {
        **whole.model_dump(include={"id", "created", "model"}),
        "object": "chat.completion.chunk",
    }
    none = {"usage": None} if usage else {}

    def chunk(delta: dict[str, str], finish: str | None = None, **more: Any) -> ServerSentEvent:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return ServerSentEvent(json_of({**frame, "choices": [choice], **none, **more}))

    yield chunk({"role": "assistant", "content": ""})
    for piece in _PIECE.findall(whole.choices[0].message.content):
        yield chunk({"content": piece})
    yield chunk({}, "stop", **({"coach": whole.coach} if whole.coach else {}))
    if usage:
        yield ServerSentEvent(json_of({**frame, "choices": [], "usage": whole.usage}))
    yield ServerSentEvent("[DONE]")
