"""What a buyer feels and remembers, and what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from coach.buyer.rules import RULES
from coach.scenario import Act, Attitude, Difficulty, Persona, Scenario, Temperament


class Standing(StrEnum):
    """Where a concern stands."""

    HIDDEN = "hidden"
    SURFACED = "surfaced"
    EXPLORED = "explored"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True)
class ConcernState:
    """``words`` maps needs that were met to the seller's words that met them; ``proof`` are ids of
    the evidence that the answer rests on."""

    standing: Standing
    met: frozenset[str] = frozenset()  # needs that were brought
    explored: int = 0  # how many open questions it got
    pressed: int = 0  # how often the buyer stated it
    heard: int = 0  # how often it was acknowledged or reflected
    words: Mapping[str, str] = field(default_factory=dict)
    proof: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Promise:
    """What the seller promised, in their words, and in which of their turns."""

    words: str
    turn: int


class DecisionKind(StrEnum):
    SETTLED = "settled"  # let go of a concern
    TOLD = "told"  # told what was hidden
    REOPENED = "reopened"
    AGREED = "agreed"  # took the next step
    PARTED = "parted"  # took a "not a fit"


@dataclass(frozen=True)
class Decision:
    """What the buyer conceded or took back, about which concern, and why."""

    kind: DecisionKind
    concern: str | None
    reason: str


@dataclass(frozen=True)
class BuyerState:
    """Everything the buyer feels and remembers. ``trust``, ``value`` and ``patience`` are 0 to
    100. ``used`` holds ids of lines already spoken, ``said`` fingerprints of what the seller
    already said, ``flags`` what can't be undone ("denied", "invented", ...).

    ``demands`` are needs ("<concern>/<need>") that the buyer asked for and hasn't got, the oldest
    first; ``challenged`` is the claim whose source was asked for and not given; ``reminded`` the
    promise that the buyer has just asked about; ``instead`` the concern that says what there is in
    place of a need, or None where the need exists."""

    trust: float
    value: float
    patience: float
    concerns: Mapping[str, ConcernState]
    focus: str  # id of the concern on the table
    turn: int = 0  # seller turns so far
    distrust: float = 0.0  # by how much trust fell below 0
    dry: int = 0  # the seller's latest messages in a row that brought nothing in
    instead: str | None = None
    pending: str | None = None  # the demand the buyer made last
    demands: tuple[str, ...] = ()
    challenged: str | None = None
    promises: tuple[Promise, ...] = ()
    reminded: str | None = None
    flags: frozenset[str] = frozenset()
    facts_told: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    log: tuple[str, ...] = ()  # why trust, value or patience moved, this turn
    decisions: tuple[Decision, ...] = ()  # this turn

    @property
    def knows_no_need(self) -> bool:
        """The buyer has told the seller that there is no need."""
        told = self.instead is not None and self.concerns[self.instead].standing
        return bool(told) and told is not Standing.HIDDEN

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        plain = {key: getattr(self, key) for key in self.__dataclass_fields__}
        for name in ("flags", "facts_told", "used"):
            plain[name] = sorted(plain[name])
        for name in ("said", "log", "demands"):
            plain[name] = list(plain[name])
        plain["promises"] = [asdict(promise) for promise in self.promises]
        plain["decisions"] = [asdict(decision) for decision in self.decisions]
        plain["concerns"] = {
            key: {
                **vars(c),
                "standing": c.standing.value,
                "met": sorted(c.met),
                "words": dict(c.words),
                "proof": sorted(c.proof),
            }
            for key, c in self.concerns.items()
        }
        return plain

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> BuyerState:
        plain = dict(raw)
        for name in ("flags", "facts_told", "used"):
            plain[name] = frozenset(plain[name])
        for name in ("said", "log", "demands"):
            plain[name] = tuple(plain.get(name, ()))
        plain["promises"] = tuple(Promise(**p) for p in plain.get("promises", ()))
        plain["decisions"] = tuple(
            Decision(DecisionKind(d["kind"]), d["concern"], d["reason"])
            for d in plain.get("decisions", ())
        )
        plain["concerns"] = {key: _concern(c) for key, c in plain["concerns"].items()}
        return BuyerState(**plain)


def _concern(raw: Mapping[str, Any]) -> ConcernState:
    """Reads a stored concern; the oldest lack what was added since."""
    plain = {**raw, "standing": Standing(raw["standing"])}
    for name in ("met", "proof"):
        plain[name] = frozenset(raw.get(name, ()))
    return ConcernState(**plain)


@dataclass(frozen=True)
class Next:
    """What the buyer does next and why. ``lead`` comes before the act in the same breath and
    ``follow`` after it; ``concern``, ``need`` and ``fact`` say what it is about."""

    act: Act
    reason: str
    concern: str | None = None
    need: str | None = None
    fact: str | None = None
    lead: Act | None = None
    follow: Act | None = None
    claim: str | None = None  # the seller's words that are doubted
    about: str | None = None  # what an aside was, or what a question wanted: see asides.yaml

    @property
    def ends(self) -> bool:
        return self.act in (Act.AGREE, Act.WALK_AWAY, Act.NOT_A_FIT)


_TEMPER = {  # (trust, patience) at the start
    Temperament.WARM: (4, 4),
    Temperament.BRISK: (0, -6),
    Temperament.ANALYTICAL: (0, 2),
    Temperament.GUARDED: (-4, 0),
    Temperament.BLUNT: (-2, -4),
}


def attitude(state: BuyerState) -> Attitude:
    """How the buyer sounds now."""
    if state.trust >= 55:
        return Attitude.WARM
    return Attitude.COLD if state.trust < 30 or state.patience < 25 else Attitude.NEUTRAL


def opening_state(
    scenario: Scenario, persona: Persona, difficulty: Difficulty, seed: int
) -> BuyerState:
    """The buyer before the seller has said a word; the seed varies the mood a little, and decides
    whether there is a need where the scenario leaves that open."""
    rules, (trust, patience) = RULES[difficulty], _TEMPER[persona.temperament]
    concerns = scenario.concerns_where(scenario.needed(seed))
    first = next(c.id for c in concerns if not c.hidden)
    return BuyerState(
        trust=rules.trust + scenario.start_trust + trust + Random(seed).uniform(-2, 2),  # noqa: S311
        value=20.0,
        patience=min(100.0, rules.patience + patience),
        concerns={
            c.id: ConcernState(
                Standing.HIDDEN if c.hidden else Standing.SURFACED, pressed=int(c.id == first)
            )
            for c in concerns
        },
        focus=first,
        instead=next((c.id for c in concerns if c.when_needed is False), None),
    )
