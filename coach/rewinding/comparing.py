"""Two attempts side by side, from the turn at which they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.buyer import BuyerState, Standing
from coach.errors import BadInput
from coach.session import Session, Turn

if TYPE_CHECKING:
    from coach.rewinding.attempts import Attempt
    from coach.scenario import Scenario


@dataclass(frozen=True)
class Mood:
    """What the buyer feels, 0 to 100 each."""

    trust: float
    value: float
    patience: float


@dataclass(frozen=True)
class Worry:
    """A concern that the buyer has told."""

    id: str
    label: str
    standing: Standing


@dataclass(frozen=True)
class Exchanged:
    """What was said, what was answered, and where the buyer stood afterwards.

    ``gained`` is how each mood moved."""

    seller: Turn
    buyer: Turn
    mood: Mood
    gained: Mood
    worries: tuple[Worry, ...]


@dataclass(frozen=True)
class Side:
    attempt: Attempt
    exchanges: tuple[Exchanged, ...]

    @property
    def session(self) -> Session:
        return self.attempt.session


@dataclass(frozen=True)
class SideBySide:
    """``parted_at`` is the first turn that isn't shared; ``shared`` ends with the buyer's words
    that both sides answer, ``mood`` is the buyer's then."""

    parted_at: int
    shared: tuple[Turn, ...]
    mood: Mood
    sides: tuple[Side, Side]


def side_by_side(first: Attempt, second: Attempt, scenario: Scenario) -> SideBySide:
    """Both attempts with all their turns; BadInput unless they began as one talk."""
    one, two = first.session, second.session
    if one.id == two.id or one.family != two.family:
        raise BadInput(
            "these aren't two attempts at the same talk; see the branches of either session"
        )
    parted = _shared_turns(one.turns, two.turns)
    last = one.turns[parted - 1]
    sides = (
        Side(first, _exchanges(one, parted, scenario)),
        Side(second, _exchanges(two, parted, scenario)),
    )
    return SideBySide(parted, one.turns[:parted], mood_of(last.state or one.state), sides)


def _shared_turns(one: Sequence[Turn], two: Sequence[Turn]) -> int:
    """How many turns are the very same: said once, at one instant, and copied."""
    same = 0
    for a, b in zip(one, two, strict=False):
        if (a.text, a.at) != (b.text, b.at):
            break
        same += 1
    return same - 1 + same % 2  # a talk parts where the seller speaks


def _exchanges(session: Session, start: int, scenario: Scenario) -> tuple[Exchanged, ...]:
    before = session.turns[start - 1].state or session.state
    found = []
    for seller, buyer in zip(session.turns[start::2], session.turns[start + 1 :: 2], strict=True):
        after = buyer.state or before
        gained = Mood(*(round(b - a, 2) for a, b in zip(_felt(before), _felt(after), strict=True)))
        found.append(Exchanged(seller, buyer, mood_of(after), gained, _worries(after, scenario)))
        before = after
    return tuple(found)


def _felt(state: BuyerState) -> tuple[float, float, float]:
    return state.trust, state.value, state.patience


def mood_of(state: BuyerState) -> Mood:
    return Mood(*_felt(state))


def _worries(state: BuyerState, scenario: Scenario) -> tuple[Worry, ...]:
    """What was told so far; what is hidden stays so, even from one who knows the other side."""
    return tuple(
        Worry(c.id, c.short, state.concerns[c.id].standing)
        for c in scenario.concerns
        if c.id in state.concerns and state.concerns[c.id].standing is not Standing.HIDDEN
    )
