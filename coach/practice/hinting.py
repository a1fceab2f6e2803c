"""Hints in the middle of a session: which step of the ladder, and what stands on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.budget import Payer
from coach.errors import Conflict
from coach.hints import HIGHEST, Pointer, at_stake, hint_text, pointer, situation_in, wanted_now
from coach.practice.ladder import step
from coach.practice.running import RECENT
from coach.session import Caller, HintUse, Session, Status
from coach.suggestion import Suggestion

if TYPE_CHECKING:
    from coach.answers.answer import SharedAnswer
    from coach.answers.desk import AnswerDesk
    from coach.authoring.shelf import Shelf
    from coach.counsel import Counsel
    from coach.gaps.book import GapBook
    from coach.ports import Store
    from coach.progress import Level
    from coach.progress.book import ProgressBook
    from coach.scenario import Scenario


@dataclass(frozen=True)
class Hint:
    """Level 1 a question to think about, 2 the move to make, 3 full suggestions and what colleagues
    shared."""

    level: int
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    shared: tuple[SharedAnswer, ...] = ()


class HintGiver:
    """Gives hints and keeps that they were given; what full suggestions lack is counted."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        counsel: Counsel,
        gaps: GapBook,
        progress: ProgressBook,
        answers: AnswerDesk | None = None,
    ) -> None:
        self._store, self._shelf, self._counsel, self._gaps = store, shelf, counsel, gaps
        self._progress, self._answers = progress, answers

    async def give(self, caller: Caller, session_id: str, asked: int | None = None) -> Hint:
        """The step that was asked for, else the next one; how well the rep does lately with what
        is at stake may change it (see ``ladder``), which the text then says."""
        session = await asyncio.to_thread(self._store.load, caller, session_id, RECENT)
        given = _given(session)
        scenario = await asyncio.to_thread(self._shelf.played, session)
        now = pointer(scenario, session.state)
        level, told = step(asked, given, await self._standing(caller, scenario, now))
        suggestions: tuple[Suggestion, ...] = ()
        shared: tuple[SharedAnswer, ...] = ()
        if level == HIGHEST:
            suggestions = await self._suggestions(caller, session, scenario)
            shared = await self._shared(caller, session, scenario)
        text = " ".join(filter(None, (told, hint_text(now, level))))
        words = tuple(suggestion.text for suggestion in suggestions)
        used = HintUse(session.turn_count - 1, level, text, words)
        await asyncio.to_thread(self._store.add_hint, caller, session_id, used)
        return Hint(level, text, suggestions, shared)

    async def _standing(self, caller: Caller, scenario: Scenario, now: Pointer) -> Level | None:
        item = at_stake(scenario, now)
        mastery = await self._progress.mastery(caller, item.id) if item else None
        return mastery.level if mastery else None

    async def _suggestions(
        self, caller: Caller, session: Session, scenario: Scenario
    ) -> tuple[Suggestion, ...]:
        who = scenario.persona(session.persona)
        advice = await self._counsel.on(
            Payer(caller.tenant, session.id),
            session.turns[-1].text,
            situation_in(scenario, who),
            kind=scenario.objection,
            wanted=wanted_now(scenario, session.state),
            places=scenario.places,
            listener=who.role if scenario.kind == "strategic" else None,
        )
        self._gaps.met_in_hint(caller, session, advice)
        return advice.suggestions

    async def _shared(
        self, caller: Caller, session: Session, scenario: Scenario
    ) -> tuple[SharedAnswer, ...]:
        if self._answers is None:
            return ()
        words = session.turns[-1].text
        return await self._answers.fitting(caller, words, scenario.objection)


def _given(session: Session) -> int:
    """The highest step taken at this turn."""
    if session.status is not Status.ACTIVE:
        raise Conflict("the session has ended; its debrief says more than a hint could")
    return max((h.level for h in session.hints if h.turn == session.turn_count - 1), default=0)
