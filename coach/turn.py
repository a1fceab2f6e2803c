"""One turn, top to bottom. Read this file first.

The seller's words are heard (``perception``), their claims checked (``claims``), the buyer's state
moved and the next act decided by code (``buyer``), the act put into words (``voice``), the reply
assessed beside it (``assessment``), and all of it stored together or not at all.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from coach import telemetry
from coach.assessment import PROMPT as JUDGE_PROMPT
from coach.assessment import Assessment, Reply, assess, judged_by, orders_about
from coach.budget import Payer
from coach.buyer import BuyerState, Next, react
from coach.claims import Claim, ClaimStatus, unchecked
from coach.errors import ModelFailed
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
)
from coach.models import Receipt
from coach.moves import Move, MoveKind
from coach.perception import RELATED, Perceiver, Perception
from coach.scenario import Act, Scenario
from coach.session import (
    FAILED,
    Caller,
    Exchange,
    ModelWork,
    Provenance,
    Session,
    Speaker,
    Status,
    Turn,
)
from coach.suggestion.grounding import figures, names
from coach.voice import EMBEDDED, Moment, Utterance, speak
from prompts import hash_of

if TYPE_CHECKING:
    from coach.budget.purse import Purse
    from coach.claims import ClaimChecker
    from coach.ports import Clock, Model, Store

log = logging.getLogger(__name__)

STAGE = "coach.turn.duration"
timed = partial(telemetry.timed, STAGE)

STATUS_AFTER = {
    Act.AGREE: Status.WON,
    Act.WALK_AWAY: Status.WALKED_AWAY,
    Act.NOT_A_FIT: Status.ENDED,
}
WRONG = (ClaimStatus.CONTRADICTED, ClaimStatus.UNSUPPORTED)


@dataclass(frozen=True)
class Judgement:
    """An assessment, who made it and with which prompts; ``note`` when the model failed."""

    assessment: Assessment
    judge: str = EMBEDDED
    prompts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    work: ModelWork = field(default_factory=ModelWork)


@dataclass(frozen=True)
class TurnTaker:
    """Takes turns with the parts it is given; holds nothing of a session between turns."""

    perceiver: Perceiver
    checker: ClaimChecker
    store: Store
    clock: Clock
    purse: Purse

    async def take(
        self,
        caller: Caller,
        session: Session,
        scenario: Scenario,
        text: str,
        worker: str | None = None,
    ) -> AsyncIterator[TurnEvent]:
        """The events of one turn; ``session`` must hold at least its last turns, the buyer's last.

        The exchange is stored before TurnCompleted, unless ``worker`` doesn't hold the turn any
        more. Raises CoachError, and then nothing is stored.
        """
        models = self.purse.open(Payer(caller.tenant, session.id))
        seller = Turn(session.turn_count, Speaker.SELLER, text, self.clock())
        yield TurnCreated(seller)

        last = session.turns[-1]
        heard, claims, trouble = await asyncio.to_thread(
            self._read, scenario, text, last.text, session
        )
        with timed(stage="buyer"):
            state, planned = react(session.state, heard, scenario, session.difficulty)
        reply = _as_reply(session, text, heard, claims, planned)
        judging = asyncio.create_task(self._assess(models.judge, scenario, reply, trouble))
        try:
            moment = _moment(session, scenario, seller, heard, state, planned)
            since = time.perf_counter()
            async for event in speak(moment, models.voice):
                if isinstance(event, Utterance):
                    spoken = event  # always the last
                else:
                    yield event
            telemetry.took(STAGE, time.perf_counter() - since, stage="voice")
            buyer = self._buyer_turn(seller, state, planned, spoken)
            yield ReplyCompleted(buyer)
            judgement = await judging
        finally:
            judging.cancel()
        yield AssessmentReady(judgement.assessment)
        exchange = _exchange(seller, buyer, planned, judgement)
        with timed(stage="store"):
            await asyncio.to_thread(self.store.append, caller, session.id, exchange, worker)
        yield TurnCompleted(exchange)

    def _buyer_turn(
        self, seller: Turn, state: BuyerState, planned: Next, spoken: Utterance
    ) -> Turn:
        return Turn(
            seller.index + 1,
            Speaker.BUYER,
            spoken.text,
            self.clock(),
            act=planned.act.value,
            reason=planned.reason,
            provenance=Provenance(spoken.voice, EMBEDDED, spoken.prompts, spoken.note, spoken.work),
            state=replace(state, used=state.used | spoken.lines),
        )

    def _read(
        self, scenario: Scenario, text: str, last_words: str, session: Session
    ) -> tuple[Perception, tuple[Claim, ...], str]:
        """What was heard and claimed; the third is why claims couldn't be checked, or ""."""
        with timed(stage="perception"):
            heard = self.perceiver.hear(
                scenario, text, last_words, session.state.said, session.coached
            )
        try:
            plan = scenario.kind == "strategic"
            with timed(stage="claims"):
                claims = tuple(self.checker.check(text, scenario.spoken, plan))
        except Exception:  # the talk goes on without the ledger, and says so
            log.exception("claims of session %s could not be checked", session.id)
            failed = unchecked(text)
            return heard, failed, "The claims in this reply could not be checked; the log says why."
        claims = counted(heard, claims)
        return weighed(heard, claims), claims, ""

    async def _assess(
        self, model: Model | None, scenario: Scenario, reply: Reply, trouble: str
    ) -> Judgement:
        with timed(stage="assessment"):
            return await self._judged(model, scenario, reply, trouble)

    async def _judged(
        self, model: Model | None, scenario: Scenario, reply: Reply, trouble: str
    ) -> Judgement:
        try:
            assessment = replace(assess(scenario, reply), reason=trouble)
        except Exception:  # a judge that fails gives no verdict, never a zero
            log.exception("assessment failed")
            return Judgement(Assessment.unscored("The assessment failed; the reply stands."))
        if model is None or orders_about(reply):
            return Judgement(assessment)
        receipt = Receipt()
        try:
            judged, faults = await judged_by(model, scenario, reply, assessment, receipt)
        except ModelFailed as error:
            telemetry.counted("coach.model.fallbacks", job="judge", reason="model_failed")
            note = f"{error.message}; the embedded judge stepped in."
            return Judgement(assessment, note=note, work=work_of(model, receipt, replaced=FAILED))
        prompts = {JUDGE_PROMPT: hash_of(JUDGE_PROMPT)}
        return Judgement(judged, model.name, prompts, work=work_of(model, receipt, faults))


def work_of(
    model: Model, receipt: Receipt, faults: tuple[str, ...] = (), replaced: str = ""
) -> ModelWork:
    """What one question to ``model`` took."""
    cost = receipt.tokens_in, receipt.tokens_out
    return ModelWork(1, faults, replaced, model.name, *cost)


#: Moves whose words claim nothing, however they look to the ledger.
_NO_CLAIM = (
    MoveKind.COMMIT,
    MoveKind.NEXT_STEP,
    MoveKind.APOLOGISE,
    MoveKind.STUFF,
    MoveKind.PROMPT_LIKE,
    MoveKind.FOREIGN,
    MoveKind.NOISE,
)


_OURS = re.compile(r"\b(?:we|our|ours|us|i|my)\b", re.IGNORECASE)
#: With a figure in it only when it begins with what they don't need: "for half a year".
_LETS_GO = re.compile(r"you (?:don't|do not|won't) need\b", re.IGNORECASE)


def counted(heard: Perception, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims as they count after what was heard."""
    return tuple(_unless_no_claim(claim, heard) for claim in claims)


def _unless_no_claim(claim: Claim, heard: Perception) -> Claim:
    """What no source has is no claim when it promises, proposes, or can't be read at all; nor is
    "you don't need our system", or what says back how it is with the buyer, whatever a source says
    of our system."""
    start, end = claim.span
    makes = {m.kind for m in heard.moves if m.span[0] <= start and end <= m.span[1]}
    unsourced = claim.status is ClaimStatus.UNSUPPORTED and makes & set(_NO_CLAIM)
    plain = not figures(claim.text)
    of_us = names(claim.text) or _OURS.search(claim.text)
    theirs = MoveKind.REFLECT in makes and plain and not of_us
    lets_go = MoveKind.DISQUALIFY in makes and (plain or _LETS_GO.match(claim.text))
    if unsourced or ((lets_go or theirs) and claim.status in WRONG):
        return replace(claim, status=ClaimStatus.NOT_A_CLAIM, note="", evidence=())
    return claim


def _exchange(seller: Turn, buyer: Turn, planned: Next, judged: Judgement) -> Exchange:
    """Both turns as they are stored together: said, felt and judged, and by which engine."""
    said = buyer.provenance or Provenance(EMBEDDED, EMBEDDED)
    note = " ".join(part for part in (said.note, judged.note) if part)
    prompts = {**said.prompts, **judged.prompts}
    made_by = Provenance(said.voice, judged.judge, prompts, note, said.wording, judged.work)
    return Exchange(
        replace(seller, assessment=judged.assessment),
        replace(buyer, provenance=made_by),
        STATUS_AFTER.get(planned.act, Status.ACTIVE),
    )


#: How much proof counts that has run out, and a source that is only named.
RUN_OUT, NAMED = 0.3, 0.35


def weighed(heard: Perception, claims: tuple[Claim, ...]) -> Perception:
    """What was heard, with what the evidence says about it: proof, invention, or a bare claim.

    What rests on a wrong claim meets no need of the buyer.
    """
    found: list[Move] = []
    relevant = max(heard.relevance.values(), default=0.0) >= RELATED
    wrong: set[tuple[int, int]] = set()
    for claim in claims:
        if claim.source:
            found.append(Move(MoveKind.EVIDENCE, claim.span, claim.text, NAMED))
        if claim.status is ClaimStatus.NOT_A_CLAIM:
            continue
        specific = bool(figures(claim.text) or names(claim.text))
        found.append(Move(MoveKind.CLAIM, claim.span, claim.text, 1.0))
        if claim.status is ClaimStatus.SUPPORTED:
            found.append(Move(MoveKind.EVIDENCE, claim.span, claim.text, 1.0 if relevant else 0.4))
        elif claim.status is ClaimStatus.STALE:
            found.append(Move(MoveKind.EVIDENCE, claim.span, claim.text, RUN_OUT))
        elif claim.status is ClaimStatus.CONTRADICTED:
            found.append(Move(MoveKind.INVENT, claim.span, claim.text, 1.0))
        elif claim.status in (ClaimStatus.UNSUPPORTED, ClaimStatus.OVERSTATED) and specific:
            found.append(Move(MoveKind.INVENT, claim.span, claim.text, 0.5))
        if claim.status in WRONG and (specific or claim.status is ClaimStatus.CONTRADICTED):
            wrong.add(claim.span)
    needs = {
        key: move
        for key, move in heard.needs.items()
        if not any(a < move.span[1] and move.span[0] < b for a, b in wrong)
    }
    borne_out = {claim.span for claim in claims if claim.status is ClaimStatus.SUPPORTED}
    moves = (m for m in heard.moves if m.kind is not MoveKind.SCARCITY or m.span not in borne_out)
    return replace(
        heard,
        moves=tuple(moves),
        needs=needs,
        cited=_evidence_of(claims, ClaimStatus.SUPPORTED),
        discredited=_evidence_of(claims, ClaimStatus.CONTRADICTED, ClaimStatus.STALE),
    ).plus(*found)


def _evidence_of(claims: Sequence[Claim], *statuses: ClaimStatus) -> frozenset[str]:
    return frozenset(e.id for c in claims if c.status in statuses for e in c.evidence)


def _moment(
    session: Session,
    scenario: Scenario,
    seller: Turn,
    heard: Perception,
    state: BuyerState,
    planned: Next,
) -> Moment:
    """All that the buyer's next words are made of."""
    return Moment(
        scenario,
        scenario.persona(session.persona),
        state,
        planned,
        session.seed,
        heard.echo,
        (*session.turns, seller),
        said=seller.text,
        asked=heard.asked,
        beside=heard.beside,
    )


def _as_reply(
    session: Session, text: str, heard: Perception, claims: tuple[Claim, ...], planned: Next
) -> Reply:
    last = session.turns[-1]
    return Reply(
        text=text,
        heard=heard,
        claims=claims,
        answered=Act(last.act or Act.OPEN.value),
        words=last.text,
        provoked=planned.act,
        first=session.turn_count == 1,
        tips=tuple(t.assessment.tip for t in session.turns if t.assessment),
        before=session.state,
    )
