"""Suggested replies, from the evidence alone or worded by a model that code then checks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach import telemetry
from coach.errors import ModelFailed
from coach.models import Receipt
from coach.suggestion import Advice, Situation
from coach.suggestion.asked import Asked
from coach.suggestion.drafting import drafted

if TYPE_CHECKING:
    from coach.budget import Payer
    from coach.budget.purse import Purse
    from coach.claims.checker import ClaimChecker
    from coach.suggestion.advisor import Advisor


class Counsel:
    """Advice on a customer's words; what a model can't give comes from the embedded engine."""

    def __init__(self, advisor: Advisor, checker: ClaimChecker, vendor: str, purse: Purse) -> None:
        self._advisor, self._checker = advisor, checker
        self._vendor, self._purse = vendor, purse

    async def on(
        self,
        payer: Payer,
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
        return await self.answer(payer, asked, situation, count, listener)

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
        self,
        payer: Payer,
        asked: Asked,
        situation: Situation,
        count: int,
        listener: str | None = None,
    ) -> Advice:
        model = self._purse.open(payer).suggest
        advice = await asyncio.to_thread(self._advisor.answered, asked, count)
        if model is None or not advice.objection.answerable:
            return advice
        receipt = Receipt()
        try:
            made = await drafted(
                model,
                self._vendor,
                asked.text,
                situation,
                advice,
                count,
                lambda text: self._checker.check(text, asked.text, listener is not None),
                listener,
                receipt=receipt,
            )
            return replace(made, receipt=receipt)
        except ModelFailed as error:
            telemetry.counted("coach.model.fallbacks", job="suggest", reason="failed")
            note = f"{error.message}; these suggestions are from the embedded engine."
            return replace(advice, note=note, receipt=receipt)
