"""Claims that we or a competitor are better, against the battlecards."""

from __future__ import annotations

from collections.abc import Sequence

from coach.finding import Finding
from coach.grounds import Fact, Ground
from coach.ledger import ClaimStatus as S
from coach.statement import Side, Statement
from knowledge.evidence import Advantage, Evidence, Kind

ON_TOPIC = 0.40

_AGREES = {Side.US: Advantage.US, Side.THEM: Advantage.THEM, Side.LEVEL: Advantage.SIMILAR}


def compared(said: Statement, grounds: Sequence[Ground], cards: Sequence[Fact]) -> Finding | None:
    """The finding where the statement ranks us and a competitor, else None.

    ``cards`` are facts about the named competitor, to cite against a blanket claim.
    """
    if said.ahead is None or not said.names.competitors:
        return None
    on_topic = [
        g for g in grounds
        if _is_card(g.fact.evidence, said) and g.score >= ON_TOPIC and g.words >= 0.2
    ]  # fmt: skip
    if not on_topic:
        return _blanket(said, cards)
    best = max(on_topic, key=lambda g: g.score)
    item = best.fact.evidence
    facts = _both_sides(item, [g.fact for g in on_topic if g.fact.evidence is item])
    return Finding(_status(said.ahead, item.advantage), facts, _note(item), best.score)


def _is_card(item: Evidence, said: Statement) -> bool:
    return item.kind is Kind.COMPETITIVE_FACT and item.competitor in said.names.competitors


def _status(ahead: Side, advantage: Advantage | None) -> S:
    if advantage in {None, Advantage.UNSTATED}:
        return S.UNSUPPORTED
    if _AGREES[ahead] is advantage:
        return S.SUPPORTED
    if ahead is Side.US and advantage in {Advantage.SIMILAR, Advantage.MIXED}:
        return S.OVERSTATED
    return S.CONTRADICTED


def _note(item: Evidence) -> str:
    about = (item.criterion or item.title)[:80]
    who = (item.competitor or "the competitor")[:60]
    return {
        Advantage.US: f"On {about} we are ahead of {who}.",
        Advantage.THEM: f"On {about} {who} is ahead of us: say so.",
        Advantage.SIMILAR: f"On {about} we and {who} are level.",
        Advantage.MIXED: f"On {about} neither we nor {who} is ahead in everything.",
    }.get(item.advantage or Advantage.UNSTATED, f"No source says who is ahead on {about}.")


def _both_sides(item: Evidence, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    sides = [f for f in facts if f.said.text in {item.us, item.them}]
    return tuple(sides or facts)[:2]


def _blanket(said: Statement, cards: Sequence[Fact]) -> Finding | None:
    """Better in general: the first card on which the other side leads stands against it."""
    if said.ahead is not Side.US or said.figures:
        return None
    against = [
        f
        for f in cards
        if f.evidence.advantage is Advantage.THEM and f.said.text == f.evidence.them
    ]
    if not against:
        return None
    who = (against[0].evidence.competitor or "the competitor")[:60]
    return Finding(
        S.OVERSTATED,
        tuple(against[:1]),
        f"{who} is ahead in some things: name the one that you mean.",
        0.5,
    )
