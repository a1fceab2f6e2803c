"""The verbs that every door calls. Doors render; nothing is decided there."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from coach.assessment import EMBEDDED
from coach.authoring.desk import Desk
from coach.authoring.drafter import Drafter
from coach.authoring.proving import Prover
from coach.authoring.shelf import Shelf
from coach.buyer import Next, opening_state
from coach.claims import Claim, ClaimChecker
from coach.debrief import Debrief, debrief_of
from coach.errors import BadInput, CoachError, Conflict, ModelFailed, NotFound, Unavailable
from coach.events import TurnCompleted, TurnEvent, TurnFailed
from coach.finding import Finder, Found
from coach.gaps.book import GapBook
from coach.gaps.counting import GapCounter
from coach.governance import Governance, Inspection
from coach.hints import HIGHEST, hint_text, situation_in, wanted_now
from coach.perception import Perceiver
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import ScenarioBook
from coach.session import Caller, Engine, HintUse, Session, Speaker, Status, Turn
from coach.suggestion import Advice, Situation, Suggestion
from coach.suggestion.advisor import Advisor
from coach.suggestion.drafting import drafted
from coach.team import Team, TeamStores
from coach.turn import TurnTaker
from coach.voice import Moment, compose
from knowledge.checking.compare import Comparison
from knowledge.evidence import Evidence, Filters, Peer

if TYPE_CHECKING:
    from coach.answers.answer import SharedAnswer
    from coach.library import Library
    from coach.ports import Clock, Embedder, Model, Retriever, Store

log = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_TEXT = 8000  # characters
RECENT = 12  # turns loaded to take the next one


@dataclass(frozen=True)
class Hint:
    """Level 1 a question to think about, 2 the move to make, 3 full suggestions and what colleagues
    shared."""

    level: int
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    shared: tuple[SharedAnswer, ...] = ()


@dataclass(frozen=True)
class Health:
    """Each part is "ok" or a short reason why not; ``ready`` is True when turns can be served."""

    ready: bool
    store: str
    index: str
    embedding: str
    model: str


def checked_text(text: str, what: str = "text") -> str:
    """Text a person sent, stripped; BadInput when empty, too long or not text at all."""
    if "\x00" in text or any("\ud800" <= ch <= "\udfff" for ch in text):
        raise BadInput(f"{what} holds characters that aren't text; send plain Unicode text")
    text = text.strip()
    if not text:
        raise BadInput(f"{what} is empty; write what you would say")
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"{what} has {len(text):,} characters; {LONGEST_TEXT:,} is the most")
    return text


class CoachService:
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
        self._perceiver, self._checker = perceiver, checker
        self._advisor = Advisor(retriever, embedder, clock)
        self._vendor = vendor
        # without its stores there are no goals, shared answers, exports and webhooks
        self.team = Team(team, store, self.shelf, checker, embedder, clock) if team else None
        prover = Prover(retriever, perceiver, vendor)
        drafter = Drafter(retriever, clock, vendor, model)
        self.desk = Desk(self.shelf, prover, drafter, self._prepare)
        self._governance = Governance(retriever, scenarios.all(), clock, self._advisor)
        self.gaps = GapBook(GapCounter(self._advisor, embedder, scenarios.all(), clock), store)
        self._turns = TurnTaker(perceiver, checker, store, clock, model)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._preparing: set[asyncio.Task[None]] = set()
        self._closing = False
        name = model.name if model else EMBEDDED
        self.engine = Engine(voice=name, judge=name, embedding=embedder.name)

    def warm(self) -> bool:
        """Loads what the first turn would have to wait for; call it on a thread.

        False when the service was closed meanwhile.
        """
        steps: list[Callable[[], object]] = [
            partial(self._checker.warm, lambda: not self._closing),
            self._advisor.warm,
            *(partial(self._perceiver.warm, scenario) for scenario in self.shelf.book.all()),
            self._governance.check,
        ]
        for step in steps:
            if self._closing:
                return False
            step()
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
        seed = secrets.randbelow(2**31) if seed is None else seed
        who = chosen.persona(persona or Random(seed).choice(chosen.personas).id)  # noqa: S311
        difficulty = difficulty or chosen.difficulty
        state = opening_state(chosen, who, difficulty, seed)
        words = compose(Moment(chosen, who, state, Next(Act.OPEN, "opens"), seed))
        state = replace(state, used=words.lines)
        opening = Turn(
            0,
            Speaker.BUYER,
            words.text,
            self._clock(),
            act=Act.OPEN.value,
            reason="opens",
            state=state,
        )
        session = Session(
            id=uuid4().hex,
            owner=caller,
            scenario=chosen.id,
            scenario_version=chosen.version,
            persona=who.id,
            difficulty=difficulty,
            seed=seed,
            status=Status.ACTIVE,
            engine=self.engine,
            created_at=self._clock(),
            state=state,
            turns=(opening,),
            turn_count=1,
            scenario_fingerprint=chosen.fingerprint,
        )
        await asyncio.to_thread(self.shelf.keep, caller.tenant, chosen)
        await asyncio.to_thread(self._store.create, session)
        self._prepare(chosen)
        self.gaps.met_in_practice(caller, session, chosen, opening)
        return session

    def _prepare(self, scenario: Scenario) -> None:
        """Gets the scenario ready while the rep reads the opening."""
        task = asyncio.create_task(asyncio.to_thread(self._perceiver.warm, scenario))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def session(self, caller: Caller, session_id: str) -> Session:
        return await asyncio.to_thread(self._store.load, caller, session_id)

    async def sessions(
        self, caller: Caller, limit: int = 50, cursor: str | None = None
    ) -> tuple[list[Session], str | None]:
        return await asyncio.to_thread(self._store.sessions, caller, limit, cursor)

    async def delete(self, caller: Caller, session_id: str) -> None:
        await asyncio.to_thread(self._store.delete, caller, session_id)

    # --- turns ---

    async def take_turn(
        self, caller: Caller, session_id: str, text: str
    ) -> AsyncIterator[TurnEvent]:
        """Checks text and session (raising BadInput, NotFound, Conflict), then returns the events.

        The turn runs to its end even if nobody reads the events.
        """
        text = checked_text(text)
        session = await asyncio.to_thread(self._store.load, caller, session_id, RECENT)
        scenario = await self.scenario_of(session)
        if session.status is not Status.ACTIVE:
            raise Conflict(
                f"the session has ended ({session.status.value}); read its debrief or start anew"
            )
        if session_id in self._running:
            raise Conflict("another turn of this session is still running; wait for its reply")
        queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
        task = asyncio.create_task(self._run(caller, session, scenario, text, queue))
        self._running[session_id] = task
        task.add_done_callback(lambda _: self._running.pop(session_id, None))
        return _drained(queue)

    async def _run(
        self,
        caller: Caller,
        session: Session,
        scenario: Scenario,
        text: str,
        queue: asyncio.Queue[TurnEvent | None],
    ) -> None:
        try:
            async for event in self._turns.take(caller, session, scenario, text):
                queue.put_nowait(event)
                if isinstance(event, TurnCompleted):
                    self.gaps.met_in_practice(caller, session, scenario, event.exchange.buyer)
        except CoachError as error:
            queue.put_nowait(TurnFailed(error))
        except Exception:
            log.exception("turn of session %s failed", session.id)
            queue.put_nowait(
                TurnFailed(Unavailable("the turn failed and was not stored; send it again"))
            )
        finally:
            queue.put_nowait(None)

    async def hint(self, caller: Caller, session_id: str, level: int | None = None) -> Hint:
        """Without a level, one more than the last hint at this turn."""
        session = await asyncio.to_thread(self._store.load, caller, session_id, RECENT)
        if session.status is not Status.ACTIVE:
            raise Conflict("the session has ended; its debrief says more than a hint could")
        now = session.turn_count - 1
        given = max((h.level for h in session.hints if h.turn == now), default=0)
        level = level or min(HIGHEST, given + 1)
        if not 1 <= level <= HIGHEST:
            raise BadInput(f"there are hints of level 1 to {HIGHEST}, not {level}")
        scenario = await self.scenario_of(session)
        suggestions: tuple[Suggestion, ...] = ()
        shared: tuple[SharedAnswer, ...] = ()
        if level == HIGHEST:
            who = scenario.persona(session.persona)
            advice = await self._advise(
                session.turns[-1].text,
                situation_in(scenario, who),
                kind=scenario.objection,
                wanted=wanted_now(scenario, session.state),
                places=scenario.places,
                listener=who.role if scenario.kind == "strategic" else None,
            )
            self.gaps.met_in_hint(caller, session, advice)
            suggestions = advice.suggestions
            shared = await self.shared_answers(caller, session.turns[-1].text, scenario.objection)
        text = hint_text(scenario, session.state, level)
        await asyncio.to_thread(self._store.add_hint, caller, session_id, HintUse(now, level, text))
        return Hint(level, text, suggestions, shared)

    async def end(self, caller: Caller, session_id: str) -> Debrief:
        """Ends the session if it still runs; asking again gives the same debrief."""
        if task := self._running.get(session_id):
            await asyncio.wait([task])
        session = await self.session(caller, session_id)
        if session.debrief is not None:
            return Debrief.from_record(session.debrief)
        status = Status.ENDED if session.status is Status.ACTIVE else session.status
        debrief = debrief_of(session, await self.scenario_of(session), status)
        await asyncio.to_thread(self._store.finish, caller, session_id, status, debrief.as_record())
        return debrief

    async def debrief(self, caller: Caller, session_id: str) -> Debrief:
        """Conflict while the session is active."""
        session = await asyncio.to_thread(self._store.load, caller, session_id, 1)
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
        objection = checked_text(objection, "objection")
        advice = await self._advise(objection, situation or Situation(), count)
        self.gaps.met_live(caller, objection, advice, draft)
        return advice

    async def shared_answers(
        self, caller: Caller, objection: str, kind: str | None
    ) -> tuple[SharedAnswer, ...]:
        """What colleagues answered to such an objection; ``kind`` is its type, None if unsure."""
        return await self.team.answers.fitting(caller, objection, kind) if self.team else ()

    async def _advise(
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
        advice = await self._thread(
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

    async def check_claims(self, text: str) -> Sequence[Claim]:
        return await self._thread(self._checker.check, checked_text(text))

    async def search_evidence(
        self,
        query: str | None,
        filters: Filters,
        limit: int,
        near: Peer | None = None,
        cursor: str | None = None,
    ) -> Found:
        """Without a query a listing, of which ``cursor`` gives the next page.

        ``near`` is the customer that references should resemble.
        """
        query = checked_text(query, "q") if query and query.strip() else None
        return await self._thread(Finder(self._retriever).find, query, filters, limit, near, cursor)

    async def evidence_values(self, field: str) -> list[str]:
        """What stands in a field of text, each value once."""
        return await self._thread(self._retriever.values, field)

    async def evidence(self, evidence_id: str) -> Evidence:
        item = await self._thread(self._retriever.get, evidence_id)
        if item is None:
            raise NotFound(f"there is no evidence {evidence_id[:80]!r}")
        return item

    async def compare(self, competitor: str, *, internal: bool = False) -> Comparison:
        """Us against ``competitor``; ``internal`` adds what no customer may see."""
        competitor = checked_text(competitor, "competitor")
        return await self._thread(self._governance.compare, competitor, internal)

    async def inspect_knowledge(self) -> Inspection:
        """What is wrong, ageing or absent in the knowledge base."""
        return await self._thread(self._governance.check)

    async def _thread(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.to_thread(work, *args)

    # --- the house itself ---

    async def health(self) -> Health:
        def store() -> str:
            self._store.ping()
            return "ok"

        def index() -> str:
            found = self._retriever.listing(Filters(), 1, 0)
            return "ok" if found else "empty: run `coach ingest PATH`"

        stored, found = await self._state_of(store), await self._state_of(index)
        embedding = await self._state_of(self._retriever.condition)
        model = self._model.name if self._model else "none: the embedded engine speaks"
        # Without its embedding server the index is still searched, by words.
        return Health(stored == found == "ok", stored, found, embedding, model)

    async def _state_of(self, part: Callable[[], str]) -> str:
        try:
            return await asyncio.to_thread(part)
        except Exception as error:  # noqa: BLE001  # health says what is wrong, and doesn't fall
            log.warning("health: %s", error)
            return f"not available ({type(error).__name__})"

    async def close(self) -> None:
        """Waits for running turns, and until what they met is counted; leaves a running import to
        the next start."""
        self._closing = True
        for room in (self.library, self.team):
            if room:
                await room.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._finished(), 8)

    async def _finished(self) -> None:
        await asyncio.gather(*self._running.values(), *self._preparing, return_exceptions=True)
        await self.gaps.settle()


async def _drained(queue: asyncio.Queue[TurnEvent | None]) -> AsyncIterator[TurnEvent]:
    while (event := await queue.get()) is not None:
        yield event
