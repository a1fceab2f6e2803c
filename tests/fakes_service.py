"""A small CoachService for testing the doors by themselves: canned, but of the right shapes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from coach.authoring.desk import Desk
from coach.authoring.drafter import Drafter
from coach.authoring.proving import Prover
from coach.authoring.reading import Fault, Reading
from coach.authoring.shelf import Shelf
from coach.buyer import BuyerState
from coach.claims import Claim
from coach.debrief import CheckSummary, Debrief
from coach.errors import BadInput, CoachError, Conflict, NotFound
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
    TurnFailed,
)
from coach.finding import Found
from coach.governance import Inspection, compared
from coach.health import Health
from coach.jobs import Key
from coach.live import Heard, LiveAssist
from coach.once import Once
from coach.practice.accepted import Accepted, UnderWay
from coach.practice.allowance import Allowing
from coach.practice.hinting import Hint
from coach.practice.run import Run, retold
from coach.practice.running import RunningTurns
from coach.progress.book import ProgressBook
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import (
    Caller,
    Engine,
    Exchange,
    HintUse,
    Provenance,
    Session,
    Speaker,
    Status,
    Turn,
)
from coach.suggestion import Advice, Lack, Missing, ObjectionGuess, Situation
from knowledge.checking.check import check
from knowledge.checking.compare import Comparison
from knowledge.evidence import Evidence, Filters, Passage, Peer
from tests.canned import (
    AT,
    FACTS,
    ITEM,
    QUOTE,
    RUMOUR,
    SCENARIO,
    SECRET,
    SPAN,
    SUGGESTION,
    assessment_of,
    claim_of,
)
from tests.fakes import MemoryStore


class NothingToProve(Prover):
    """Without an index and an ear."""

    def __init__(self) -> None:
        """Needs none of the parts."""

    def prove(self, reading: Reading) -> tuple[Fault, ...]:
        return ()


class NothingToDraft(Drafter):
    """Asked for nothing in the tests that stand on a fake."""

    def __init__(self) -> None:
        """Needs none of the parts."""


@dataclass
class FakeLive(LiveAssist):
    """Hears one objection in everything; ``breaks`` is raised once it should answer."""

    service: FakeService
    breaks: Exception | None = None

    async def hear(
        self,
        caller: Caller,
        objection: str,
        situation: Situation | None = None,
        count: int = 3,
        draft: str | None = None,
    ) -> Heard:
        self.service.asked.append((objection, situation, count))
        if self.service.fails:
            raise self.service.fails
        guess = ObjectionGuess("unknown", SCENARIO.id, 0.8)

        async def answer() -> Advice:
            if self.breaks:
                raise self.breaks
            missing = (Missing(Lack.PROOF, "audit"),)
            found = (Passage(ITEM, QUOTE, SPAN, 0.9),)
            return Advice(guess, (SUGGESTION,), found, missing, "e", warning="all from elsewhere")

        return Heard(guess, answer)


class FakeTurns(RunningTurns):
    """Runs what the fake service tells of a turn."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.runs: dict[tuple[str, int], Run] = {}
        self.keys: dict[str, tuple[str, int]] = {}

    async def start(
        self, caller: Caller, session_id: str, said: str, key: Key | None = None
    ) -> Run:
        events = await self.service.take_turn(caller, session_id, said)
        index = self.service.kept[session_id].turn_count
        run = self.runs[session_id, index] = Run(index)
        if key is not None:
            self.keys[key.text] = (key.digest, index)

        async def work() -> None:
            async for event in events:
                run.tell(event)

        run.start(work(), lambda: None)
        return run

    async def begun_by(self, caller: Caller, key: Key) -> int | None:
        digest, index = self.keys.get(key.text, (key.digest, None))
        if digest != key.digest:
            raise BadInput("this key came with something else")
        return index

    async def follow(
        self, caller: Caller, session_id: str, index: int, text: str | None = None
    ) -> AsyncIterator[TurnEvent]:
        session = await self.service.session(caller, session_id)
        run = self.runs.get((session_id, index))
        return run.events() if run else retold(session, index)

    async def waiting(self, caller: Caller, session_id: str) -> Accepted | None:
        return None

    async def under_way_in(
        self, caller: Caller, sessions: Sequence[Session]
    ) -> dict[str, UnderWay]:
        return {}

    async def settle(self, caller: Caller, session_id: str) -> None:
        """Its turns are not kept."""


class FakeService(CoachService):
    """``fails`` is raised by every verb; ``breaks`` happens in the middle of a turn."""

    def __init__(self) -> None:
        self.engine = Engine("embedded", "embedded", "minilm")
        self.kept: dict[str, Session] = {}
        self.fails: Exception | None = None
        self.breaks: Exception | None = None
        self.note = ""
        self.reply = "Who else uses you?"
        self.live = FakeLive(self)
        self.turns = FakeTurns(self)
        self.allowing = Allowing(MemoryStore(), lambda: AT)
        self.once = Once(MemoryStore(), lambda: AT)
        self.ready = True
        self.closed = False
        self.asked: list[object] = []
        self.pause = 0.0
        self.library = self.team = self.keeper = self.workshops = None
        shelf = Shelf(ScenarioBook([SCENARIO]), MemoryStore(), lambda: AT)
        self.progress = ProgressBook(MemoryStore(), shelf, lambda: AT)
        self.desk = Desk(shelf, NothingToProve(), NothingToDraft(), lambda scenario: None)
        self.kept_items: list[Evidence] = [ITEM, RUMOUR]

    def _kept(self, caller: Caller, session_id: str) -> Session:
        if self.fails:
            raise self.fails
        if session_id not in self.kept or self.kept[session_id].owner != caller:
            raise NotFound("there is no such session")
        return self.kept[session_id]

    def warm(self) -> None:
        """Nothing to load."""

    async def scenarios(self, caller: Caller, kind: str | None = None) -> list[Scenario]:
        return [SCENARIO] if kind in (None, SCENARIO.kind) else []

    async def scenario(
        self, caller: Caller, scenario_id: str, version: int | None = None
    ) -> Scenario:
        if scenario_id != SCENARIO.id:
            raise NotFound("there is no such scenario")
        return SCENARIO

    async def scenario_of(self, session: Session) -> Scenario:
        return await self.scenario(session.owner, session.scenario)

    async def start(
        self,
        caller: Caller,
        scenario: str,
        *,
        difficulty: Difficulty | None = None,
        persona: str | None = None,
        seed: int | None = None,
    ) -> Session:
        if self.fails:
            raise self.fails
        chosen = (await self.scenario(caller, scenario)).persona(persona)
        opening = Turn(0, Speaker.BUYER, "Who are you?", AT, act="open", provenance=self._made())
        number = len(self.kept) + 1
        made = Session(
            id=f"s{number}",
            owner=caller,
            scenario=scenario,
            scenario_version=1,
            persona=chosen.id,
            difficulty=difficulty or Difficulty.NORMAL,
            seed=7 if seed is None else seed,
            status=Status.ACTIVE,
            engine=self.engine,
            created_at=AT + timedelta(seconds=number),
            state=BuyerState(50, 50, 50, {}, "references"),
            turns=(opening,),
            turn_count=1,
        )
        self.kept[made.id] = made
        return made

    def _made(self) -> Provenance:
        return Provenance("embedded", "embedded", note=self.note)

    async def session(self, caller: Caller, session_id: str) -> Session:
        return self._kept(caller, session_id)

    async def sessions(
        self, caller: Caller, limit: int = 50, cursor: str | None = None
    ) -> tuple[list[Session], str | None]:
        newest = [replace(s, turns=()) for s in reversed(self.kept.values())]
        start = int(cursor or 0)
        more = str(start + limit) if len(newest) > start + limit else None
        return newest[start : start + limit], more

    async def delete(self, caller: Caller, session_id: str) -> None:
        del self.kept[self._kept(caller, session_id).id]

    async def take_turn(
        self, caller: Caller, session_id: str, text: str
    ) -> AsyncIterator[TurnEvent]:
        before = self._kept(caller, session_id)
        if not 1 <= len(text.strip()) <= 8000:
            raise BadInput("write between 1 and 8,000 characters")
        if before.status is not Status.ACTIVE:
            raise Conflict("the session has ended")
        return self._events(before, text)

    async def _events(self, before: Session, text: str) -> AsyncIterator[TurnEvent]:
        index = before.turn_count
        seller = Turn(index, Speaker.SELLER, text, AT)
        yield TurnCreated(seller)
        if self.note:
            yield ReplyDelta("Well, I")
            yield ReplyReset(self.note)
        for word in self.reply.split(" "):
            await asyncio.sleep(self.pause)
            yield ReplyDelta(f"{word} ")
        if isinstance(self.breaks, CoachError):
            yield TurnFailed(self.breaks)
            return
        if self.breaks:
            raise self.breaks
        buyer = Turn(index + 1, Speaker.BUYER, self.reply, AT, act="press", provenance=self._made())
        assessment = assessment_of(text)
        seller = replace(seller, assessment=assessment)
        status = Status.WON if "pilot" in text else Status.ACTIVE
        self.kept[before.id] = replace(
            before,
            turns=(*before.turns, seller, buyer),
            turn_count=index + 2,
            status=status,
        )
        yield ReplyCompleted(buyer)
        yield AssessmentReady(assessment)
        yield TurnCompleted(Exchange(seller, buyer, status))

    async def hint(self, caller: Caller, session_id: str, level: int | None = None) -> Hint:
        kept = self._kept(caller, session_id)
        level = level or min(len(kept.hints) + 1, 3)
        text = f"What worries them? ({level})"
        hints = (*kept.hints, HintUse(kept.turn_count - 1, level, text))
        self.kept[session_id] = replace(kept, hints=hints)
        return Hint(level, text, (SUGGESTION,) if level == 3 else ())

    async def end(self, caller: Caller, session_id: str) -> Debrief:
        kept = self._kept(caller, session_id)
        if kept.status is Status.ACTIVE:
            kept = self.kept[session_id] = replace(kept, status=Status.ENDED)
        return await self.debrief(caller, session_id)

    async def debrief(self, caller: Caller, session_id: str) -> Debrief:
        kept = self._kept(caller, session_id)
        if kept.status is Status.ACTIVE:
            raise Conflict("the session still runs; end it first")
        return Debrief(
            session=kept.id,
            outcome=kept.status.value,
            outcome_reason="You left.",
            score=None,
            failed="",
            checks=(CheckSummary("r0", "Question 0?", 1, 0, 0, "We", None, False, "Good."),),
            buyer={"concerns": [{"id": "references", "card": SECRET}], "state_by_turn": []},
            claims={"supported": 1},
            strengths=("You asked.",),
            next_drill="trust-unknown again",
            what_if=({"turn": 1, "suggestion": "Ask first."},),
            hints_used=len(kept.hints),
        )

    async def suggest(
        self,
        caller: Caller,
        objection: str,
        situation: Situation | None = None,
        count: int = 3,
        draft: str | None = None,
    ) -> Advice:
        heard = await self.live.hear(caller, objection, situation, count, draft)
        return await heard.answer()

    async def check_claims(self, text: str) -> Sequence[Claim]:
        return [claim_of(text)]

    async def search_evidence(
        self,
        query: str | None,
        filters: Filters,
        limit: int,
        near: Peer | None = None,
        cursor: str | None = None,
    ) -> Found:
        self.asked.append((query, filters, limit, near, cursor))
        found = [item for item in (ITEM, RUMOUR) if filters.allow(item)]
        passages = [Passage(i, i.text, (0, len(i.text)), 0.5, ("same words",)) for i in found]
        return Found(tuple(passages[:limit]))

    async def evidence_values(self, field: str) -> list[str]:
        found = {getattr(item, field) for item in (ITEM, RUMOUR, *FACTS)}
        return sorted(value for value in found if value)

    async def evidence(self, evidence_id: str) -> Evidence:
        if evidence_id != ITEM.id:
            raise NotFound("there is no such evidence")
        return ITEM

    async def compare(self, competitor: str, *, internal: bool = False) -> Comparison:
        return compared(FACTS, competitor, AT.date(), internal=internal)

    async def inspect_knowledge(self, caller: Caller) -> Inspection:
        if self.fails:
            raise self.fails
        return Inspection(AT.date(), len(self.kept_items), tuple(check(self.kept_items, AT.date())))

    async def health(self) -> Health:
        index = "ok" if self.ready else "is being built"
        return Health(self.ready, "ok", index, "ok", "embedded")

    async def close(self) -> None:
        self.closed = True
