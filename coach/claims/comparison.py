"""Claims about us beside a competitor, against the battlecards."""

from __future__ import annotations

from collections.abc import Sequence

from coach.claims.agreement import compare
from coach.claims.figures import CLOCK
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.ranking import Side
from coach.claims.statement import Statement, stems
from coach.claims.wording import Reach
from knowledge.evidence import Advantage, Evidence, Kind

ON_TOPIC, ABOUT_IT = 0.40, 0.1  # score and share of topic words from which a card is meant
BLANKET = 0.5
# The words of the other side's sentence fit at least so well, and by so much better.
OTHERS_WORDS, CLEARLY = 0.5, 0.25
FIGURE_WORTH = 2.0  # against a word of middling rarity

_AGREES = {Side.US: Advantage.US, Side.THEM: Advantage.THEM, Side.LEVEL: Advantage.SIMILAR}
_RANKING = stems(
    "better best ahead simply superior good company provider choice all everything "
    "far much overall than quality reliable reliability beat"
)


def compared(said: Statement, grounds: Sequence[Ground], facts: Facts) -> Finding | None:
    """The finding where the statement ranks us and a named competitor, else None."""
    if said.ahead is None:
        return None
    cards = [
        ground
        for ground in grounds
        if _is_card(ground.fact.evidence, said)
        and ground.score >= ON_TOPIC
        and max(ground.topic, facts.share(_criterion(ground), said.topic)) >= ABOUT_IT
    ]
    if not said.topic - _RANKING:
        return _blanket(said, facts)
    if not cards:
        return None
    best = max(cards, key=lambda ground: ground.score + ground.topic / 2)
    item = best.fact.evidence
    there = [figure for fact in facts.of(item) for figure in fact.said.figures]
    if not all(any(compare(f, other).found for other in there) for f in said.figures):
        return None
    if item.advantage is Advantage.MIXED and said.figures:
        return None  # a part of what is mixed, with its figures
    return Finding(_status(said.ahead, item), _sides(item, facts), _note(item), best.score)


def swapped(said: Statement, grounds: Sequence[Ground], facts: Facts) -> Finding | None:
    """Contradicted where one side is given what the card says of the other."""
    if bool(said.us) == bool(said.names.competitors) or said.names.customers:
        return None
    for item in {g.fact.evidence.id: g.fact.evidence for g in grounds}.values():
        own, other = (item.us, item.them) if said.us else (item.them, item.us)
        sides = {fact.said.text: fact for fact in facts.of(item)}
        if own not in sides or other not in sides or item.advantage is Advantage.SIMILAR:
            continue
        if not said.us and item.competitor not in said.names.competitors:
            continue
        true, borrowed = sides[own], sides[other]
        fits = _fit(said, borrowed.said, facts)
        clearly = fits >= OTHERS_WORDS and fits - _fit(said, true.said, facts) >= CLEARLY
        if clearly and said.negative == borrowed.said.negative:
            who = (item.competitor or "them")[:60]
            own, other = ("us", who) if said.us else (who, "us")
            note = f"That holds for {other}, not for {own}."
            return Finding(S.CONTRADICTED, (true, borrowed), note, fits)
    return None


def _fit(said: Statement, there: Statement, facts: Facts) -> float:
    """The share of what was said, words and figures, that a sentence has."""
    figures = [f for f in said.figures if f.unit != CLOCK]
    same = sum(any(compare(f, other).found for other in there.figures) for f in figures)
    words = facts.share(there.words, said.topic) * len(said.topic)
    whole = len(said.topic) + FIGURE_WORTH * len(figures)
    return (words + FIGURE_WORTH * same) / whole if whole else 0.0


def _is_card(item: Evidence, said: Statement) -> bool:
    return item.kind is Kind.COMPETITIVE_FACT and item.competitor in said.names.competitors


def _criterion(ground: Ground) -> frozenset[str]:
    return stems(ground.fact.evidence.criterion or "")


def _status(ahead: Side, item: Evidence) -> S:
    if item.advantage in {None, Advantage.UNSTATED}:
        return S.UNSUPPORTED
    if _AGREES[ahead] is item.advantage:
        return S.SUPPORTED
    if item.advantage is Advantage.MIXED:
        return S.OVERSTATED
    if ahead is Side.US and item.advantage is Advantage.SIMILAR:
        return S.OVERSTATED
    return S.CONTRADICTED


def _note(item: Evidence) -> str:
    about, who = (item.criterion or item.title)[:80], (item.competitor or "the competitor")[:60]
    return {
        Advantage.US: f"On {about} we are ahead of {who}.",
        Advantage.THEM: f"On {about} {who} is ahead of us: say so.",
        Advantage.SIMILAR: f"On {about} we and {who} are level.",
        Advantage.MIXED: f"On {about} neither we nor {who} is ahead in everything.",
    }.get(item.advantage or Advantage.UNSTATED, f"No source says who is ahead on {about}.")


def _sides(item: Evidence, facts: Facts) -> tuple[Fact, ...]:
    found = facts.of(item)
    return tuple(fact for fact in found if fact.said.text in {item.us, item.them}) or found[:1]


def _blanket(said: Statement, facts: Facts) -> Finding | None:
    """Better in general: a card on which the other side leads stands against it."""
    if said.ahead is not Side.US or said.figures:
        return None
    for name in sorted(said.names.competitors):
        for item in facts.by_name.get(name, []):
            if item.advantage is Advantage.THEM:
                theirs = [fact for fact in _sides(item, facts) if fact.said.text == item.them]
                note = f"{name[:60]} is ahead in some things: name the one that you mean."
                denied = Reach.NEVER in said.reaches
                return Finding(
                    S.CONTRADICTED if denied else S.OVERSTATED, tuple(theirs), note, BLANKET
                )
    return None
