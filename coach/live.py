"""Help in the middle of a real call: what was just objected, at once, and then what to say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.budget import Payer
from coach.sent_text import checked_text
from coach.suggestion import Advice, Situation
from coach.suggestion.objections import ObjectionGuess

if TYPE_CHECKING:
    from coach.counsel import Counsel
    from coach.gaps.book import GapBook
    from coach.session import Caller


@dataclass(frozen=True)
class Heard:
    """What was recognised; ``answer`` gives the advice and counts once what it lacks."""

    objection: ObjectionGuess
    answer: Callable[[], Awaitable[Advice]]


class LiveAssist:
    """Suggestions without a session. What they lack is counted beside them."""

    def __init__(self, counsel: Counsel, gaps: GapBook) -> None:
        self._counsel, self._gaps = counsel, gaps

    async def hear(
        self,
        caller: Caller,
        objection: str,
        situation: Situation | None = None,
        count: int = 3,
        draft: str | None = None,
    ) -> Heard:
        """``draft`` names a page on which the words may still be typed. BadInput for no words."""
        text = checked_text(objection, "objection")
        about = situation or Situation()
        asked = await self._counsel.hear(text, about)

        async def answer() -> Advice:
            advice = await self._counsel.answer(Payer(caller.tenant), asked, about, count)
            self._gaps.met_live(caller, text, advice, draft)
            return advice

        return Heard(asked.guess, answer)
