"""What if: the two turns at which another reply would have gained most, played through the buyer.

Code decides which turns those are, by the states; each suggestion that fits there is heard, held
against the evidence and reacted to as the seller's own words were. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach.assessment import Verdict
from coach.buyer import FATAL, BuyerState, DecisionKind, Next, Standing, react
from coach.debrief.ahead import Ahead, Reply
from coach.debrief.summing import Corrections
from coach.hints import situation_in, wanted_now
from coach.scenario import Act, Scenario
from coach.session import Session, Speaker, Turn
from coach.suggestion import Suggestion
from coach.turn import counted, weighed

if TYPE_CHECKING:
    from coach.claims import ClaimChecker
    from coach.perception import Perceiver
    from coach.ports import Retriever
    from coach.suggestion.advisor import Advisor

LOOKED_AT = 3  # turns at which suggestions are played: those that cost most
TOLD = 2
LEAST_GAIN = 3.0  # below this another reply would have changed nothing

_STANDING = {
    Standing.HIDDEN: 0,
    Standing.SURFACED: 4,
    Standing.REOPENED: 2,
    Standing.EXPLORED: 8,
    Standing.ANSWERED: 14,
    Standing.RESOLVED: 24,
}
_DECIDED = {
    DecisionKind.SETTLED: "let go of {}",
    DecisionKind.TOLD: "told you about {}",
    DecisionKind.AGREED: "agreed to the next step",
    DecisionKind.PARTED: "parted with you as a friend",
}
#: What the buyer would have done, where nothing was decided by it.
_DONE = {
    Act.EXPLAIN: "told you more",
    Act.TELL_FACT: "told you something new",
    Act.SOFTEN: "felt heard",
    Act.ASK_FOR: "asked you for one specific thing",
    Act.DOUBT: "weighed it, and asked for more",
    Act.PRESS: "come back to what worries them",
    Act.INVITE: "asked what you propose",
    Act.HESITATE: "let you see that something unsaid holds them back",
    Act.NOTE: "taken your promise for now",
}


@dataclass(frozen=True)
class Moment:
    """A seller's turn with the buyer before and after it."""

    words: str  # the buyer's, before it
    before: BuyerState
    turn: Turn
    after: BuyerState

    @property
    def change(self) -> float:
        return _change(self.before, self.after)


def _change(before: BuyerState | None, after: BuyerState | None) -> float:
    return worth(after) - worth(before) if before and after else 0.0


def worth(state: BuyerState) -> float:
    """How well a talk stands, in points of trust."""
    concerns = sum(_STANDING[c.standing] for c in state.concerns.values())
    return state.trust + state.patience / 2 + concerns - 40 * bool(state.flags & FATAL)


def moments(turns: Sequence[Turn]) -> list[Moment]:
    """All seller's turns whose buyer is known on both sides."""
    return [
        Moment(before.text, before.state, seller, after.state)
        for before, seller, after in zip(turns, turns[1:], turns[2:], strict=False)
        if seller.speaker is Speaker.SELLER and before.state and after.state
    ]


@dataclass(frozen=True)
class Played:
    """A suggestion at a moment, and the buyer whom it would have met."""

    moment: Moment
    suggestion: Suggestion
    state: BuyerState
    planned: Next

    @property
    def gain(self) -> float:
        return worth(self.state) - worth(self.moment.after)


class WhatIf:
    """Plays other replies; synchronous where nothing else is said: call it on a thread."""

    def __init__(
        self,
        perceiver: Perceiver,
        checker: ClaimChecker,
        advisor: Advisor,
        retriever: Retriever,
    ) -> None:
        self._perceiver, self._checker, self._advisor = perceiver, checker, advisor
        self.ahead = Ahead(self._replies, retriever)

    def met(self, session: Session, scenario: Scenario, buyer: Turn) -> None:
        """A buyer's turn that was stored after those of ``session``: the seller's before it is
        played ahead if it is among those that cost most so far. In the event loop."""
        change = _change(session.turns[-1].state, buyer.state)
        costlier = sum(m.change <= change for m in moments(session.turns))
        if costlier < LOOKED_AT:
            self.ahead.see(session, scenario, buyer.index - 1)
        self.ahead.wait_for_quiet()

    def of(
        self, session: Session, scenario: Scenario, corrected: Corrections
    ) -> tuple[dict[str, Any], ...]:
        """In the order of the turns, each as JSON: what was said, what could have been, and how
        the buyer would have taken it. A turn for which nothing better is known gets the tip of a
        check it missed, and no ``played``."""
        costly = sorted(moments(session.turns), key=lambda m: m.change)[:LOOKED_AT]
        best = [found for m in costly if (found := self._best(m, session, scenario))]
        best.sort(key=lambda played: -played.gain)
        told = [_as_told(played, scenario) for played in best[:TOLD]]
        taken = {entry["turn"] for entry in told}
        rest = (m for m in costly if m.change < 0 and m.turn.index not in taken)
        told += [tip for m in rest if (tip := _tip(m, scenario, corrected))]
        return tuple(sorted(told[:TOLD], key=lambda entry: entry["turn"]))

    def _best(self, moment: Moment, session: Session, scenario: Scenario) -> Played | None:
        played = max(self._all(moment, session, scenario), key=lambda p: p.gain, default=None)
        return played if played and played.gain >= LEAST_GAIN else None

    def _all(self, moment: Moment, session: Session, scenario: Scenario) -> Iterator[Played]:
        known = self.ahead.replies(session.id, moment.turn.index)
        if known is None:
            known = self._replies(moment.words, moment.before, session, scenario)
        for reply in known:
            yield Played(moment, *reply)

    def _replies(
        self, words: str, before: BuyerState, session: Session, scenario: Scenario
    ) -> tuple[Reply, ...]:
        """What fits to the buyer's ``words``, and how they would have taken it."""
        advice = self._advisor.advise(
            words,
            situation_in(scenario, scenario.persona(session.persona)),
            kind=scenario.objection,
            wanted=wanted_now(scenario, before),
            places=scenario.places,
        )
        return tuple(
            self._reply(suggestion, words, before, session, scenario)
            for suggestion in advice.suggestions
        )

    def _reply(
        self,
        suggestion: Suggestion,
        words: str,
        before: BuyerState,
        session: Session,
        scenario: Scenario,
    ) -> Reply:
        heard = self._perceiver.hear(scenario, suggestion.text, words, before.said)
        plan = scenario.kind == "strategic"
        claims = counted(heard, self._checker.check(suggestion.text, scenario.spoken, plan))
        state, planned = react(before, weighed(heard, claims), scenario, session.difficulty)
        return Reply(suggestion, state, planned)


def _as_told(played: Played, scenario: Scenario) -> dict[str, Any]:
    moment, suggestion = played.moment, played.suggestion
    return {
        "turn": moment.turn.index,
        "suggestion": suggestion.text,
        "style": suggestion.style.value,
        "claims": [
            {"evidence_id": c.evidence_id, "quote": c.quote, "span": list(c.span)}
            for c in suggestion.claims
        ],
        "played": {
            "act": played.planned.act.value,
            "would": _would(played, scenario),
            **_moods(moment, played.state),
        },
    }


def _moods(moment: Moment, instead: BuyerState) -> dict[str, Any]:
    """How trust, value and patience moved, and how they would have."""
    return {
        name: {
            "was": round(getattr(moment.after, name) - getattr(moment.before, name)),
            "would_be": round(getattr(instead, name) - getattr(moment.before, name)),
        }
        for name in ("trust", "value", "patience")
    }


def _would(played: Played, scenario: Scenario) -> str:
    """What the buyer would have done, in the past: "told you about the outage of 2024"."""
    labels = {c.id: c.short for c in scenario.concerns}
    made = [
        _DECIDED[d.kind].format(labels.get(d.concern or "", "it"))
        for d in played.state.decisions
        if d.kind in _DECIDED
    ]
    return " and ".join(made) or _DONE.get(played.planned.act, "stayed in the talk")


def _tip(moment: Moment, scenario: Scenario, corrected: Corrections) -> dict[str, Any] | None:
    tips = {item.id: item.tip for item in scenario.checks}
    checks = moment.turn.assessment.checks if moment.turn.assessment else ()
    for check in checks:
        verdict = corrected.overruled.get((moment.turn.index, check.id), check.verdict)
        if verdict is Verdict.NO and check.id in tips:
            return {"turn": moment.turn.index, "suggestion": tips[check.id]}
    return None
