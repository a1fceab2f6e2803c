"""One question to a model: its tries, its patience and its receipt. All retrying is done here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from random import uniform
from typing import Any

from coach.llm.faults import fault_of
from coach.models import Receipt
from prompts import render

TRIES = 3
PAUSE = 0.3  # seconds before the second try, twice that before the third; more or less by half
CHARACTERS_A_TOKEN = 4  # for a guess where the server counts none
TURNS_KEPT = 3  # of a conversation that was too long


class Question:
    """Renders the prompt, and decides what follows a failure.

    ``patience`` are the seconds that the server may keep us waiting in all, pauses included; a
    slow reader of a stream doesn't use them up.
    """

    def __init__(
        self, prompt: str, variables: Mapping[str, Any], patience: float, receipt: Receipt
    ) -> None:
        self.prompt, self.variables, self.receipt = prompt, variables, receipt
        self._timeout = self._left = patience
        self._heard = self._counted = False
        self._said = 0  # characters of this try
        self._render()

    def _render(self) -> None:
        rendered = render(self.prompt, **self.variables)
        self.system, self.user = rendered.system, rendered.user
        self.receipt.prompt, self.receipt.template_hash = rendered.name, rendered.hash

    async def next_of(self, words: AsyncIterator[str]) -> str | None:
        """The next words of a stream; None at its end."""
        since = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                word = await anext(words, None)
        finally:
            self._waited(since)
        if word is not None:
            if self.receipt.first_token_seconds is None:
                self.receipt.first_token_seconds = self.receipt.seconds
            self._heard = True
            self._said += len(word)
        return word

    @contextmanager
    def one_try(self) -> Iterator[None]:
        """Around each try, so that it is counted and paid for."""
        self.receipt.tries += 1
        self._said, self._counted = 0, False
        try:
            yield
        finally:
            self._guess()

    async def waiting(self, answer: Any) -> Any:
        """The result of an awaitable that isn't a stream."""
        since = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                return await answer
        finally:
            self._waited(since)

    def used(self, tokens_in: int, tokens_out: int) -> None:
        """The server's own count for this try."""
        self.receipt.tokens_in += tokens_in
        self.receipt.tokens_out += tokens_out
        self._counted = True

    async def again_or_fail(self, error: Exception) -> None:
        """Returns when it is worth another try now; else raises ModelFailed."""
        fault = fault_of(error, self._timeout)
        if fault.too_long and self._shortened():
            return
        tries = self.receipt.tries
        pause = PAUSE * 2 ** (tries - 1) * uniform(0.5, 1.5)  # noqa: S311  # spreads, hides nothing
        pause = max(pause, fault.pause or 0.0)
        if self._heard or not fault.again or tries >= TRIES or pause >= self._left:
            self.receipt.failure = fault.reason
            raise fault.as_error() from error
        await self.waiting(asyncio.sleep(pause))

    def _shortened(self) -> bool:
        """Forgets the older part of the conversation, once; False where there is none to forget."""
        history = self.variables.get("history")
        if not isinstance(history, list) or len(history) <= TURNS_KEPT:
            return False
        self.variables = {**self.variables, "history": history[-TURNS_KEPT:]}
        self._render()
        return True

    def _waited(self, since: float) -> None:
        seconds = time.monotonic() - since
        self._left -= seconds
        self.receipt.seconds += seconds

    def _guess(self) -> None:
        """What was said is paid for, also when the server's count didn't come any more."""
        if self._said and not self._counted:
            told = len(self.system) + len(self.user)
            self.used(told // CHARACTERS_A_TOKEN, -(-self._said // CHARACTERS_A_TOKEN))
            self.receipt.estimated = True
