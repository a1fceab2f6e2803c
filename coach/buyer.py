"""The buyer as a state that code moves: what is conceded, and when, is decided here.

Pure functions: ``opening_state`` makes a buyer, ``react`` hears one message and answers with the new
state and what the buyer does next. A language model never decides any of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Any

from coach.moves import MoveKind as M
from coach.perception import REMEMBERED, Perception
from coach.scenario import Act, Attitude, Concern, Difficulty, Persona, Scenario, Temperament
from knowledge.evidence import Truth


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
    standing: Standing
    met: frozenset[str] = frozenset()  # needs that were brought
    explored: int = 0  # how many open questions it got
    pressed: int = 0  # how often the buyer stated it
    heard: int = 0  # how often it was acknowledged or reflected


@dataclass(frozen=True)
class BuyerState:
    """Everything the buyer feels and remembers. ``trust``, ``value`` and ``patience`` are 0 to
    100. ``used`` holds ids of lines already spoken, ``said`` fingerprints of what the seller
    already said, ``flags`` what can't be undone ("denied", "invented", ...)."""

    trust: float
    value: float
    patience: float
    concerns: Mapping[str, ConcernState]
    focus: str  # id of the concern on the table
    turn: int = 0  # seller turns so far
    pending: str | None = None  # "<concern>/<need>" the buyer asked for and hasn't got
    flags: frozenset[str] = frozenset()
    facts_told: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    log: tuple[str, ...] = field(default=())  # why trust, value or patience moved, this turn

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        plain = {key: getattr(self, key) for key in self.__dataclass_fields__}
        for name in ("flags", "facts_told", "used"):
            plain[name] = sorted(plain[name])
        plain["said"], plain["log"] = list(self.said), list(self.log)
        plain["concerns"] = {
            key: {
                "standing": c.standing.value,
                "met": sorted(c.met),
                "explored": c.explored,
                "pressed": c.pressed,
                "heard": c.heard,
            }
            for key, c in self.concerns.items()
        }
        return plain

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> BuyerState:
        plain = dict(raw)
        for name in ("flags", "facts_told", "used"):
            plain[name] = frozenset(plain[name])
        plain["said"], plain["log"] = tuple(plain["said"]), tuple(plain["log"])
        plain["concerns"] = {
            key: ConcernState(
                Standing(c["standing"]),
                frozenset(c["met"]),
                c["explored"],
                c["pressed"],
                c.get("heard", 0),
            )
            for key, c in plain["concerns"].items()
        }
        return BuyerState(**plain)


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

    @property
    def ends(self) -> bool:
        return self.act in (Act.AGREE, Act.WALK_AWAY, Act.NOT_A_FIT)


@dataclass(frozen=True)
class Rules:
    """How hard the buyer is to win."""

    trust: float  # at the start
    patience: float
    gain: float
    loss: float
    need_share: float  # of a concern's needs, before it is answered
    accept: float  # trust below which nothing is conceded
    agree: float  # trust for a next step
    reveal: float  # trust for telling a hidden concern
    explored: int  # open questions on a concern before an answer counts
    hidden_too: bool  # must hidden concerns be found and answered?


RULES = {
    Difficulty.EASY: Rules(42, 100, 1.25, 0.8, 0.5, 38, 46, 42, 0, hidden_too=False),
    Difficulty.NORMAL: Rules(34, 90, 1.0, 1.0, 0.6, 42, 52, 44, 1, hidden_too=True),
    Difficulty.HARD: Rules(28, 80, 0.9, 1.25, 1.0, 46, 56, 48, 1, hidden_too=True),
}

LONGEST = 40  # seller turns; nobody has more time than that

#: (trust, value, patience) for a move, once per message. Gains fade with repetition.
GAINS = {
    M.ACKNOWLEDGE: (5, 0, 2),
    M.REFLECT: (5, 0, 2),
    M.EXPLORE: (4, 0, 2),
    M.ASK: (1, 0, 0),
    M.EVIDENCE: (4, 5, 1),
    M.ADMIT: (4, 0, 1),
    M.COMMIT: (3, 1, 1),
}
LOSSES = {
    M.DENY: (-30, 0, -22),
    M.DISPARAGE: (-12, 0, -12),
    M.PUSH: (-10, 0, -14),
    M.DISCOUNT: (-4, -4, -5),
    M.FLATTER: (-2, 0, -3),
    M.DISMISS: (-8, 0, -9),
    M.INVENT: (-15, -3, -10),
    M.MONOLOGUE: (-2, 0, -9),
    M.STUFF: (-4, 0, -14),
    M.PROMPT_LIKE: (-5, 0, -16),
    M.OFF_TOPIC: (-1, 0, -13),
    M.FOREIGN: (0, 0, -8),
    M.NOISE: (-1, 0, -12),
}
UNREADABLE = (M.PROMPT_LIKE, M.OFF_TOPIC, M.FOREIGN, M.NOISE, M.STUFF)
CONSTRUCTIVE = (M.ACKNOWLEDGE, M.REFLECT, M.EXPLORE, M.EVIDENCE, M.ADMIT, M.COMMIT, M.CHECK)
#: Flags after which no concession is ever made: what a true, false or unknown rumour forbids.
FATAL = frozenset({"denied", "owned-falsehood", "asserted-unknown", "invented-again"})

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
    """The buyer before the seller has said a word; the seed varies the mood a little."""
    rules, (trust, patience) = RULES[difficulty], _TEMPER[persona.temperament]
    first = next(c.id for c in scenario.concerns if not c.hidden)
    return BuyerState(
        trust=rules.trust + scenario.start_trust + trust + Random(seed).uniform(-2, 2),  # noqa: S311
        value=20.0,
        patience=min(100.0, rules.patience + patience),
        concerns={
            c.id: ConcernState(
                Standing.HIDDEN if c.hidden else Standing.SURFACED, pressed=int(c.id == first)
            )
            for c in scenario.concerns
        },
        focus=first,
    )


def react(
    state: BuyerState, heard: Perception, scenario: Scenario, difficulty: Difficulty
) -> tuple[BuyerState, Next]:
    """The buyer after one message, and what the buyer does next."""
    mind = _Mind(state, heard, scenario, RULES[difficulty])
    mind.listen()
    act = mind.decide()
    return mind.settled(act), act


class _Mind:
    """One reaction while it is being worked out; nothing outlives ``react``."""

    def __init__(
        self, state: BuyerState, heard: Perception, scenario: Scenario, rules: Rules
    ) -> None:
        self.before, self.heard, self.scenario, self.rules = state, heard, scenario, rules
        self.trust, self.value, self.patience = state.trust, state.value, state.patience
        self.concerns = dict(state.concerns)
        self.flags = set(state.flags)
        self.log: list[str] = []
        self.turn = state.turn + 1
        self.target = self._target()
        self.progress: list[str] = []  # needs met just now

    # --- what the message does to the buyer ---

    def listen(self) -> None:
        self._move((0, 0, -3), "time passes")
        self._losses()
        if not self.heard.has(*UNREADABLE) or self.heard.needs:
            self._gains()
            self._explored()
            self._needs()
        if not self._constructive():
            self._move((-3, 0, -8), "the concern was not taken up")
        if self.before.pending and self.before.pending not in self.progress:
            self._move((0, 0, -3), "what was asked for did not come")

    def _move(self, change: tuple[float, float, float], why: str, share: float = 1.0) -> None:
        trust, value, patience = (
            amount * share * (self.rules.gain if amount > 0 else self.rules.loss)
            for amount in change
        )
        self.trust = min(100.0, max(0.0, self.trust + trust))
        self.value = min(100.0, max(0.0, self.value + value))
        self.patience = min(100.0, max(0.0, self.patience + patience))
        self.log.append(f"{why}: trust {trust:+.1f}, value {value:+.1f}, patience {patience:+.1f}")

    def _losses(self) -> None:
        for kind, change in LOSSES.items():
            if strength := self.heard.strength(kind):
                self._move(change, f"seller's move: {kind.value}", strength)
        if self.heard.has(M.REPEAT) and not self._constructive():
            self._move((-1, 0, -9), "said again what was said")
        truth = self.scenario.rumour.truth if self.scenario.rumour else None
        if self.heard.has(M.DENY) and truth is Truth.TRUE:
            self.flags.add("denied")
        if self.heard.has(M.OWN, M.APOLOGISE) and truth is Truth.FALSE:
            self.flags.add("owned-falsehood")
            self._move((-14, 0, -8), "apologised for something that is not so")
        if self.heard.has(M.DENY, M.OWN) and truth is Truth.UNKNOWN:
            self.flags.add("asserted-unknown")
            self._move((-14, 0, -8), "asserted what nobody knows yet")
        if self.heard.has(M.INVENT):
            self._caught(self.heard.strength(M.INVENT) >= 1)

    def _caught(self, contradicted: bool) -> None:
        """An untruth counts at once; a figure without a source the second time."""
        if "invented" in self.flags:
            self.flags.add("invented-again")
        elif contradicted or "unsourced" in self.flags:
            self.flags.add("invented")
            self._reopen()
        else:
            self.flags.add("unsourced")

    def _gains(self) -> None:
        concern = self.concerns[self.target]
        fade = 0.5**concern.heard
        for kind, change in GAINS.items():
            strength = self.heard.strength(kind)
            if not strength:
                continue
            share = strength * (fade if kind in (M.ACKNOWLEDGE, M.REFLECT) else 1.0)
            if kind is M.EXPLORE:
                share *= 0.7**concern.explored
            if kind is M.ADMIT:
                share *= 0.4 if "admitted" in self.flags else 1.0
                self.flags.add("admitted")
            self._move(change, f"seller's move: {kind.value}", share)
        if self.heard.has(M.ACKNOWLEDGE, M.REFLECT):
            self._concern(self.target, heard=concern.heard + 1)
        truth = self.scenario.rumour.truth if self.scenario.rumour else None
        if truth is Truth.TRUE and self.heard.has(M.OWN) and "owned" not in self.flags:
            self.flags.add("owned")
            self._move((10, 0, 6), "owned what is true")
        if truth is Truth.FALSE and self.heard.has(M.CORRECT) and "corrected" not in self.flags:
            self.flags.add("corrected")
            self._move((4, 0, 2), "corrected what is false")

    def _explored(self) -> None:
        if not self.heard.has(M.EXPLORE):
            return
        concern = self.concerns[self.target]
        standing = concern.standing
        if standing in (Standing.SURFACED, Standing.REOPENED):
            standing = Standing.EXPLORED
        self._concern(self.target, explored=concern.explored + 1, standing=standing)

    def _needs(self) -> None:
        for concern in self.scenario.concerns:
            state = self.concerns[concern.id]
            if state.standing is Standing.RESOLVED:
                continue
            new = {n.id for n in concern.needs if self._brings(concern, n.id)} - state.met
            if not new:
                continue
            self._concern(concern.id, met=state.met | new)
            self.progress += [f"{concern.id}/{n}" for n in sorted(new)]
            self._move((4, 8, 3), f"brought what {concern.id} needs: {', '.join(sorted(new))}")
        for concern in self.scenario.concerns:
            state = self.concerns[concern.id]
            if state.standing in (Standing.SURFACED, Standing.EXPLORED, Standing.REOPENED):
                if self._answered(concern) and state.explored >= self.rules.explored:
                    self._concern(concern.id, standing=Standing.ANSWERED)

    def _brings(self, concern: Concern, need_id: str) -> bool:
        need = next(n for n in concern.needs if n.id == need_id)
        if need.about and f"{concern.id}/{need.id}" not in self.heard.needs:
            return False
        if need.move and not self.heard.has(need.move):
            return False
        # a bare move counts for the concern it was about
        return bool(need.about) or concern.id == self.target or need.move in (M.OWN, M.CORRECT)

    def _answered(self, concern: Concern) -> bool:
        met = self.concerns[concern.id].met
        enough = math.ceil(self.rules.need_share * len(concern.needs))
        return len(met) >= enough and all(n.id in met for n in concern.needs if n.required)

    def _constructive(self) -> bool:
        return (
            self.heard.has(*CONSTRUCTIVE)
            or bool(self.progress)
            or bool(self.heard.needs)
            or bool(self.heard.asked_fact)
            or self.heard.strength(M.ASK) >= 0.7
            or self.heard.has(M.OWN, M.CORRECT)
        )

    def _reopen(self) -> None:
        for key, concern in self.concerns.items():
            if concern.standing is Standing.RESOLVED:
                self._concern(key, standing=Standing.REOPENED)
                self.log.append(f"{key} is open again")
                return

    def _concern(self, key: str, **changes: Any) -> None:
        self.concerns[key] = replace(self.concerns[key], **changes)

    def _target(self) -> str:
        """The concern that the message is about: what is on the table, unless another is nearer."""
        state = self.before

        def nearness(key: str) -> float:
            return self.heard.relevance.get(key, 0.0) + (0.15 if key == state.focus else 0.0)

        visible = [k for k, c in state.concerns.items() if c.standing is not Standing.HIDDEN]
        return max(visible, key=nearness, default=state.focus)

    # --- what the buyer does next ---

    def decide(self) -> Next:
        return (
            self._ending()
            or self._offended()
            or self._unreadable()
            or self._asked_for_step()
            or self._answer()
            or self._rest()
        )

    def _ending(self) -> Next | None:
        if self.patience <= 0:
            return Next(Act.WALK_AWAY, "patience is used up")
        if self.turn >= LONGEST:
            return Next(Act.WALK_AWAY, "the time is up")
        if self.trust <= 6:
            return Next(Act.WALK_AWAY, "no trust is left")
        if len(FATAL & self.flags) and self.trust < 15:
            return Next(Act.WALK_AWAY, "caught in an untruth, and little trust is left")
        if self.heard.has(M.DISQUALIFY) and not (
            self.progress or self.heard.has(M.NEXT_STEP, M.EXPLORE, M.EVIDENCE)
        ):
            return Next(Act.NOT_A_FIT, "the seller said honestly that it isn't a fit")
        return None

    def _offended(self) -> Next | None:
        heard, words = self.heard, None
        if fatal := (FATAL & self.flags) - self.before.flags:
            move = heard.first(M.DENY, M.OWN, M.APOLOGISE, M.INVENT)
            words = move.quote if move else None
            return Next(Act.CONFRONT, f"hard rule broken: {', '.join(sorted(fatal))}", claim=words)
        for kind, act in (
            (M.INVENT, Act.CHALLENGE),
            (M.DISPARAGE, Act.REBUFF_DISPARAGE),
            (M.PUSH, Act.REBUFF_PUSH),
            (M.DISCOUNT, Act.REBUFF_DISCOUNT),
        ):
            if move := heard.first(kind):
                return self._warned(Next(act, f"seller's move: {kind.value}", claim=move.quote))
        if heard.has(M.DISMISS) and not self.progress and not heard.has(M.EXPLORE):
            return self._warned(self._press("the concern was brushed aside", Act.FEEL_IGNORED))
        if heard.has(M.FLATTER) and not self.progress and not heard.has(M.EXPLORE):
            return Next(Act.REBUFF_FLATTERY, "flattered", self.target)
        return None

    def _unreadable(self) -> Next | None:
        for kind, act in (
            (M.PROMPT_LIKE, Act.PUZZLED_PROMPT),
            (M.FOREIGN, Act.PUZZLED_LANGUAGE),
            (M.NOISE, Act.PUZZLED),
            (M.OFF_TOPIC, Act.PUZZLED),
            (M.STUFF, Act.PUZZLED),
        ):
            if self.heard.has(kind) and not self.progress and not self._good_beside(kind):
                return self._warned(Next(act, f"seller's move: {kind.value}", self.target))
        if self.heard.has(M.MONOLOGUE):
            return self._warned(Next(Act.INTERRUPT, "too long", self.target))
        if self.heard.has(M.REPEAT) and not self._constructive():
            return self._warned(self._press("said again what was said", Act.NOTICE_REPEAT))
        return None

    def _good_beside(self, kind: M) -> bool:
        return kind in (M.STUFF, M.OFF_TOPIC) and self.heard.has(*CONSTRUCTIVE)

    def _asked_for_step(self) -> Next | None:
        if not self.heard.has(M.NEXT_STEP):
            return None
        self._accept_ready()
        if not self._blocked():
            return Next(Act.AGREE, "every concern that counts is settled and trust is there")
        if self.progress or self.heard.has(M.EXPLORE):
            return None  # first the answer, then the step
        blocker = self._blocked()
        if blocker and blocker in self.concerns and self._visible(blocker):
            return self._press("a next step was proposed too early", None, Act.NOT_YET, blocker)
        return Next(Act.NOT_YET, "a next step was proposed before there was enough trust")

    def _accept_ready(self) -> list[str]:
        """Settles what is answered, if there is trust enough; the only place that concedes."""
        done: list[str] = []
        for key, state in self.concerns.items():
            if state.standing is Standing.ANSWERED and self.trust >= self.rules.accept:
                if not FATAL & self.flags:
                    self._concern(key, standing=Standing.RESOLVED)
                    done.append(key)
                    self.log.append(f"{key} is settled: needs met, trust {self.trust:.0f}")
        return done

    def _blocked(self) -> str | None:
        """What stands between the buyer and a next step: a concern, or "trust"; None if nothing."""
        for concern in self.scenario.concerns:
            state = self.concerns[concern.id]
            if state.standing is Standing.RESOLVED or concern.weight < 2:
                continue
            if state.standing is Standing.HIDDEN and not self.rules.hidden_too:
                continue
            return concern.id
        if FATAL & self.flags:
            return "trust"
        extra = 8 if "invented" in self.flags else 0
        return "trust" if self.trust < self.rules.agree + extra else None

    def _answer(self) -> Next | None:
        if revealed := self._reveals():
            return revealed
        done = self._accept_ready()
        if done:
            self.value = min(100.0, self.value + 6)
            return self._after_accept(done[0])
        if self.progress or self.heard.has(M.CHECK, M.EVIDENCE, M.OWN, M.CORRECT, M.COMMIT):
            return self._still_missing()
        return None

    def _after_accept(self, key: str) -> Next:
        if upcoming := self._next_open():
            self._concern(upcoming, pressed=self.concerns[upcoming].pressed + 1)
            return Next(Act.ACCEPT, f"{key} is answered and trusted", key, follow=Act.PRESS)
        if self._blocked():
            return Next(Act.ACCEPT, f"{key} is answered and trusted", key)
        return Next(Act.ACCEPT, f"{key} was the last that counted", key, follow=Act.INVITE)

    def _still_missing(self) -> Next:
        key = self.progress[0].split("/")[0] if self.progress else self.target
        if not self._visible(key):
            key = self.target
        state, concern = self.concerns[key], self._find(key)
        if state.standing is Standing.RESOLVED:
            if upcoming := self._next_open():
                return self._press("that one is settled; this one isn't", None, Act.PRESS, upcoming)
            return self._invite_or_wait()
        lead = Act.SOFTEN if self.heard.has(M.ACKNOWLEDGE, M.REFLECT, M.OWN) else None
        if self._answered(concern):
            why = "not asked about it yet" if state.explored < self.rules.explored else "no trust yet"
            return Next(Act.DOUBT, f"{key}: {why}", key, lead=lead)
        missing = [n.id for n in concern.needs if n.id not in state.met]
        required = [n.id for n in concern.needs if n.required and n.id in missing]
        need = (required or missing)[0]
        return Next(Act.ASK_FOR, f"{key} still needs: {need}", key, need=need, lead=lead)

    def _reveals(self) -> Next | None:
        asks = self.heard.strength(M.EXPLORE) >= 0.6 or self.heard.has(M.CHECK)
        earned = any(
            c.explored >= (1 if c.standing is Standing.RESOLVED else self._depth())
            for c in self.concerns.values()
            if c.standing is not Standing.HIDDEN
        )
        if not (asks and earned and self.trust >= self.rules.reveal) or FATAL & self.flags:
            return None
        for concern in self.scenario.concerns:
            state = self.concerns[concern.id]
            if state.standing is Standing.HIDDEN:
                self._concern(concern.id, standing=Standing.SURFACED, pressed=1)
                lead = Act.SOFTEN if self.heard.has(M.ACKNOWLEDGE, M.REFLECT) else None
                return Next(Act.REVEAL, "asked openly, and trusted enough", concern.id, lead=lead)
        return None

    def _depth(self) -> int:
        return 3 if self.rules.loss > 1 else 2

    def _rest(self) -> Next:
        heard = self.heard
        if heard.asked_fact and not (heard.has(M.EXPLORE) and self._unexplored()):
            return Next(Act.TELL_FACT, "asked for it", self.target, fact=heard.asked_fact)
        if heard.has(M.EXPLORE) or heard.strength(M.ASK) >= 0.7:
            lead = Act.SOFTEN if heard.has(M.ACKNOWLEDGE, M.REFLECT) else None
            if self.concerns[self.target].standing is Standing.RESOLVED:
                return self._still_missing()
            return Next(Act.EXPLAIN, "asked about it", self.target, lead=lead)
        if heard.has(M.ACKNOWLEDGE, M.REFLECT, M.ADMIT):
            return self._warned(self._press("felt heard, wants an answer", Act.SOFTEN))
        if heard.has(M.GREET) and self.turn <= 1:
            return self._press("greeted", Act.SMALL_TALK)
        return self._warned(self._press("the concern was not taken up", Act.FEEL_IGNORED))

    def _unexplored(self) -> bool:
        return self.before.concerns[self.target].explored == 0

    def _press(
        self, why: str, lead: Act | None, act: Act = Act.PRESS, key: str | None = None
    ) -> Next:
        key = key or self.target
        if self.concerns[key].standing is Standing.RESOLVED:
            key = self._next_open() or key
        if self.concerns[key].standing is Standing.RESOLVED:
            return self._invite_or_wait(lead)
        self._concern(key, pressed=self.concerns[key].pressed + 1)
        return Next(act, why, key, lead=lead)

    def _invite_or_wait(self, lead: Act | None = None) -> Next:
        if self._blocked():
            return Next(Act.NOT_YET, "nothing on the table, but not enough trust", lead=lead)
        return Next(Act.INVITE, "nothing more in the way", self.target, lead=lead)

    def _warned(self, planned: Next) -> Next:
        """The last words before leaving, once."""
        if self.patience <= 22 and "warned" not in self.flags:
            self.flags.add("warned")
            return replace(planned, follow=Act.WARN)
        return planned

    def _next_open(self) -> str | None:
        for concern in self.scenario.concerns:
            if self._visible(concern.id):
                if self.concerns[concern.id].standing is not Standing.RESOLVED:
                    return concern.id
        return None

    def _visible(self, key: str) -> bool:
        return self.concerns[key].standing is not Standing.HIDDEN

    def _find(self, key: str) -> Concern:
        return next(c for c in self.scenario.concerns if c.id == key)

    # --- the state afterwards ---

    def settled(self, act: Next) -> BuyerState:
        focus = act.concern or self.target
        if self.concerns[focus].standing is Standing.RESOLVED:
            focus = self._next_open() or focus
        told = {act.fact} if act.fact else set()
        return replace(
            self.before,
            trust=round(self.trust, 2),
            value=round(self.value, 2),
            patience=round(self.patience, 2),
            concerns=self.concerns,
            focus=focus,
            turn=self.turn,
            pending=f"{act.concern}/{act.need}" if act.need else None,
            flags=frozenset(self.flags),
            facts_told=self.before.facts_told | told,
            said=(self.before.said + self.heard.said)[-REMEMBERED:],
            log=tuple(self.log),
        )
