"""One statement against its grounds: what status it has, and which facts say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from coach.claims import wording
from coach.claims.absence import misplaced, uncounted
from coach.claims.agreement import Match, compare
from coach.claims.comparison import compared, swapped
from coach.claims.figures import CLOCK, DATE
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.limits import limited, listed, overdrawn
from coach.claims.measures import measured, vague
from coach.claims.opposition import agrees, fit, of_one, refuted
from coach.claims.parties import estranged, same_subject
from coach.claims.rumours import rumoured
from coach.claims.statement import Statement
from knowledge.evidence import Visibility

SAID = 0.05  # what it counts that a fact says the same
VERBATIM = 0.95  # cosine from which words are the evidence's own
LONG_ENOUGH, LOOK_BACK = 14, 30
MOST_CITED = 3
QUOTED = "The evidence says it in these words."
STALE = 0.2


def judge(said: Statement, grounds: Sequence[Ground], facts: Facts, day: date) -> Finding:
    """The status of one clause."""
    fitting = [ground for ground in grounds if same_subject(said, ground.fact)]
    found = (
        _quoted(said, fitting)
        or rumoured(said, grounds, facts)
        or compared(said, grounds, facts)
        or swapped(said, grounds, facts)
        or estranged(said, facts)
        or misplaced(said, grounds, facts)
        or _listed_or_refuted(said, fitting, facts, day)
        or overdrawn(said, fitting)
        or _nothing(said, grounds)
    )
    return quotable(found, day)


def _quoted(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """The finding where the evidence is said word for word, or nearly so."""
    for ground in grounds:
        fact = ground.fact
        same = [
            any(compare(f, there) is Match.SAME for there in fact.said.figures)
            for f in said.figures
        ]
        if not all(same) or fact.told:
            continue
        if _verbatim(said.text, fact.said.text):
            return Finding(S.SUPPORTED, (fact,), QUOTED, 1.0)
        alike = ground.closeness >= VERBATIM and said.negative == fact.said.negative
        if alike and said.stances == fact.said.stances:
            return limited(said, [fact], 1.0)
    return None


def _verbatim(said: str, fact: str) -> bool:
    """True when one text is in the other, and no "not" was cut off before it."""
    said, fact = (text.casefold().strip(" .!\"'“”") for text in (said, fact))
    shorter, longer = sorted((said, fact), key=len)
    place = longer.find(shorter)
    if place < 0 or len(shorter) < LONG_ENOUGH:
        return False
    return not wording.NEGATION.search(longer[max(0, place - LOOK_BACK) : place])


def quotation(sentence: str, facts: Iterable[Fact], day: date) -> Finding | None:
    """The finding where a whole fact stands in the sentence, word for word."""
    text = sentence.casefold()
    for fact in facts:
        said = fact.said.text.casefold().rstrip(" .!")
        whole = len(said) >= LONG_ENOUGH and not fact.told and said in text
        if whole and not wording.NEGATION.search(text[: text.find(said)]):
            return quotable(Finding(S.SUPPORTED, (fact,), QUOTED, 1.0), day)
    return None


def _listed_or_refuted(
    said: Statement, grounds: Sequence[Ground], facts: Facts, day: date
) -> Finding | None:
    """What must not be said is overstated, unless the item that says so refutes it."""
    unsayable, found = listed(said, facts), _by_items(said, grounds, day)
    if not unsayable or not found or found.status is not S.CONTRADICTED:
        return unsayable or found
    same = {fact.evidence.id for fact in unsayable.facts} & {f.evidence.id for f in found.facts}
    return found if same else unsayable


def _by_items(said: Statement, grounds: Sequence[Ground], day: date) -> Finding | None:
    found = [reading for group in _grouped(grounds) if (reading := _held_against(said, group))]
    if wording.FUTURE.search(said.text):  # what is so today can't refute it
        found = [reading for reading in found if reading.status is not S.CONTRADICTED]
    best = max(found, key=lambda finding: _weight(finding, day), default=None)
    if best and best.status is S.SUPPORTED and _stale(best, day):
        valid = (one for one in found if one.status is S.SUPPORTED and not _stale(one, day))
        return max(valid, key=lambda finding: finding.strength, default=best)
    return best


def _weight(found: Finding, day: date) -> float:
    """Its strength; what refutes a statement about today should be valid today."""
    return found.strength - STALE * (found.status is not S.SUPPORTED and _stale(found, day))


def _stale(found: Finding, day: date) -> bool:
    return any(fact.evidence.stale_on(day) for fact in found.facts)


def _held_against(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """What one item says to the statement, or None when it has nothing to say."""
    if any(figure.unit not in {CLOCK, DATE} for figure in said.figures):
        return _with_figures(said, grounds)
    if found := uncounted(said, grounds) or refuted(said, grounds):
        return found
    best = max(grounds, key=fit)
    if said.figures and not of_one(said, best.fact) and (found := measured(said, grounds)):
        if found.status is S.SUPPORTED:
            return replace(found, strength=best.score + SAID) if agrees(said, best) else None
        return found
    if agrees(said, best):
        return limited(said, [best.fact], best.score + SAID)
    return None


def _with_figures(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """Beside figures a "not" alone refutes only what its figures hardly prove."""
    against = refuted(said, grounds)
    found = measured(said, grounds) or uncounted(said, grounds) or against
    if found and against and against.by_negation:
        if vague(said) and against.facts[0] in found.facts:
            return against
        return None if found is against else found
    return found


def _nothing(said: Statement, grounds: Sequence[Ground]) -> Finding:
    near = max((ground.score for ground in grounds), default=0.0)
    if said.names.unknown:
        note = f"No source mentions {min(said.names.unknown)[:60]}."
    else:
        note = "No source has this figure." if said.figures else "No source says this."
    return Finding(S.UNSUPPORTED, (), note, near)


def quotable(found: Finding, day: date) -> Finding:
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
