"""Sessions and exchanges to store, with every field in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from coach.assessment import Assessment, Check, Verdict
from coach.buyer import BuyerState, ConcernState, Standing
from coach.claims import Citation, Claim, ClaimStatus
from coach.scenario import Difficulty
from coach.session import (
    Caller,
    Engine,
    Exchange,
    Provenance,
    Session,
    Speaker,
    Status,
    Turn,
)

ANNA = Caller(user="anna", tenant="north")
START = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)

STATE = BuyerState(
    trust=41.5,
    value=30,
    patience=77.25,
    concerns={
        "zeal": ConcernState(Standing.SURFACED, frozenset({"proof", "peer"}), 2, 1),
        "cost": ConcernState(Standing.HIDDEN),
    },
    focus="zeal",
    turn=3,
    pending="zeal/proof",
    flags=frozenset({"denied"}),
    facts_told=frozenset({"team"}),
    used=frozenset({"zeal/say/1"}),
    said=("a1b2", "c3d4"),
    log=("trust +3: asked an open question",),
)

SELLER_TEXT = "We cut audits by 40 % – ask Müller & Söhne."

ASSESSMENT = Assessment(
    scored=True,
    moves=("ask_open", "cite"),
    checks=(Check("asks", "Did it ask?", Verdict.YES, "ask", (25, 28), "It asks."),),
    claims=(
        Claim(
            SELLER_TEXT,
            (0, len(SELLER_TEXT)),
            ClaimStatus.OVERSTATED,
            (Citation("case-7", "by 31 %", (12, 19)),),
            "The case study says 31 %.",
        ),
    ),
    tip="Say 31 %.",
)


def new_session(**changes: Any) -> Session:
    """An active session of Anna's with the buyer's opening."""
    opening = Turn(0, Speaker.BUYER, "Hello. I have ten minutes.", START, act="open", state=STATE)
    session = Session(
        id=uuid4().hex,
        owner=ANNA,
        scenario="trust-unknown",
        scenario_version=2,
        persona="head-of-ops",
        difficulty=Difficulty.HARD,
        seed=2**40 + 7,
        status=Status.ACTIVE,
        engine=Engine(voice="scripted", judge="rules", embedding="minilm"),
        created_at=START,
        state=STATE,
        turns=(opening,),
        turn_count=1,
    )
    return replace(session, **changes)


def exchange_at(index: int, status: Status = Status.ACTIVE, text: str = SELLER_TEXT) -> Exchange:
    """Seller's turn ``index`` and the buyer's answer; the buyer's trust becomes ``index``."""
    at = START + timedelta(seconds=index)
    state = replace(STATE, trust=float(index), turn=(index + 1) // 2)
    provenance = Provenance("scripted", "rules", {"buyer/reply.v3": "9f2c"}, "model was too slow")
    return Exchange(
        seller=Turn(index, Speaker.SELLER, text, at, assessment=ASSESSMENT),
        buyer=Turn(
            index + 1,
            Speaker.BUYER,
            "Who says so?",
            at + timedelta(milliseconds=40),
            act="challenge",
            reason="a number without a source",
            provenance=provenance,
            state=state,
        ),
        status=status,
    )
