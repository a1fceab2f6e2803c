"""What a message does to the buyer: trust, value, patience, and where each concern stands."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from coach.buyer.rules import (
    CONSTRUCTIVE,
    FELT,
    GAINS,
    LONGEST_QUOTE,
    LOSSES,
    ON_THE_POINT,
    UNREADABLE,
    Rules,
)
from coach.buyer.state import BuyerState, Decision, DecisionKind, Standing
from coach.moves import MoveKind as M
from coach.perception import Perception
from coach.scenario import Concern, Need, Scenario
from knowledge.evidence import Truth

#: How strong a move must be to meet a need: proof that has run out, or a source that is only
#: named, proves nothing yet.
PROVES = {M.EVIDENCE: 0.4}
#: Messages in a row that may ask or listen only, before the buyer grows impatient for an answer.
TALK_WITHOUT_ANSWER = 2


class Listening:
    """One reaction while it is being worked out; nothing outlives ``react``."""

    def __init__(
        self, state: BuyerState, heard: Perception, scenario: Scenario, rules: Rules
    ) -> None:
        self.before, self.heard, self.scenario, self.rules = state, heard, scenario, rules
        self.trust, self.value, self.patience = state.trust, state.value, state.patience
        self.trust -= state.distrust
        self.distrust = 0.0
        self.concerns = dict(state.concerns)
        self.flags = set(state.flags)
        self.log: list[str] = []
        self.turn = state.turn + 1
        self.dry = 0 if self._answers() else state.dry + 1
        self.target = self._target()
        self.progress: list[str] = []  # needs met just now
        self.decisions: list[Decision] = []
        self.worries = [c for c in scenario.concerns if c.id in state.concerns]

    # --- what the message does to the buyer ---

    def listen(self) -> None:
        self._move((0, 0, -3), "time passes")
        self._losses()
        if not self.heard.has(*UNREADABLE) or self.heard.needs:
            self._gains()
            self._explored()
            self._needs()
        if self._excused():
            return
        if not self._constructive():
            share = 0.5 if self._to_the_point() else 1.0
            self._move((-3, 0, -8), "the concern was not taken up", share)
        if self.dry > TALK_WITHOUT_ANSWER:
            self._move((0, 0, -3), "time goes by without an answer")

    def _excused(self) -> bool:
        """Once of each kind, talk beside the matter is no evasion."""
        side = self.heard.beside
        flag = f"aside-{side.kind.value}" if side and side.alone else ""
        if not flag or flag in self.flags or self.heard.has(*UNREADABLE):
            return False
        self.flags.add(flag)
        return True

    def _move(self, change: tuple[float, float, float], why: str, share: float = 1.0) -> None:
        trust, value, patience = (
            amount * share * (self.rules.gain if amount > 0 else self.rules.loss)
            for amount in change
        )
        self.trust, self.value = self.trust + trust, self.value + value
        self.patience += patience
        self.log.append(f"{why}: trust {trust:+.1f}, value {value:+.1f}, patience {patience:+.1f}")

    def _within_bounds(self) -> None:
        """Once a message, so that it doesn't matter in which order its parts are felt. What trust
        falls below nothing has to be made good before there is any again."""
        self.distrust = max(0.0, -self.trust)
        self.trust, self.value, self.patience = (
            min(100.0, max(0.0, felt)) for felt in (self.trust, self.value, self.patience)
        )

    def _losses(self) -> None:
        for kind, change in LOSSES.items():
            if strength := self.heard.strength(kind):
                self._move(change, FELT[kind], strength)
        if self.heard.has(M.REPEAT) and not self._constructive():
            self._move((-1, 0, -9), "said again what was said")
        self._untruths()
        if self.before.knows_no_need and self._sells():
            self._move((-8, 0, -8), "was offered what they had said they don't need")
        for key, concern in self.concerns.items():
            if concern.standing is Standing.RESOLVED and concern.proof & self.heard.discredited:
                self._reopen(key, "the proof that had settled it did not hold")

    def _untruths(self) -> None:
        """What a rumour forbids to say, and inventions."""
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
            if doubted := self._nearest_answer():
                self._reopen(doubted, "the seller was caught inventing")
        else:
            self.flags.add("unsourced")

    def _nearest_answer(self) -> str | None:
        """The concern that the message says most about, of those to which an answer was brought,
        settled or not; one whose own proof fell first."""
        told = {k: c for k, c in self.concerns.items() if c.standing is not Standing.HIDDEN}
        settled = [k for k, c in told.items() if c.standing is Standing.RESOLVED]
        if any(told[k].proof & self.heard.discredited for k in settled):
            return None  # that one is reopened for its own reason
        answered = [k for k, c in told.items() if c.met or k in settled]
        return max(answered, key=lambda k: self.heard.relevance.get(k, 0.0), default=None)

    def _sells(self) -> bool:
        """Recommends a purchase; an honest no beside it offers something else."""
        return self.heard.has(M.NEXT_STEP, M.PUSH, M.DISCOUNT) and not self.heard.has(M.DISQUALIFY)

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
            self._move(change, FELT[kind], share)
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
        surfaced = concern.standing is Standing.SURFACED
        standing = Standing.EXPLORED if surfaced else concern.standing
        self._concern(self.target, explored=concern.explored + 1, standing=standing)

    def _needs(self) -> None:
        for concern in self.worries:
            state = self.concerns[concern.id]
            if state.standing is Standing.RESOLVED:
                continue
            new = {n.id for n in concern.needs if self._brings(concern, n.id)} - state.met
            if not new:
                continue
            words = {n.id: self._words(concern, n) for n in concern.needs if n.id in new}
            self._concern(
                concern.id,
                met=state.met | new,
                words={**state.words, **words},
                proof=state.proof | self.heard.cited,
            )
            self.progress += [f"{concern.id}/{n}" for n in sorted(new)]
            self._move((4, 8, 3), f"brought what {concern.id} needs: {', '.join(sorted(new))}")
        for concern in self.worries:
            state = self.concerns[concern.id]
            waiting = state.standing in (Standing.SURFACED, Standing.EXPLORED)
            waiting = waiting or (state.standing is Standing.REOPENED and self._repairs(concern))
            if waiting and self._answered(concern) and self._asked_enough(concern.id):
                self._concern(concern.id, standing=Standing.ANSWERED)
                self._move((0, 6, 0), f"{concern.id} is answered")

    def _brings(self, concern: Concern, need_id: str) -> bool:
        need = next(n for n in concern.needs if n.id == need_id)
        if need.about and f"{concern.id}/{need.id}" not in self.heard.needs:
            return False
        if need.move and self.heard.strength(need.move) < PROVES.get(need.move, 0.0):
            return False
        if need.move and not self.heard.has(need.move):
            return False
        # a bare move counts for the concern it was about
        return bool(need.about) or concern.id == self.target or need.move in (M.OWN, M.CORRECT)

    def _words(self, concern: Concern, need: Need) -> str:
        """The seller's words that met ``need``."""
        move = self.heard.needs.get(f"{concern.id}/{need.id}")
        move = move or (self.heard.first(need.move) if need.move else None)
        return move.quote[:LONGEST_QUOTE] if move else ""

    def _repairs(self, concern: Concern) -> bool:
        """After an untruth the old answer isn't enough: it must be given anew, or proof or
        frankness come on top, and not in the message that opened the concern again."""
        if self.before.concerns[concern.id].standing is not Standing.REOPENED:
            return False
        proof = self.heard.strength(M.EVIDENCE) >= PROVES[M.EVIDENCE]
        frank = proof or self.heard.has(M.ADMIT, M.COMMIT, M.APOLOGISE)
        brought = any(key.startswith(f"{concern.id}/") for key in self.heard.needs)
        return (frank or brought) and not self.heard.has(M.INVENT)

    def _answered(self, concern: Concern) -> bool:
        met = self.concerns[concern.id].met
        enough = math.ceil(self.rules.need_share * len(concern.needs))
        return len(met) >= enough and all(n.id in met for n in concern.needs if n.required)

    def _asked_enough(self, key: str) -> bool:
        """An answer before a question is a guess; a stricter buyer minds it for every concern."""
        first = next(c.id for c in self.worries if not c.hidden)
        due = self.rules.explored if key == first or self.rules.explore_each else 0
        return self.concerns[key].explored >= due

    def _answers(self) -> bool:
        """Brings something in itself. Looks at the message alone: were it what was asked for last
        that counts, who gets there sooner would be asked for more, and pay for it sooner."""
        substance = (M.EVIDENCE, M.ADMIT, M.COMMIT, M.OWN, M.CORRECT, M.APOLOGISE, M.DISQUALIFY)
        return bool(self.heard.needs) or self.heard.has(*substance, M.NEXT_STEP)

    def _constructive(self) -> bool:
        return (
            self.heard.has(*CONSTRUCTIVE)
            or bool(self.progress)
            or bool(self.heard.needs)
            or bool(self.heard.asked_fact)
            or self.heard.strength(M.ASK) >= 0.7
            or self.heard.has(M.OWN, M.CORRECT)
        )

    def _to_the_point(self) -> bool:
        """About what is on the table, if no answer to it."""
        return self.heard.relevance.get(self.target, 0.0) >= ON_THE_POINT

    def _reopen(self, key: str, why: str) -> None:
        self._concern(key, standing=Standing.REOPENED)
        self._decided(DecisionKind.REOPENED, key, why)

    def _decided(self, kind: DecisionKind, key: str | None, why: str) -> None:
        """Records what the buyer concedes or takes back, and why."""
        self.decisions.append(Decision(kind, key, why))
        self.log.append(f"{key or 'the talk'} is {kind.value}: {why}")

    def _concern(self, key: str, **changes: Any) -> None:
        self.concerns[key] = replace(self.concerns[key], **changes)

    def _target(self) -> str:
        """The concern that the message is about: what is on the table, unless another is nearer."""
        state = self.before

        def nearness(key: str) -> float:
            return self.heard.relevance.get(key, 0.0) + (0.15 if key == state.focus else 0.0)

        visible = [k for k, c in state.concerns.items() if c.standing is not Standing.HIDDEN]
        return max(visible, key=nearness, default=state.focus)
