"""A session of practice and its turns: what is stored, and nothing about how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from coach.assessment import Assessment
from coach.buyer import BuyerState
from coach.diagnosis.closeness import Closeness
from coach.errors import Refused
from coach.scenario import Difficulty


class Speaker(StrEnum):
    SELLER = "seller"
    BUYER = "buyer"


class Status(StrEnum):
    ACTIVE = "active"
    WON = "won"
    WALKED_AWAY = "walked_away"
    ENDED = "ended"  # by the rep, or as an honest "not a fit"


@dataclass(frozen=True)
class Caller:
    """Who asks. Every verb takes one; what isn't the caller's doesn't exist for them.

    ``teams`` are the ids of those they train. ``token`` is the id of what they showed at the
    door, for limits: "" in local mode; two tokens of one user are the same caller.
    """

    user: str
    tenant: str = "local"
    roles: frozenset[str] = frozenset({"rep"})
    teams: frozenset[str] = frozenset()
    token: str = field(default="", compare=False)

    def must_be(self, *roles: str) -> None:
        """Refused unless the caller has one of ``roles``."""
        if not self.roles & set(roles):
            raise Refused(f"only {' and '.join(f'{role}s' for role in roles)} may do that")


#: The only role of who joined a workshop without an account: that workshop, and nothing else.
GUEST = "guest"

#: The one user of local mode, with every role.
LOCAL = Caller(user="local", roles=frozenset({"rep", "trainer", "admin"}))


@dataclass(frozen=True)
class Engine:
    """Which engine speaks, judges and embeds: shown to the rep, stored with the session."""

    voice: str
    judge: str
    embedding: str


#: Why the embedded engine's answer stands when the model gave none.
FAILED = "model_failed"


@dataclass(frozen=True)
class ModelWork:
    """What it took where a model was asked: how often, and at what cost in tokens. ``faults`` are
    those of the answers that were thrown away, ``replaced`` is why the embedded engine's answer
    stands in place of the model's, or ""."""

    tries: int = 0
    faults: tuple[str, ...] = ()
    replaced: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Provenance:
    """Which engine made one turn. ``prompts`` maps prompt name to content hash;
    ``note`` tells the rep when a model failed and the embedded engine took over."""

    voice: str
    judge: str
    prompts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    wording: ModelWork = field(default_factory=ModelWork)
    judging: ModelWork = field(default_factory=ModelWork)


@dataclass(frozen=True)
class Turn:
    """One utterance. Turn 0 is the buyer's opening; indexes count both speakers."""

    index: int
    speaker: Speaker
    text: str
    at: datetime  # UTC
    act: str | None = None  # the buyer's act
    reason: str | None = None  # why code decided that act; for the debrief
    assessment: Assessment | None = None  # of a seller's turn
    provenance: Provenance | None = None  # of a buyer's turn
    state: BuyerState | None = None  # after a buyer's turn


@dataclass(frozen=True)
class HintUse:
    """``words`` are the replies that were suggested, in full."""

    turn: int  # index of the buyer's turn it was asked at
    level: int
    text: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """What the rep took for the hidden worry; ``concern`` names what it met that isn't hidden."""

    turn: int  # index of the buyer's turn it was made at
    text: str
    level: Closeness
    concern: str = ""


@dataclass(frozen=True)
class Parent:
    """What a branch was taken from; it shares the turns before ``turn``."""

    session: str
    turn: int


@dataclass(frozen=True)
class Session:
    """A practice session. ``turns`` may be only the last ones when loaded for a turn, and
    ``guesses`` are left out then; ``turn_count`` is always the true number."""

    id: str
    owner: Caller
    scenario: str
    scenario_version: int
    persona: str
    difficulty: Difficulty
    seed: int
    status: Status
    engine: Engine
    created_at: datetime
    state: BuyerState
    turns: tuple[Turn, ...]
    turn_count: int
    parent: Parent | None = None
    hints: tuple[HintUse, ...] = ()
    debrief: Mapping[str, Any] | None = None
    scenario_fingerprint: str = ""  # of what it is played with; "" before that was kept
    root: str = ""  # of a branch: the session that all these attempts began with
    guesses: tuple[Guess, ...] = ()

    @property
    def family(self) -> str:
        """One id for a session and all its branches, also when some of them were deleted."""
        return self.root or self.id

    @property
    def coached(self) -> tuple[str, ...]:
        """What the coach suggested to say, in the hints that are loaded."""
        return tuple(words for hint in self.hints for words in hint.words)


@dataclass(frozen=True)
class Exchange:
    """What one turn adds, stored whole or not at all."""

    seller: Turn
    buyer: Turn
    status: Status

    @property
    def state(self) -> BuyerState:
        assert self.buyer.state is not None  # noqa: S101  # an exchange is made with its state
        return self.buyer.state
