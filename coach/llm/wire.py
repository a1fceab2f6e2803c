"""Words as OpenAI's protocol streams them, read off the wire.

The openai library and langchain make several objects of every word: 90 and 180 to 260 µs, against
15 µs here, and 200 talks at 20 words a second leave 250 µs for everything. So the openai client
that langchain opened sends the request and names refusals, and the stream is read here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any

from coach.errors import ModelFailed
from coach.llm.asking import Question
from coach.llm.ending import TOO_LONG, Ending
from coach.llm.faults import ErrorEvent
from coach.llm.opening import ANSWER_TOKENS, Opened

#: A server that ignores ``max_completion_tokens`` is stopped here.
LONGEST_ANSWER = 8 * ANSWER_TOKENS  # characters
USAGE_PATIENCE = 1.0  # seconds that the count of tokens may come after the answer's end


async def words_of(
    opened: Opened, question: Question, temperature: float | None
) -> AsyncGenerator[str, None]:
    """The answer's text, piece by piece; raises when the answer isn't whole."""
    asked: dict[str, Any] = {
        "model": opened.model,
        "messages": [
            {"role": "system", "content": question.system},
            {"role": "user", "content": question.user},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": ANSWER_TOKENS,
    }
    if temperature is not None:
        asked["temperature"] = temperature
    ending, length = Ending(), 0
    create = opened.wire.chat.completions.with_streaming_response.create
    async with create(**asked) as response:
        events = _events(response)
        async for event in events:
            if word := _word(event, ending, question):
                length += len(word)
                if length > LONGEST_ANSWER:
                    raise ModelFailed(TOO_LONG)
                yield word
            if ending.finish:
                break
        await _count(events, question)
        ending.check()


async def _events(response: Any) -> AsyncIterator[Any]:
    """Each event's content, or the whole answer of a server that doesn't stream."""
    if response.headers.get("content-type", "").startswith("application/json"):
        yield await response.json()
        return
    async for line in response.iter_lines():
        if line.startswith("data:") and (content := line[5:].strip()) != "[DONE]":
            yield json.loads(content)


def _word(event: Any, ending: Ending, question: Question) -> str:
    if "error" in event:
        raise ErrorEvent
    _used(event, question)
    for choice in event["choices"]:
        told = choice.get("delta") or choice.get("message") or {}
        ending.finish = choice.get("finish_reason") or ending.finish
        text = told.get("content")
        if text and isinstance(text, str):
            ending.said(text)
            return text
        return ""
    return ""


async def _count(events: AsyncIterator[Any], question: Question) -> None:
    """The tokens are told after the end; an answer that is whole isn't lost for want of them."""
    with suppress(Exception):
        async with asyncio.timeout(USAGE_PATIENCE):
            async for event in events:
                _used(event, question)


def _used(event: Any, question: Question) -> None:
    if usage := event.get("usage"):
        question.used(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
