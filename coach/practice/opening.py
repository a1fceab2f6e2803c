"""How a session begins: who is met, in what mood, and the buyer's first words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.buyer import Next, opening_state
from coach.scenario import Act, Difficulty, Scenario
from coach.session import Caller, Engine, Session, Speaker, Status, Turn
from coach.voice import Moment, compose

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Wish:
    """What a rep may choose of a session; what is left out is the scenario's or chance's."""

    difficulty: Difficulty | None = None
    persona: str | None = None
    seed: int | None = None


def opened(owner: Caller, chosen: Scenario, wish: Wish, engine: Engine, now: datetime) -> Session:
    """A new session with the buyer's opening as turn 0; the same seed gives the same buyer."""
    seed = secrets.randbelow(2**31) if wish.seed is None else wish.seed
    who = chosen.persona(wish.persona or Random(seed).choice(chosen.personas).id)  # noqa: S311
    difficulty = wish.difficulty or chosen.difficulty
    state = opening_state(chosen, who, difficulty, seed)
    words = compose(Moment(chosen, who, state, Next(Act.OPEN, "opens"), seed))
    state = replace(state, used=words.lines)
    opening = Turn(
        0, Speaker.BUYER, words.text, now, act=Act.OPEN.value, reason="opens", state=state
    )
    return Session(
        id=uuid4().hex,
        owner=owner,
        scenario=chosen.id,
        scenario_version=chosen.version,
        persona=who.id,
        difficulty=difficulty,
        seed=seed,
        status=Status.ACTIVE,
        engine=engine,
        created_at=now,
        state=state,
        turns=(opening,),
        turn_count=1,
        scenario_fingerprint=chosen.fingerprint,
    )
