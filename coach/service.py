"""The verbs that every door calls. Doors render; nothing is decided here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from coach import telemetry
from coach.assessment import EMBEDDED
from coach.authoring.desk import Desk
from coach.authoring.drafter import Drafter
from coach.authoring.proving import Prover
from coach.authoring.shelf import Shelf
from coach.budget.purse import Purse
from coach.calibration.kit import Kit
from coach.claims import Claim, ClaimChecker
from coach.counsel import Counsel
from coach.debrief import Debrief
from coach.debrief.making import Debriefer
from coach.debrief.preparing import Preparing
from coach.debrief.turning import WhatIf
from coach.diagnosis.desk import Diagnoses
from coach.errors import Conflict, Refused, Unavailable
from coach.events import TurnEvent
from coach.evidence_verbs import EvidenceVerbs
from coach.gaps.book import GapBook
from coach.gaps.counting import GapCounter
from coach.gauges import Gauges
from coach.governance import Governance
from coach.health import Health, health_of
from coach.late_pattern import compile_all
from coach.live import LiveAssist
from coach.messenger.desk import Messenger, MessengerStores
from coach.models import Models
from coach.once import Once
from coach.overruling.referee import Referee
from coach.perception import Perceiver
from coach.practice.allowance import Allowing, Limit
from coach.practice.chatting import Chats
from coach.practice.hinting import Hint, HintGiver
from coach.practice.opening import Wish, opened
from coach.practice.run import Run
from coach.practice.running import RunningTurns
from coach.progress.book import ProgressBook
from coach.progress.team_book import TeamBook
from coach.rewinding.desk import Rewinding
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import ScenarioBook
from coach.sent_text import checked_text
from coach.session import GUEST, LOCAL, Caller, Engine, Session, Status, Turn
from coach.suggestion import Advice, Situation
from coach.suggestion.advisor import Advisor
from coach.team import Team, TeamStores
from coach.tenancy import Neighbours, Place
from coach.turn import TurnTaker
from coach.warming import Warmer
from coach.workshops.desk import Workshops

if TYPE_CHECKING:
    from coach.accounts.book import AccountBook
    from coach.answers.answer import SharedAnswer
    from coach.fidelity.desk import FidelityDesk
    from coach.jobs import Background, Key
    from coach.keeping.keeper import Keeper
    from coach.library import Library
    from coach.ports import Clock, Embedder, Retriever, Store

T = TypeVar("T")

LAST_TURNS = 2.0  # seconds at the end, beside those in which the server waited for its requests


class CoachService(EvidenceVerbs):
    """Scenarios, sessions, turns, suggestions and evidence for one tenant of an installation."""

    accounts: AccountBook | None = None  # without it whoever comes is the one local user
    workshops: Workshops | None = None  # as without the stores of a team
    tenant = LOCAL.tenant
    _neighbours: Neighbours | None = None
    background: Background | None = None
    fidelity: FidelityDesk | None = None
    messenger: Messenger | None = None  # without its stores nobody comes by a messenger

    def __init__(  # noqa: PLR0913  # one for each thing that it stands on
        self,
        *,
        scenarios: ScenarioBook,
        store: Store,
        retriever: Retriever,
        embedder: Embedder,
        clock: Clock,
        models: Models | None = None,
        library: Library | None = None,
        keeper: Keeper | None = None,
        team: TeamStores | None = None,
        limits: Sequence[Limit] = (),
        place: Place | None = None,
        messengers: MessengerStores | None = None,
    ) -> None:
        place = place or Place()
        self.messenger = Messenger(messengers, clock) if messengers else None
        self.accounts = place.accounts
        self.tenant, self._neighbours = place.tenant, place.neighbours
        self.fidelity = place.fidelity
        self.background = place.background  # without one nothing is done beside requests
        self.keeper = keeper  # without one everything is kept
        self.library = library  # without one the evidence can only be read
        self._store, self._retriever = store, retriever
        self.shelf = Shelf(scenarios, store, clock)
        self._clock, self._models = clock, models or Models()
        self.purse = Purse(self._models, store, clock)
        vendor = scenarios.all()[0].vendor
        perceiver = Perceiver(embedder)
        checker = ClaimChecker(retriever, embedder, clock, vendor)
        self._checker = checker
        self._warmer = Warmer(perceiver, self.shelf.book.all)
        self._advisor = Advisor(retriever, embedder, clock, vendor)
        # without its stores there are no goals, shared answers, exports and webhooks
        self.team = Team(team, store, self.shelf, checker, embedder, clock) if team else None
        prover = Prover(retriever, perceiver, vendor)
        drafter = Drafter(retriever, clock, vendor, self.purse)
        self.desk = Desk(self.shelf, prover, drafter, self._warmer.prepare)
        self._governance = Governance(retriever, self.shelf.all, clock, self._advisor)
        self.gaps = GapBook(GapCounter(self._advisor, embedder, scenarios.all(), clock), store)
        self.what_if = WhatIf(perceiver, checker, self._advisor, retriever)
        self._debriefer = Debriefer(self.what_if, retriever, clock)
        self._counsel = Counsel(self._advisor, checker, vendor, self.purse)
        self.live = LiveAssist(self._counsel, self.gaps)
        self.progress = ProgressBook(store, self.shelf, clock)
        self.skills = TeamBook(store, self.shelf, clock)
        self.calibration = Kit(store, self.shelf, clock)
        self.referee = Referee(store, clock, self._debriefed)
        if team and team.workshops:
            self.workshops = Workshops(team.workshops, store, self.shelf, clock, self.play)
        answers = self.team.answers if self.team else None
        self._hints = HintGiver(store, self.shelf, self._counsel, self.gaps, self.progress, answers)
        taker = TurnTaker(perceiver, checker, store, clock, self.purse)
        self.turns = RunningTurns(taker, self._met, store, self.shelf.played, clock)
        self.allowing = Allowing(store, clock, limits)
        self.gauges = Gauges(
            retriever, self.turns, clock, team.tallies if team else None, self._models
        )
        voice, judge = (m.name if m else EMBEDDED for m in (self._models.voice, self._models.judge))
        self.engine = Engine(voice=voice, judge=judge, embedding=embedder.name)
        self.rewinding = Rewinding(store, self.shelf, self.engine, clock, self._warmer.prepare)
        self.diagnoses = Diagnoses(store, self.shelf, embedder)
        self.once = Once(store, clock)
        self.chats = Chats(
            store, clock, self.turns, self.rewinding, self.start, self.hint, self.end
        )

    def warm(self) -> bool:
        """Loads what the first turn would have to wait for; call it on a thread.

        False when the service was closed meanwhile.
        """
        compile_all()
        about = [worry.topic for one in self.shelf.book.all() for worry in one.concerns]
        claims = partial(self._checker.warm, lambda: not self._warmer.closing, about=about)
        if not self._warmer.warm(claims, self._advisor.warm):
            return False
        self._governance.check(self.tenant)
        self.diagnoses.warm()
        self._checker.warm_nets(lambda: not self._warmer.closing)
        return True

    # --- scenarios ---

    async def scenarios(self, caller: Caller, kind: str | None = None) -> list[Scenario]:
        return await self._thread(self.shelf.all, caller.tenant, kind)

    async def scenario(
        self, caller: Caller, scenario_id: str, version: int | None = None
    ) -> Scenario:
        """The present one, or that ``version``."""
        return await self._thread(self.shelf.get, caller.tenant, scenario_id, version)

    async def cast(self, caller: Caller, chosen: Scenario, persona: str) -> Scenario:
        """The scenario as ``persona`` plays it, one of another scenario perhaps."""
        return await self._thread(self.shelf.cast, caller.tenant, chosen, persona)

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
        if GUEST in caller.roles:
            raise Refused("a guest practises in their workshop; begin there")
        chosen = await self.scenario(caller, scenario)
        if persona is not None:
            chosen = await self.cast(caller, chosen, persona)
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
        telemetry.about(session=session.id, user=caller.user)
        return session

    async def session(self, caller: Caller, session_id: str) -> Session:
        """To be read: their own, or of a member of a team that they train."""
        return await self._thread(self._store.look, caller, session_id)

    async def sessions(
        self, caller: Caller, limit: int = 50, cursor: str | None = None
    ) -> tuple[list[Session], str | None]:
        return await self._thread(self._store.sessions, caller, limit, cursor)

    async def delete(self, caller: Caller, session_id: str) -> None:
        await self._thread(self._store.delete, caller, session_id)
        self.turns.gone(session_id)

    # --- turns ---

    async def take_turn(
        self, caller: Caller, session_id: str, text: str
    ) -> AsyncIterator[TurnEvent]:
        """Checks text and session (raising BadInput, NotFound, Conflict), then returns the events.

        The turn runs to its end even if nobody reads the events.
        """
        return (await self.begin_turn(caller, session_id, text)).events()

    async def begin_turn(
        self, caller: Caller, session_id: str, text: str, key: Key | None = None
    ) -> Run:
        """The same, to be followed, and ``key`` kept with it.

        Conflict while the trainer of its workshop is talking.
        """
        if self.workshops:
            await self.workshops.must_go_on(caller, session_id)
        return await self.turns.start(caller, session_id, text, key)

    def _met(self, caller: Caller, session: Session, scenario: Scenario, turn: Turn) -> None:
        """A buyer's turn that was just stored."""
        self.gaps.met_in_practice(caller, session, scenario, turn)
        self.what_if.met(session, scenario, turn)

    async def hint(self, caller: Caller, session_id: str, level: int | None = None) -> Hint:
        """Without a level, one more than the last hint at this turn."""
        return await self._hints.give(caller, session_id, level)

    async def end(self, caller: Caller, session_id: str) -> Debrief:
        """Ends the session if it still runs; asking again gives the same debrief."""
        await self._thread(self._store.load, caller, session_id, 1)  # theirs to end
        await self.turns.settle(caller, session_id)
        return await self._told(caller, session_id)

    async def _told(self, caller: Caller, session_id: str) -> Debrief:
        session = await self.session(caller, session_id)
        if session.debrief is not None:
            return Debrief.from_record(session.debrief)
        return await self._debriefed(caller, session)

    async def _debriefed(self, caller: Caller, session: Session) -> Debrief:
        """Made anew from the verdicts that count, and stored."""
        status = Status.ENDED if session.status is Status.ACTIVE else session.status
        scenario = await self.scenario_of(session)
        now = await self.referee.corrections(caller, session.id)
        made_with = None
        while made_with != now:  # a trainer may overrule a verdict while the debrief is made
            made_with = now
            debrief = await self._thread(self._debriefer.make, session, scenario, status, made_with)
            record = debrief.as_record()
            await self._thread(self._store.finish, session.owner, session.id, status, record)
            now = await self.referee.corrections(caller, session.id)
        return debrief

    async def debrief(self, caller: Caller, session_id: str) -> Debrief:
        """Conflict while the session is active."""
        session = await self._thread(self._store.look, caller, session_id, 1)
        if session.status is Status.ACTIVE:
            raise Conflict("the session still runs; end it first, then it is debriefed")
        await self.turns.settle(session.owner, session_id)
        return await self._told(caller, session_id)

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

    def of(self, tenant: str) -> CoachService:
        """The service of ``tenant``; call it on a thread, as it may have to be opened first."""
        if tenant == self.tenant:
            return self
        if self._neighbours is None:
            raise Unavailable("this coach serves one tenant only")
        return self._neighbours.of(tenant)

    def opened(self, tenant: str) -> CoachService | None:
        """The same if it is open already."""
        if tenant == self.tenant or self._neighbours is None:
            return self.of(tenant)
        return self._neighbours.known(tenant)

    async def health(self) -> Health:
        return await health_of(self._store, self._retriever, self._models)

    def begin(self) -> None:
        """Begins what is done beside requests, for all tenants; needs a running event loop."""
        if self.background is None:
            return
        if self.team:
            self.team.start()
        if self.keeper:
            self.keeper.start(self.background)
        Preparing(self.of, self._awake).start(self.background)
        self.background.start()

    def _awake(self) -> list[CoachService]:
        return [self, *(self._neighbours.awake() if self._neighbours else ())]

    async def close(self) -> None:
        """Waits for running turns, and until what they met is counted; leaves a running import,
        and what takes too long, to the next start."""
        self._warmer.closing = True
        self.what_if.ahead.close()
        others = (self.background, self._neighbours)
        await asyncio.gather(self._ended(), *(room.close() for room in others if room))

    async def _ended(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.turns.settle_all(), LAST_TURNS)
        await self.turns.leave()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._counted(), LAST_TURNS)

    async def _counted(self) -> None:
        await self._warmer.settle()
        await self.gaps.settle()
        await self.purse.settle()
