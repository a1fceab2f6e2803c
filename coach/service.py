"""The verbs that every door calls. Doors render; nothing is decided here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from coach.assessment import EMBEDDED
from coach.authoring.desk import Desk
from coach.authoring.drafter import Drafter
from coach.authoring.proving import Prover
from coach.authoring.shelf import Shelf
from coach.calibration.kit import Kit
from coach.claims import Claim, ClaimChecker
from coach.counsel import Counsel
from coach.debrief import Debrief
from coach.debrief.making import Debriefer
from coach.debrief.turning import WhatIf
from coach.diagnosis.desk import Diagnoses
from coach.errors import Conflict
from coach.events import TurnEvent
from coach.evidence_verbs import EvidenceVerbs
from coach.gaps.book import GapBook
from coach.gaps.counting import GapCounter
from coach.governance import Governance
from coach.health import Health, health_of
from coach.live import LiveAssist
from coach.once import Once
from coach.overruling.referee import Referee
from coach.perception import Perceiver
from coach.practice.hinting import Hint, HintGiver
from coach.practice.opening import Wish, opened
from coach.practice.running import RECENT, RunningTurns
from coach.progress.book import ProgressBook
from coach.rewinding.desk import Rewinding
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import ScenarioBook
from coach.sent_text import checked_text
from coach.session import LOCAL, Caller, Engine, Session, Status
from coach.suggestion import Advice, Situation
from coach.suggestion.advisor import Advisor
from coach.team import Team, TeamStores
from coach.turn import TurnTaker
from coach.warming import Warmer

if TYPE_CHECKING:
    from coach.answers.answer import SharedAnswer
    from coach.library import Library
    from coach.ports import Clock, Embedder, Model, Retriever, Store

T = TypeVar("T")


class CoachService(EvidenceVerbs):
    """Scenarios, sessions, turns, suggestions and evidence for one installation."""

    def __init__(
        self,
        *,
        scenarios: ScenarioBook,
        store: Store,
        retriever: Retriever,
        embedder: Embedder,
        clock: Clock,
        model: Model | None = None,
        library: Library | None = None,
        team: TeamStores | None = None,
    ) -> None:
        self.library = library  # without one the evidence can only be read
        self._store, self._retriever = store, retriever
        self.shelf = Shelf(scenarios, store, clock)
        self._clock, self._model = clock, model
        vendor = scenarios.all()[0].vendor
        perceiver = Perceiver(embedder)
        checker = ClaimChecker(retriever, embedder, clock, vendor)
        self._checker = checker
        self._warmer = Warmer(perceiver, self.shelf.book.all)
        self._advisor = Advisor(retriever, embedder, clock, vendor)
        # without its stores there are no goals, shared answers, exports and webhooks
        self.team = Team(team, store, self.shelf, checker, embedder, clock) if team else None
        prover = Prover(retriever, perceiver, vendor)
        drafter = Drafter(retriever, clock, vendor, model)
        self.desk = Desk(self.shelf, prover, drafter, self._warmer.prepare)
        self._governance = Governance(retriever, self.shelf.all, clock, self._advisor)
        self.gaps = GapBook(GapCounter(self._advisor, embedder, scenarios.all(), clock), store)
        what_if = WhatIf(perceiver, checker, self._advisor)
        self._debriefer = Debriefer(what_if, retriever, clock)
        self._counsel = Counsel(self._advisor, checker, vendor, model)
        self.live = LiveAssist(self._counsel, self.gaps)
        self.progress = ProgressBook(store, self.shelf, clock)
        self.calibration = Kit(store, self.shelf, clock)
        self.referee = Referee(store, clock, self._debriefed)
        answers = self.team.answers if self.team else None
        self._hints = HintGiver(store, self.shelf, self._counsel, self.gaps, self.progress, answers)
        taker = TurnTaker(perceiver, checker, store, clock, model)
        self._turns = RunningTurns(taker, self.gaps.met_in_practice)
        name = model.name if model else EMBEDDED
        self.engine = Engine(voice=name, judge=name, embedding=embedder.name)
        self.rewinding = Rewinding(store, self.shelf, self.engine, clock, self._warmer.prepare)
        self.diagnoses = Diagnoses(store, self.shelf, embedder)
        self.once = Once(store, clock)

    def warm(self) -> bool:
        """Loads what the first turn would have to wait for; call it on a thread.

        False when the service was closed meanwhile.
        """
        claims = partial(self._checker.warm, lambda: not self._warmer.closing)
        if not self._warmer.warm(claims, self._advisor.warm):
            return False
        self._governance.check(LOCAL.tenant)
        self.diagnoses.warm()
        return True

    # --- scenarios ---

    async def scenarios(self, caller: Caller, kind: str | None = None) -> list[Scenario]:
        return await self._thread(self.shelf.all, caller.tenant, kind)

    async def scenario(
        self, caller: Caller, scenario_id: str, version: int | None = None
    ) -> Scenario:
        """The present one, or that ``version``."""
        return await self._thread(self.shelf.get, caller.tenant, scenario_id, version)

    async def scenario_of(self, session: Session) -> Scenario:
        """What the session is or was played with, whatever became of it since."""
        return await self._thread(self.shelf.played, session)

    # --- sessions ---

    async def start(
        self,
        caller: Caller,
        scenario: str,
        *,
        difficulty: Difficulty | None = None,
        persona: str | None = None,
        seed: int | None = None,
    ) -> Session:
        """A new session with the buyer's opening as turn 0; the same seed gives the same buyer.

        ``persona`` may be one of another scenario, where this one takes guests.
        """
        chosen = await self.scenario(caller, scenario)
        if persona is not None:
            chosen = await self._thread(self.shelf.cast, caller.tenant, chosen, persona)
        return await self.play(caller, chosen, difficulty=difficulty, persona=persona, seed=seed)

    async def play(
        self,
        caller: Caller,
        chosen: Scenario,
        *,
        difficulty: Difficulty | None = None,
        persona: str | None = None,
        seed: int | None = None,
    ) -> Session:
        """A new session with a scenario that need not be stored."""
        wish = Wish(difficulty, persona, seed)
        session = opened(caller, chosen, wish, self.engine, self._clock())
        await self._thread(self.shelf.keep, caller.tenant, chosen)
        await self._thread(self._store.create, session)
        self._warmer.prepare(chosen)
        self.gaps.met_in_practice(caller, session, chosen, session.turns[0])
        return session

    async def session(self, caller: Caller, session_id: str) -> Session:
        return await self._thread(self._store.load, caller, session_id)

    async def sessions(
        self, caller: Caller, limit: int = 50, cursor: str | None = None
    ) -> tuple[list[Session], str | None]:
        return await self._thread(self._store.sessions, caller, limit, cursor)

    async def delete(self, caller: Caller, session_id: str) -> None:
        await self._thread(self._store.delete, caller, session_id)

    # --- turns ---

    async def take_turn(
        self, caller: Caller, session_id: str, text: str
    ) -> AsyncIterator[TurnEvent]:
        """Checks text and session (raising BadInput, NotFound, Conflict), then returns the events.

        The turn runs to its end even if nobody reads the events.
        """
        text = checked_text(text)
        session = await self._thread(self._store.load, caller, session_id, RECENT)
        scenario = await self.scenario_of(session)
        return self._turns.begin(caller, session, scenario, text)

    async def hint(self, caller: Caller, session_id: str, level: int | None = None) -> Hint:
        """Without a level, one more than the last hint at this turn."""
        return await self._hints.give(caller, session_id, level)

    async def end(self, caller: Caller, session_id: str) -> Debrief:
        """Ends the session if it still runs; asking again gives the same debrief."""
        await self._turns.settle(session_id)
        session = await self.session(caller, session_id)
        if session.debrief is not None:
            return Debrief.from_record(session.debrief)
        return await self._debriefed(caller, session)

    async def _debriefed(self, caller: Caller, session: Session) -> Debrief:
        """Made anew from the verdicts that count, and stored."""
        status = Status.ENDED if session.status is Status.ACTIVE else session.status
        scenario = await self.scenario_of(session)
        corrected = await self.referee.corrections(caller, session.id)
        debrief = await self._thread(self._debriefer.make, session, scenario, status, corrected)
        await self._thread(self._store.finish, caller, session.id, status, debrief.as_record())
        return debrief

    async def debrief(self, caller: Caller, session_id: str) -> Debrief:
        """Conflict while the session is active."""
        session = await self._thread(self._store.load, caller, session_id, 1)
        if session.status is Status.ACTIVE:
            raise Conflict("the session still runs; end it first, then it is debriefed")
        return await self.end(caller, session_id)

    # --- without a session ---

    async def suggest(
        self,
        caller: Caller,
        objection: str,
        situation: Situation | None = None,
        count: int = 3,
        draft: str | None = None,
    ) -> Advice:
        """Suggested replies to a customer's words; what they lack is counted.

        ``draft`` names a page on which the words may still be typed.
        """
        heard = await self.live.hear(caller, objection, situation, count, draft)
        return await heard.answer()

    async def shared_answers(
        self, caller: Caller, objection: str, kind: str | None
    ) -> tuple[SharedAnswer, ...]:
        """What colleagues answered to such an objection; ``kind`` is its type, None if unsure."""
        return await self.team.answers.fitting(caller, objection, kind) if self.team else ()

    async def check_claims(self, text: str) -> Sequence[Claim]:
        return await self._thread(self._checker.check, checked_text(text))

    async def _thread(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.to_thread(work, *args)

    # --- the house itself ---

    async def health(self) -> Health:
        return await health_of(self._store, self._retriever, self._model)

    async def close(self) -> None:
        """Waits for running turns, and until what they met is counted; leaves a running import to
        the next start."""
        self._warmer.closing = True
        for room in (self.library, self.team):
            if room:
                await room.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finished(), 8)

    async def _finished(self) -> None:
        await self._turns.settle_all()
        await self._warmer.settle()
        await self.gaps.settle()
