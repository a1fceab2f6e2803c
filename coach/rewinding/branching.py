"""A branch: a session of its own that begins with the turns of another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.errors import BadInput, Conflict
from coach.scenario import Act
from coach.session import Engine, Parent, Session, Status, Turn
from coach.turn import STATUS_AFTER

if TYPE_CHECKING:
    from datetime import datetime


def branch_of(session: Session, turn: int, engine: Engine, now: datetime) -> Session:
    """What was said before ``turn`` as a new active session; ``session`` holds all its turns.

    ``turn`` is one of the seller's, or the buyer's turn that it answers. The buyer is as they were
    then: mood, memory and lines used are those stored with the last shared turn. What the rep
    guessed is carried over whole, for nobody forgets it by going back.
    """
    start = turn_again(session, turn)
    shared = session.turns[:start]
    state = shared[-1].state
    if state is None:
        raise Conflict("this session is from before buyers were stored turn by turn; start anew")
    return replace(
        session,
        id=uuid4().hex,
        status=Status.ACTIVE,
        engine=engine,
        created_at=now,
        state=state,
        turns=shared,
        turn_count=start,
        parent=Parent(session.id, start),
        root=session.family,
        hints=tuple(hint for hint in session.hints if hint.turn < start),
        debrief=None,
    )


def turn_again(session: Session, turn: int) -> int:
    """The index of the seller's turn that ``turn`` stands for; BadInput where there is none."""
    start = turn + 1 - turn % 2  # the seller's turns are the odd ones
    if turn < 0 or start > session.turn_count:
        last = session.turn_count - 1
        raise BadInput(f"turn {turn} can't be taken again; the session has turns 0 to {last}")
    answered: Turn = session.turns[start - 1]
    if answered.act and Act(answered.act) in STATUS_AFTER:
        raise BadInput(f"turn {answered.index} ended the talk; take an earlier turn again")
    return start
