"""Answers of a given form: by JSON schema, by a tool call, or as plain text that is read.

A server says that it can't do one way by refusing it, or shows it by answers that don't fit; the
way that worked is kept for that model. Whatever the way, the answer is validated here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from coach.errors import ModelFailed
from coach.llm.asking import Question
from coach.llm.chain import count_used, prompt_of, told_by
from coach.llm.faults import fault_of
from coach.llm.opening import Opened

MISFIT = "the model's answer didn't have the form that was asked for"


class Way(StrEnum):
    """Values are langchain's names where it has one."""

    SCHEMA = "json_schema"
    TOOL = "function_calling"
    TEXT = "text"


#: HTTP statuses that may mean "not in this way"; llama.cpp answers 500 to tools it has no form for.
REFUSALS = {Way.SCHEMA: (400, 422, 501), Way.TOOL: (400, 422, 500, 501), Way.TEXT: ()}


@dataclass
class Ways:
    """Which way is taken with a model; ``proven`` once an answer fitted."""

    now: Way = Way.SCHEMA
    proven: bool = field(default=False, init=False)

    def worked(self, way: Way) -> None:
        self.now, self.proven = way, True

    def disappointed(self, way: Way) -> None:
        """The next answer is asked for in the next way; after the last comes the first again."""
        if way is self.now and not self.proven:
            order = list(Way)
            self.now = order[(order.index(way) + 1) % len(order)]

    def refused(self, way: Way, error: Exception) -> Way | None:
        """The way to try instead, or None when ``error`` is about something else."""
        status = getattr(error, "status_code", None)
        unable = isinstance(error, NotImplementedError) or (
            status in REFUSALS[way] and not fault_of(error, 0).too_long
        )
        if not unable or way is Way.TEXT:
            return None
        order = list(Way)
        return order[order.index(way) + 1]


@dataclass(frozen=True)
class _Reply:
    text: str
    value: Any
    way: Way

    @property
    def said(self) -> str:
        return self.text or "(no answer)"


async def formed(
    opened: Opened, question: Question, schema: Mapping[str, Any], ways: Ways
) -> Mapping[str, Any]:
    """The answer, asked for once more with what was wrong when it doesn't fit. ModelFailed."""
    validator = _validator(schema)
    reply = await _reply(opened, question, schema, ways, ())
    if complaint := _misfit(reply.value, validator):
        form = json.dumps(schema, ensure_ascii=False)
        asked = f"That doesn't fit: {complaint}. Answer again, with only JSON of this form: {form}"
        repair = (("ai", reply.said), ("human", asked))
        reply = await _reply(opened, question, schema, ways, repair)
        if _misfit(reply.value, validator):
            ways.disappointed(reply.way)
            raise ModelFailed(MISFIT)
    ways.worked(reply.way)
    value: Mapping[str, Any] = reply.value
    return value


async def _reply(
    opened: Opened,
    question: Question,
    schema: Mapping[str, Any],
    ways: Ways,
    repair: tuple[tuple[str, str], ...],
) -> _Reply:
    way = ways.now
    while True:
        try:
            with question.one_try():
                return await _asked(opened, question, schema, way, repair)
        except Exception as error:  # noqa: BLE001  # each library has its own; all become one
            if (other := ways.refused(way, error)) is not None:
                way = other
            else:
                await question.again_or_fail(error)


async def _asked(
    opened: Opened,
    question: Question,
    schema: Mapping[str, Any],
    way: Way,
    repair: tuple[tuple[str, str], ...],
) -> _Reply:
    told = told_by(question, repair)
    if way is Way.TEXT:
        form = json.dumps(schema, ensure_ascii=False)
        told["user"] += f"\n\nAnswer with only JSON, of the form of this JSON schema: {form}"
        message = await question.waiting((prompt_of() | opened.chat).ainvoke(told))
        count_used(message, question)
        return _Reply(str(message.text), _json_in(str(message.text)), way)
    into = opened.chat.with_structured_output(
        {"title": "answer", **schema}, method=way.value, include_raw=True
    )
    try:
        answer = await question.waiting((prompt_of() | into).ainvoke(told))
    except Exception as error:
        if type(error).__name__ == "LengthFinishReasonError":  # a weak model that pads JSON
            _count_padding(error, question)
            return _Reply("", None, way)
        raise
    raw = answer["raw"]
    count_used(raw, question)
    text = str(raw.text)
    value = answer["parsed"] if answer["parsed"] is not None else _json_in(text)
    return _Reply(text, value, way)


def _count_padding(error: Any, question: Question) -> None:
    if usage := error.completion.usage:
        question.used(usage.prompt_tokens, usage.completion_tokens)


def _json_in(text: str) -> Any:
    """The JSON object in a text, also in a code fence; None when there is none."""
    try:
        return json.loads(text[text.find("{") : text.rfind("}") + 1])
    except ValueError:
        return None


def _validator(schema: Mapping[str, Any]) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # slow to load

    return Draft202012Validator(schema)


def _misfit(value: Any, validator: Any) -> str | None:
    """Why ``value`` doesn't fit the JSON schema, in few words; None when it does."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    if value is None:
        return "it is not JSON"
    worst = best_match(validator.iter_errors(value))
    return f"{worst.json_path}: {worst.message[:120]}" if worst else None
