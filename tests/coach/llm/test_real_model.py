"""A real server with a real model: structure only, as one of 135M parameters makes no sense."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any

import httpx
import pytest

from coach.errors import ModelFailed
from coach.llm import LanguageModel, connect
from coach.models import Receipt
from tests.coach.llm.asked import PROMPT, SCHEMA, VARIABLES, heard, using
from tests.model import smollm  # noqa: F401  # a fixture

pytestmark = [pytest.mark.model, pytest.mark.timeout(180)]


def test_words_stream_and_come_to_an_end(
    smollm: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("coach.llm.wire.ANSWER_TOKENS", 40)
    words: list[str] = []

    async def listen(model: LanguageModel) -> str:
        try:
            await heard(model, words)
        except ModelFailed as error:  # it may babble up to the limit
            return error.message
        return ""

    failed = using(smollm, listen, timeout=60, key=None)
    assert failed in ("", "the model's answer was longer than it may be")
    assert len(words) > 1


def test_a_reader_who_leaves_frees_the_server(smollm: str) -> None:  # noqa: F811
    """It stops in the middle of its answer: a whole one of 2,000 tokens would take 20 s or more."""

    def at_work() -> bool:
        slots = httpx.get(f"{smollm.removesuffix('/v1')}/slots", timeout=5, trust_env=False).json()
        return any(slot["is_processing"] for slot in slots)

    async def leave(model: LanguageModel) -> tuple[bool, bool]:
        async with aclosing(model.stream(PROMPT, VARIABLES)) as words:
            await anext(words)
            during = await asyncio.to_thread(at_work)
        for _ in range(20):
            await asyncio.sleep(0.1)
            if not (after := await asyncio.to_thread(at_work)):
                break
        return during, after

    assert using(smollm, leave, timeout=60, key=None) == (True, False)


def test_a_receipt_holds_the_servers_own_count(
    smollm: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the prompt and the answer, told after the last word."""
    monkeypatch.setattr("coach.llm.wire.ANSWER_TOKENS", 12)
    receipt = Receipt()

    async def listen(model: LanguageModel) -> None:
        with suppress(ModelFailed):  # 12 tokens rarely make a whole answer
            async for _ in model.stream(PROMPT, VARIABLES, receipt):
                pass

    using(smollm, listen, timeout=60, key=None)
    assert receipt.tokens_in > 50
    assert 1 <= receipt.tokens_out <= 12
    assert not receipt.estimated


def test_the_server_is_asked_for_its_name(smollm: str) -> None:  # noqa: F811
    assert "SmolLM2" in connect(smollm, None, None, 5).name


def test_an_answer_has_the_form_of_its_schema(smollm: str) -> None:  # noqa: F811
    bounded = {**SCHEMA["properties"], "quote": {"type": "string", "maxLength": 40}}
    schema = {**SCHEMA, "properties": bounded}

    async def form(model: LanguageModel) -> Any:
        return await model.structured(PROMPT, VARIABLES, schema)

    value = using(smollm, form, timeout=90, key=None)
    assert value["verdict"] in ("yes", "no")
    assert isinstance(value["quote"], str)


def test_a_conversation_beyond_the_context_is_named(smollm: str) -> None:  # noqa: F811
    async def flood(model: LanguageModel) -> None:
        long = {**VARIABLES, "reply": "word " * 6000}
        async for _ in model.stream(PROMPT, long):
            pass

    with pytest.raises(ModelFailed, match="conversation is too long"):
        using(smollm, flood, timeout=60, key=None)
