"""Suggested replies, from the evidence alone or worded by a model that code then checks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.errors import ModelFailed
from coach.suggestion import Advice, Situation
from coach.suggestion.drafting import drafted

if TYPE_CHECKING:
    from coach.ports import Model
    from coach.suggestion.advisor import Advisor


class Counsel:
    """Advice on a customer's words; what a model can't give comes from the embedded engine."""

    def __init__(self, advisor: Advisor, vendor: str, model: Model | None) -> None:
        self._advisor, self._vendor, self._model = advisor, vendor, model

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
        """``kind``, ``wanted`` and ``places`` as in ``Advisor.advise``, ``listener`` as in
        ``drafted``."""
        advice = await asyncio.to_thread(
            self._advisor.advise, objection, situation, count, kind, wanted, places
        )
        if self._model is None or not advice.objection.answerable:
            return advice
        try:
            return await drafted(
                self._model, self._vendor, objection, situation, advice, count, listener
            )
        except ModelFailed as error:
            note = f"{error.message}; these suggestions are from the embedded engine."
            return replace(advice, note=note)
