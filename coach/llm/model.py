"""One language model as the domain asks it: streams of words, and answers of a form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

from coach.errors import ModelFailed
from coach.llm import chain, wire
from coach.llm.asking import Question
from coach.llm.breaker import Breaker
from coach.llm.discovering import shown
from coach.llm.forming import Ways, formed
from coach.llm.opening import Address, Opened, open_model
from coach.models import Receipt


@dataclass
class LanguageModel:
    """Implements ``ports.Model``.

    Retries live in ``Question`` and nowhere else, and there are none once words have come. Every
    question goes through the ``breaker`` of its server.
    """

    name: str
    address: Address
    timeout: float
    breaker: Breaker = field(default_factory=Breaker, repr=False)
    _ways: Ways = field(default_factory=Ways, init=False, repr=False)
    _opened: Opened | None = field(default=None, init=False, repr=False)

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        receipt = self._begun(receipt)
        question = Question(prompt, variables, self.timeout, receipt)
        try:
            with self.breaker.asking():
                async with aclosing(self._words(question)) as words:
                    async for word in words:
                        yield word
        except ModelFailed as error:
            receipt.failure = error.message
            raise

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        receipt = self._begun(receipt)
        question = Question(prompt, variables, self.timeout, receipt)
        try:
            with self.breaker.asking():
                return await formed(await self._open(receipt), question, schema, self._ways)
        except ModelFailed as error:
            receipt.failure = error.message
            raise

    def condition(self) -> str:
        return self.breaker.condition()

    async def warm(self) -> None:
        """Pays for the imports before the first answer must; a failure waits for that answer."""
        with suppress(ModelFailed):
            await self._open(Receipt())

    async def aclose(self) -> None:
        """Closes the connections; the next answer opens new ones."""
        opened, self._opened = self._opened, None
        if opened:
            await opened.aclose()

    async def _words(self, question: Question) -> AsyncGenerator[str, None]:
        """Of the first try that gives any."""
        opened = await self._open(question.receipt)
        while True:
            try:
                with question.one_try():
                    async with aclosing(self._source(opened, question)) as words:
                        while (word := await question.next_of(words)) is not None:
                            yield word
                return
            except Exception as error:  # noqa: BLE001  # each library has its own; all become one
                await question.again_or_fail(error)

    def _source(self, opened: Opened, question: Question) -> AsyncGenerator[str, None]:
        if opened.wire is not None:
            return wire.words_of(opened, question, self.address.temperature)
        return chain.words_of(opened, question)

    def _begun(self, receipt: Receipt | None) -> Receipt:
        receipt = receipt or Receipt()
        receipt.model, receipt.provider = self.name, self.address.provider
        return receipt

    async def _open(self, receipt: Receipt) -> Opened:
        """For this event loop: pooled connections can't move to another one."""
        loop = asyncio.get_running_loop()
        if self._opened is None or self._opened.loop is not loop:
            opened = await asyncio.to_thread(open_model, self.address, self.timeout, loop)
            if self._opened is None or self._opened.loop is not loop:  # nobody was faster
                self._opened = opened
                self.name = shown(opened.model)
        receipt.model = self.name
        return self._opened
