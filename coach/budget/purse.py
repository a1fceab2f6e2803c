"""Hands out models whose every answer is counted, and that say no when the budget is used up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach import telemetry
from coach.budget import Payer, SpendingStore, Spent
from coach.errors import ModelFailed
from coach.models import Job, Models, Receipt

if TYPE_CHECKING:
    from coach.ports import Clock, Model

log = logging.getLogger(__name__)


class Purse:
    """Lives in the event loop that it is called in; an answer is written down after it was given.

    A limit is looked at before each question: an answer that has begun is paid for to its end.
    """

    def __init__(self, models: Models, spending: SpendingStore, clock: Clock) -> None:
        self.models = models
        self._spending, self._clock = spending, clock
        self._writing: set[asyncio.Task[None]] = set()

    def open(self, payer: Payer) -> Models:
        """The models, each answer of which ``payer`` pays for."""
        account = _Account(self, payer)
        voice, suggest, judge = (_metered(self.models.of(job), account, job) for job in Job)
        return Models(voice, suggest, judge)

    async def check(self, payer: Payer) -> None:
        """ModelFailed when the budget of the session, or of the tenant's day, is used up."""
        limit = self.models.budget
        if not limit.limits:
            return
        await self.settle()
        spent, today = await asyncio.to_thread(self._spent, payer)
        if limit.session is not None and payer.session and spent >= limit.session:
            raise ModelFailed("this session's budget for the language model is used up")
        if limit.day is not None and today >= limit.day:
            raise ModelFailed("today's budget for the language model is used up")

    def count(self, payer: Payer, receipt: Receipt) -> None:
        """Writes it down on a thread; a failure to do so is logged and costs nobody a turn."""
        if not receipt.tokens_in and not receipt.tokens_out:
            return
        day = self._clock().date()
        spent = Spent(payer.tenant, day, payer.session, receipt.tokens_in, receipt.tokens_out)
        task = asyncio.get_running_loop().create_task(self._write(spent))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def settle(self) -> None:
        """Waits until all is written down."""
        if self._writing:
            await asyncio.wait(tuple(self._writing))

    async def _write(self, spent: Spent) -> None:
        try:
            await asyncio.to_thread(self._spending.spend, spent)
        except Exception:
            log.exception("what a model's answer cost could not be written down")

    def _spent(self, payer: Payer) -> tuple[int, int]:
        tenant, session = payer.tenant, payer.session
        of_session = self._spending.spent_in(tenant, session) if session else 0
        return of_session, self._spending.spent_on(tenant, self._clock().date())


@dataclass(frozen=True)
class _Account:
    purse: Purse
    payer: Payer

    async def check(self) -> None:
        await self.purse.check(self.payer)

    def count(self, receipt: Receipt) -> None:
        self.purse.count(self.payer, receipt)


def _metered(model: Model | None, account: _Account, job: Job) -> MeteredModel | None:
    return MeteredModel(model, account, job) if model else None


@dataclass(frozen=True)
class MeteredModel:
    """Implements ``ports.Model`` over another one."""

    model: Model
    account: _Account
    job: Job

    @property
    def name(self) -> str:
        return self.model.name

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        await self.account.check()
        receipt = receipt or Receipt()
        try:
            async with aclosing(self.model.stream(prompt, variables, receipt)) as words:
                async for word in words:
                    yield word
        finally:
            self._count(receipt)

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        await self.account.check()
        receipt = receipt or Receipt()
        try:
            return await self.model.structured(prompt, variables, schema, receipt)
        finally:
            self._count(receipt)

    def condition(self) -> str:
        return self.model.condition()

    def _count(self, receipt: Receipt) -> None:
        telemetry.model_call(receipt, self.job.value)
        self.account.count(receipt)
