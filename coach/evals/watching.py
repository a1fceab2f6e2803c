"""A model that is held to cases: what each case cost is counted, and no order helps it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from coach.models import Receipt

if TYPE_CHECKING:
    from coach.ports import Model

#: The receipts of the case at hand; its tasks and threads inherit it.
receipts: ContextVar[list[Receipt] | None] = ContextVar("receipts", default=None)
SHUFFLED = ("passages", "rubric")


@dataclass(frozen=True)
class WatchedModel:
    """Implements ``ports.Model`` over another one.

    A model that always picks the first two sources, or says yes to the first checks, would look
    right where the best come first: so what it may choose from is shuffled, each case its own way.
    """

    model: Model

    @property
    def name(self) -> str:
        return self.model.name

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        receipt = _kept(receipt)
        async with aclosing(self.model.stream(prompt, variables, receipt)) as words:
            async for word in words:
                yield word

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        return await self.model.structured(prompt, shuffled(variables), schema, _kept(receipt))

    def condition(self) -> str:
        return self.model.condition()


def _kept(receipt: Receipt | None) -> Receipt:
    receipt, found = receipt or Receipt(), receipts.get()
    if found is not None:
        found.append(receipt)
    return receipt


def shuffled(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The same things in an order that hangs on them alone: run again, it is the same."""
    given = dict(variables)
    for name in SHUFFLED:
        if name in given:
            order = sorted(given[name], key=str)
            Random(str(order)).shuffle(order)  # noqa: S311  # no secret
            given[name] = order
    return given
