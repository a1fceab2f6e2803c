"""One statement against its grounds: what status it has, and which facts say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from coach.claims import wording
from coach.claims.agreement import Match, compare
from coach.claims.comparison import compared, swapped
from coach.claims.figures import CLOCK, DATE
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.limits import limited, listed, overdrawn
from coach.claims.absence import misplaced, uncounted
from coach.claims.measures import measured
from coach.claims.rumours import rumoured
from coach.claims.statement import WHEN, Part, Statement
from coach.claims.wording import Reach
from knowledge.evidence import Visibility

# Scores from which a fact without figures backs a statement, or refutes it; and the share of the
# statement's own words that it must have.
BACKS, REFUTES = 0.58, 0.52
WORDS_TO_BACK, WORDS_TO_REFUTE = 0.45, 0.3
# The same where the two are at opposite ends of one thing.
OPPOSED, WORDS_OPPOSED = 0.44, 0.3
SAID = 0.05  # what it counts that a fact says the same
FEW_WORDS = 2
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
        or misplaced(said, grounds, facts)
        or _listed_or_refuted(said, fitting, facts, day)
        or overdrawn(said, fitting)
        or _nothing(said, grounds)
    )
    return _quotable(found, day)


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
            return _quotable(Finding(S.SUPPORTED, (fact,), QUOTED, 1.0), day)
    return None


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
    return said.others or not there.competitors or there.vendor or bool(there.customers)


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
    return max(found, key=lambda finding: _weight(finding, day), default=None)


def _weight(found: Finding, day: date) -> float:
    """Its strength; what refutes a statement about today should be valid today."""
    stale = found.status is not S.SUPPORTED and any(f.evidence.stale_on(day) for f in found.facts)
    return found.strength - STALE * stale


def _held_against(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """What one item says to the statement, or None when it has nothing to say."""
    if any(figure.unit not in {CLOCK, DATE} for figure in said.figures):
        found = measured(said, grounds) or uncounted(said, grounds) or _refuted(said, grounds)
        return None if found and found.by_negation else found
    if found := uncounted(said, grounds) or _refuted(said, grounds):
        return found
    best = max(grounds, key=_fit)
    if said.figures and not _of_one(said, best.fact) and (found := measured(said, grounds)):
        if found.status is S.SUPPORTED:
            return replace(found, strength=best.score + SAID) if _agrees(said, best) else None
        return found
    if _agrees(said, best):
        return limited(said, [best.fact], best.score + SAID)
    return None


def _refuted(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """The finding where the fact that fits best says the opposite."""
    best = max(grounds, key=_fit)
    refuting = [ground for ground in grounds if _refutes(said, ground)]
    if not refuting or (best not in refuting and _agrees(said, best)):
        return None
    against = max(refuting, key=_fit)
    bare = not opposed(said, against.fact.said)
    note = "The evidence says the opposite."
    return Finding(S.CONTRADICTED, (against.fact,), note, against.score, by_negation=bare)


def _fit(ground: Ground) -> float:
    return ground.score + ground.topic / 2


def _agrees(said: Statement, ground: Ground) -> bool:
    enough = ground.score >= BACKS and ground.topic >= WORDS_TO_BACK
    return enough and _carried(said, ground.fact.said) and _sense(said, ground.fact) > 0


def _carried(said: Statement, there: Statement) -> bool:
    """True when the fact says at which end of things it is wherever the statement does."""
    ends = {name for name, sign in said.stances.items() if sign}
    times = {name for name in ends if name.startswith(WHEN)}
    return ends - times <= there.stances.keys() and (not times or bool(times & there.stances.keys()))


def _refutes(said: Statement, ground: Ground) -> bool:
    ends = opposed(said, ground.fact.said)
    if ground.score < (OPPOSED if ends else REFUTES) or _of_one(said, ground.fact):
        return False
    if _sense(said, ground.fact) >= 0:
        return False
    enough = ground.rest >= WORDS_OPPOSED if ends else ground.topic >= WORDS_TO_REFUTE
    return enough or _names_suffice(said, ground.fact)


def _names_suffice(said: Statement, fact: Fact) -> bool:
    """True when little more is said than that two parties have to do with each other."""
    there = fact.said.names
    customers = said.names.customers & (there.customers | {fact.evidence.customer})
    others = (said.names.competitors & there.competitors) or (said.us and there.vendor)
    topic = [word for word in said.topic if word[0] != "~"]
    return bool(customers and others) and len(topic) <= FEW_WORDS


def _of_one(said: Statement, fact: Fact) -> bool:
    """True for one customer's story beside a statement about nobody in particular."""
    return bool(fact.evidence.customer) and not said.names.customers


def _sense(said: Statement, fact: Fact) -> int:
    """1 where both say it the same way round, -1 where they oppose, 0 where one can't tell."""
    part = fact.part_about(said.topic)
    if _of_the_other(said, fact, part):
        return 0 if said.negative else -1
    if wording.ONLY.search(said.text) and Reach.EVERY in fact.said.reaches and not said.negative:
        return 1 if wording.ONLY.search(fact.said.text) else -1
    pairs = _at_ends(said, fact.said) or _nearest(said, fact)
    return 1 if any(_same_way(*pair) for pair in pairs) else -1


def _at_ends(said: Statement, there: Statement) -> list[tuple[Part, Part]]:
    """The pairs of parts that are at opposite ends of one thing."""
    pairs = product(said.parts[1:] or said.parts, there.parts[1:] or there.parts)
    return [pair for pair in pairs if opposed(*pair)]


def _nearest(said: Statement, fact: Fact) -> list[tuple[Part, Part]]:
    """The pairs of parts, one of each, with most words in common."""
    shared: dict[int, list[tuple[Part, Part]]] = {}
    for part in said.parts[1:] or said.parts:
        for there in fact.said.parts[1:] or fact.said.parts:
            common = len(part.words & there.words & said.topic)
            shared.setdefault(common, []).append((part, there))
    return shared[max(shared)]


def opposed(said: Statement | Part, there: Statement | Part) -> bool:
    return any(there.stances.get(name, 0) * sign < 0 for name, sign in said.stances.items())


def _same_way(said: Part, there: Part) -> bool:
    return (said.negative == there.negative) != opposed(said, there)


def _of_the_other(said: Statement, fact: Fact, part: Part) -> bool:
    """True when the part about the topic is about the other side, and the fact names both."""
    there = fact.said.names
    if not said.names.competitors or said.us or not there.competitors or not there.vendor:
        return False
    return part.names.vendor and not part.names.competitors


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
