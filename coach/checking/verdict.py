"""One statement against its grounds: what status it has, and which facts say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from coach.checking.comparison import compared, swapped
from coach.checking.figures import CLOCK, DATE
from coach.checking.finding import Finding
from coach.checking.grounds import Fact, Facts, Ground
from coach.checking.limits import limited, overdrawn
from coach.checking.measures import measured
from coach.checking.rumours import rumoured
from coach.checking.statement import Statement
from coach.ledger import ClaimStatus as S
from knowledge.evidence import Visibility

# Scores from which a fact without figures backs a statement, or refutes it; and the share of the
# statement's own words that it must have.
BACKS, REFUTES = 0.58, 0.52
WORDS_TO_BACK, WORDS_TO_REFUTE = 0.4, 0.3
MOST_CITED = 3


def judge(said: Statement, grounds: Sequence[Ground], facts: Facts, day: date) -> Finding:
    """The status of one clause."""
    found = (
        rumoured(said, grounds, facts)
        or compared(said, grounds, facts)
        or swapped(said, grounds, facts)
        or _by_items(said, grounds)
        or overdrawn(said, [g for g in grounds if same_subject(said, g.fact)])
        or _nothing(said, grounds)
    )
    return _quotable(found, day)


def same_subject(said: Statement, fact: Fact) -> bool:
    """False when the names rule out that both speak of the same."""
    named, there, item = said.names, fact.said.names, fact.evidence
    if named.unknown or fact.span is None:
        return False
    if named.customers and not named.customers & (there.customers | {item.customer}):
        return False
    if named.competitors:
        if not named.competitors & (there.competitors | {item.competitor}):
            return False
        return said.us or not there.vendor or bool(there.competitors)
    return not there.competitors or there.vendor or bool(there.customers)


def _by_items(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    fitting = [ground for ground in grounds if same_subject(said, ground.fact)]
    found = [reading for group in _grouped(fitting) if (reading := _held_against(said, group))]
    return max(found, key=lambda finding: finding.strength, default=None)


def _held_against(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """What one item says to the statement, or None when it has nothing to say."""
    if any(figure.unit not in {CLOCK, DATE} for figure in said.figures):
        return measured(said, grounds)
    best = grounds[0]
    if best.score >= REFUTES and best.topic >= WORDS_TO_REFUTE and _disagree(said, best.fact):
        note = "The evidence says the opposite."
        return Finding(S.CONTRADICTED, (best.fact,), note, best.score)
    if said.figures and (found := measured(said, grounds)):
        return found
    if best.score >= BACKS and best.topic >= WORDS_TO_BACK:
        return limited(said, [best.fact], best.score + 0.05)
    return None


def _disagree(said: Statement, fact: Fact) -> bool:
    there = fact.said
    opposed = any(there.stances.get(name, sign) != sign for name, sign in said.stances.items())
    return (said.negative != there.negative) != opposed


def _nothing(said: Statement, grounds: Sequence[Ground]) -> Finding:
    near = max((ground.score for ground in grounds), default=0.0)
    if said.names.unknown:
        note = f"No source mentions {min(said.names.unknown)[:60]}."
    else:
        note = "No source has this figure." if said.figures else "No source says this."
    return Finding(S.UNSUPPORTED, (), note, near)


def _quotable(found: Finding, day: date) -> Finding:
    """The finding as the rep may see it: stale marked, internal items never quoted."""
    items = [fact.evidence for fact in found.facts]
    if any(item.visibility is Visibility.INTERNAL for item in items):
        if found.status in {S.SUPPORTED, S.UNSUPPORTED}:
            note = "Only internal material speaks of this; do not tell a customer."
            return replace(found, status=S.UNSUPPORTED, facts=(), note=note)
        return replace(found, facts=(), note="Internal material speaks against this; leave it out.")
    if found.status is S.SUPPORTED and any(item.stale_on(day) for item in items):
        until = max(item.valid_until for item in items if item.valid_until)
        note = f"This evidence was valid until {until.isoformat()}; find a newer source."
        return replace(found, status=S.STALE, facts=found.facts[:MOST_CITED], note=note)
    return replace(found, facts=found.facts[:MOST_CITED])


def _grouped(grounds: Sequence[Ground]) -> Iterable[list[Ground]]:
    groups: dict[str, list[Ground]] = {}
    for ground in grounds:
        groups.setdefault(ground.fact.evidence.id, []).append(ground)
    return groups.values()
