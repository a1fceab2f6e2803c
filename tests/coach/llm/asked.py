"""One prompt, its schema, and a model that is asked with them over the real protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from coach.llm import LanguageModel, connect

PROMPT = "judge/assess.v1"
VARIABLES: dict[str, Any] = {
    "rubric": [{"id": "asked", "question": "Does the reply ask?"}],
    "buyer": "I have {never} heard of you.",
    "reply": "What would you need to see?",
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"verdict": {"enum": ["yes", "no"]}, "quote": {"type": "string"}},
    "required": ["verdict", "quote"],
    "additionalProperties": False,
}
T = TypeVar("T")
GOOD = '{"verdict": "yes", "quote": "What would"}'


def using(
    url: str,
    work: Callable[[LanguageModel], Awaitable[T]],
    *,
    timeout: float = 10.0,
    key: str | None = "sk-test",
) -> T:
    async def run() -> T:
        model = connect(url, key, "loopback-1", timeout)
        try:
            return await work(model)
        finally:
            await model.aclose()

    return asyncio.run(run())


async def heard(model: LanguageModel, into: list[str] | None = None) -> list[str]:
    words = into if into is not None else []
    async for word in model.stream(PROMPT, VARIABLES):
        words.append(word)  # kept when the stream fails
    return words


async def formed(model: LanguageModel) -> dict[str, Any]:
    return dict(await model.structured(PROMPT, VARIABLES, SCHEMA))
