"""What models cost is counted whatever becomes of an answer, and a budget holds over restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coach.budget import Budget, Payer, Spent
from coach.budget.purse import Purse
from coach.errors import ModelFailed
from coach.models import Models, Receipt
from coach.store import open_store
from tests.fakes import FixedClock

ANNA, BO = Payer("north", "session-1"), Payer("north", "session-2")
ELSEWHERE = Payer("south")
PROMPT: tuple[str, dict[str, Any]] = ("judge/assess.v1", {})


class Forty:
    """A model each answer of which costs 40 tokens, also when it breaks off."""

    name = "forty"

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        assert receipt is not None
        receipt.tokens_in, receipt.tokens_out = 30, 10
        yield "one "
        yield "two"

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        assert receipt is not None
        receipt.tokens_in, receipt.tokens_out = 30, 10
        raise ModelFailed("the wrong form")

    def condition(self) -> str:
        return "ok"


def ask(url: str, budget: Budget, *payers: Payer, clock: FixedClock | None = None) -> list[str]:
    """What each payer is told, in a process that has just started."""

    async def run() -> list[str]:
        store = open_store(url)
        purse = Purse(Models.alike(Forty(), budget), store, clock or FixedClock())
        told = []
        for payer in payers:
            voice = purse.open(payer).voice
            assert voice is not None
            try:
                told.append("".join([word async for word in voice.stream(*PROMPT)]))
            except ModelFailed as error:
                told.append(error.message)
        await purse.settle()
        store.close()
        return told

    return asyncio.run(run())


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'coach.db'}"


def test_a_day_has_its_budget_also_after_a_restart(url: str) -> None:
    """It is the tenant's, whichever session spends it; the next day has its own."""
    budget, clock = Budget(day=100), FixedClock()
    assert ask(url, budget, ANNA, BO) == ["one two"] * 2
    told = ask(url, budget, ANNA, BO, ELSEWHERE)
    assert told == ["one two", "today's budget for the language model is used up", "one two"]
    clock.advance(days=1)
    assert ask(url, budget, BO, clock=clock) == ["one two"]


def test_a_session_has_its_budget(url: str) -> None:
    """Others aren't touched, and what is asked outside of a session has none."""
    told = ask(url, Budget(session=40), ANNA, ANNA, BO, ELSEWHERE, ELSEWHERE)
    assert "this session's budget" in told[1]
    assert [told[n] for n in (0, 2, 3, 4)] == ["one two"] * 4


def test_an_answer_that_breaks_off_or_fails_is_paid_for(url: str) -> None:
    """Nobody gets words for nothing by hanging up."""

    async def run() -> int:
        store, clock = open_store(url), FixedClock()
        purse = Purse(Models.alike(Forty()), store, clock)
        models = purse.open(ANNA)
        assert models.voice is not None
        assert models.judge is not None
        async with aclosing(models.voice.stream(*PROMPT)) as words:
            await anext(words)
        with pytest.raises(ModelFailed, match="wrong form"):
            await models.judge.structured(*PROMPT, {})
        await purse.settle()
        try:
            return store.spent_on("north", clock().date())
        finally:
            store.close()

    assert asyncio.run(run()) == 80


def test_what_is_spent_adds_up(url: str) -> None:
    """Per tenant and day, and per session over its days."""
    store = open_store(url)
    for day, session in ((1, "a"), (1, "a"), (1, "b"), (2, "a")):
        store.spend(Spent("north", date(2026, 3, day), session, 7, 3))
    assert store.spent_on("north", date(2026, 3, 1)) == 30
    assert store.spent_in("north", "a") == 30
    assert store.spent_on("south", date(2026, 3, 1)) == 0
    store.close()
