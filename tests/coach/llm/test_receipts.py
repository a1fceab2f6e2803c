"""Every question has a receipt, filled also when the answer fails or nobody hears it out."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import pytest

from coach.errors import ModelFailed
from coach.llm import LanguageModel
from coach.llm.asking import TRIES
from coach.models import Receipt
from prompts import Rendered, hash_of
from tests.coach.llm.asked import PROMPT, VARIABLES, using
from tests.loopback import Loopback, answer, cut, stall, status


def asked(server: Loopback, timeout: float = 5.0) -> Receipt:
    """The receipt of one stream that is heard to its end."""
    receipt = Receipt()

    async def listen(model: LanguageModel) -> None:
        async for _ in model.stream(PROMPT, VARIABLES, receipt):
            pass

    with suppress(ModelFailed):
        using(server.url, listen, timeout=timeout)
    return receipt


def test_a_good_answer(server: Loopback) -> None:
    """The prompt and its hash, the model, the server's count, and how long it took."""
    server.behave(answer("one two three", delay=0.05))
    receipt = asked(server)
    assert (receipt.prompt, receipt.template_hash) == (PROMPT, hash_of(PROMPT))
    assert (receipt.model, receipt.provider) == ("loopback-1", "openai")
    assert (receipt.tokens_in, receipt.tokens_out, receipt.estimated) == (7, 3, False)
    assert receipt.tries == 1
    assert receipt.first_token_seconds is not None
    assert 0 < receipt.first_token_seconds < receipt.seconds
    assert receipt.failure == ""


def test_a_server_that_never_answers(server: Loopback) -> None:
    """Tries are counted, and there was no first token."""
    server.behave(status(500))
    receipt = asked(server)
    assert (receipt.tries, receipt.first_token_seconds) == (TRIES, None)
    assert (receipt.tokens_in, receipt.tokens_out) == (0, 0)
    assert "500" in receipt.failure


def test_half_an_answer_is_paid_for_by_a_guess(server: Loopback) -> None:
    """The server's count never came."""
    server.behave(cut("half an answer"))
    receipt = asked(server)
    assert receipt.estimated
    assert receipt.tokens_in > 20
    assert receipt.tokens_out == 4
    assert "broke off" in receipt.failure


def test_an_answer_that_nobody_hears_out(server: Loopback) -> None:
    """The same, and no failure."""
    server.behave(stall("one two"))
    receipt = Receipt()

    async def leave(model: LanguageModel) -> bool:
        async with aclosing(model.stream(PROMPT, VARIABLES, receipt)) as words:
            await anext(words)
        return await asyncio.to_thread(server.left.wait, 5)

    assert using(server.url, leave), "the server wasn't hung up on"
    assert receipt.estimated
    assert receipt.tokens_out == 1
    assert receipt.failure == ""


def test_a_conversation_that_is_too_long_loses_its_oldest_part_once(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn is then answered; one that is still too long is a failure that says so."""
    overflow = status(400, error="request exceeds the context", kind="exceed_context_size_error")
    monkeypatch.setattr(
        "coach.llm.asking.render",
        lambda name, *, history: Rendered("Be brief.", " ".join(history), name, "0" * 12),
    )

    async def talk(model: LanguageModel) -> str:
        history = [f"turn-{n}" for n in range(10)]
        return "".join([word async for word in model.stream(PROMPT, {"history": history})])

    server.behave(overflow, answer("all well"))
    assert using(server.url, talk) == "all well "
    assert server.bodies[1]["messages"][1]["content"] == "turn-7 turn-8 turn-9"
    server.behave(overflow)
    with pytest.raises(ModelFailed, match="too long"):
        using(server.url, talk)
    assert server.calls == 4
