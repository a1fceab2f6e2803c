"""Suggested replies, from the evidence alone or worded by a model that code then checks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.errors import ModelFailed
from coach.suggestion import Advice, Situation
from coach.suggestion.asked import Asked
from coach.suggestion.drafting import drafted

if TYPE_CHECKING:
    from coach.claims.checker import ClaimChecker
    from coach.ports import Model
    from coach.suggestion.advisor import Advisor


class Counsel:
    """Advice on a customer's words; what a model can't give comes from the embedded engine."""

    def __init__(
        self, advisor: Advisor, checker: ClaimChecker, vendor: str, model: Model | None
    ) -> None:
        self._advisor, self._checker = advisor, checker
        self._vendor, self._model = vendor, model

    async def on(
        self,
        objection: str,
        situation: Situation,
        count: int = 3,
        kind: str | None = None,
        wanted: Sequence[str] = (),
        places: Sequence[str] = (),
        listener: str | None = None,
    ) -> Advice:
        """``kind``, ``wanted`` and ``places`` as in ``Advisor.hear``, ``listener`` as in
        ``drafted``."""
        asked = await self.hear(objection, situation, kind, wanted, places)
        return await self.answer(asked, situation, count, listener)

    async def hear(
        self,
        objection: str,
        situation: Situation,
        kind: str | None = None,
        wanted: Sequence[str] = (),
        places: Sequence[str] = (),
    ) -> Asked:
        """Which objection it is: known long before there is an answer."""
        return await asyncio.to_thread(
            self._advisor.hear, objection, situation, kind, wanted, places
        )

    async def answer(
        self, asked: Asked, situation: Situation, count: int, listener: str | None = None
    ) -> Advice:
        advice = await asyncio.to_thread(self._advisor.answered, asked, count)
        if self._model is None or not advice.objection.answerable:
            return advice
        try:
            return await drafted(
                self._model,
                self._vendor,
                asked.text,
                situation,
                advice,
                count,
                lambda text: self._checker.check(text, asked.text, listener is not None),
                listener,
            )
        except ModelFailed as error:
            note = f"{error.message}; these suggestions are from the embedded engine."
            return replace(advice, note=note)
