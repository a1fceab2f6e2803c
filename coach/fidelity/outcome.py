"""What is kept of a session that was played, and what many of them come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from coach.buyer import Ending
from coach.fidelity.faults import Fault, FaultKind, Secrets, faults_of, sentences_of
from coach.fidelity.playing import Game, Played
from coach.voice import EMBEDDED

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Outcome:
    """How one game ended. ``sentences`` are those in which a repetition would be noticed;
    ``worded`` are the buyer's turns that a model worded, of ``turns``. ``end`` is an ``Ending``."""

    game: Game
    end: Ending
    reason: str
    turns: int
    sentences: int
    worded: int
    won: bool
    faults: tuple[Fault, ...] = ()


def outcome_of(game: Game, played: Played, secrets: Secrets) -> Outcome:
    """What is kept of ``played``."""
    return Outcome(
        game=game,
        end=played.ending,
        reason=played.turns[-1].next.reason,
        turns=len(played.turns),
        sentences=sum(1 for _ in sentences_of(played)),
        won=played.won,
        worded=sum(turn.said.voice != EMBEDDED for turn in played.turns),
        faults=tuple(faults_of(played, secrets)),
    )


@dataclass
class Tally:
    """Sessions added up."""

    sessions: int = 0
    turns: int = 0
    sentences: int = 0
    worded: int = 0
    ends: Counter[Ending] = field(default_factory=Counter)
    faults: Counter[FaultKind] = field(default_factory=Counter)
    to_win: list[int] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.sessions += 1
        self.turns += outcome.turns
        self.sentences += outcome.sentences
        self.worded += outcome.worded
        self.ends[outcome.end] += 1
        self.faults.update(fault.kind for fault in outcome.faults)
        if outcome.won:
            self.to_win.append(outcome.turns)

    @property
    def won(self) -> int:
        return len(self.to_win)

    @property
    def share(self) -> float:
        """Of sessions won; 0 where none was played."""
        return self.won / self.sessions if self.sessions else 0.0


def tallied(outcomes: Iterable[Outcome], key: Callable[[Outcome], Key]) -> dict[Key, Tally]:
    """One tally per ``key``, in the order in which keys are met."""
    found: dict[Key, Tally] = {}
    for outcome in outcomes:
        found.setdefault(key(outcome), Tally()).add(outcome)
    return found


#: z of a 95% interval.
SURE = 1.959964


def wilson(won: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share; (0, 1) where nothing was tried."""
    if not of:
        return 0.0, 1.0
    share, square = won / of, SURE**2
    middle = share + square / (2 * of)
    spread = SURE * ((share * (1 - share) + square / (4 * of)) / of) ** 0.5
    low, high = (middle - spread) / (1 + square / of), (middle + spread) / (1 + square / of)
    return max(0.0, low), min(1.0, high)
