"""Statements that go further than the facts which back them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.claims.figures import PERCENT, RATIO
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.patterns import either
from coach.claims.statement import Statement
from coach.claims.wording import LIMITED, POSSIBLE, Reach
from knowledge.evidence import Advantage

SAME_TOPIC, ABOUT_IT = 0.45, 0.2  # score and share of words from which a fact is on the topic
STRONG = 0.6
LISTED, LISTED_OF_SAID = 0.75, 0.5  # shares of words in common with what must not be said

_GROUPS = (
    r"(?:customers|clients|companies|users|businesses|hospitals|clinics|hotels|retailers|banks|shops"
    r"|councils|insurers|manufacturers|forwarders|everyone|everybody)"
)
_ANY_CUSTOMER = re.compile(
    rf"\b(?:our|most|other|typical|average|the|many|all|every|each|any) (?:\w+ )?{_GROUPS[:-1]}"
    rf"|customer|client|user)\b|^\W*(?:\w+ )?{_GROUPS}\b|^\W*you(?:['’]ll)?\b"
    r"|\byou(?:['’]ll| will)\b|\bguarantee\w* to\b",
    re.IGNORECASE,
)
_ONE_CUSTOMER = either(
    r"(?:one|another|an?) (?:of our |\w+ )*?(?:customers?|clients?|company|clinics?|hotels?"
    r"|retailers?|banks?|councils?|insurers?|manufacturers?|forwarders?|hospitals?|groups?)"
)


#: A sum worked out for somebody.
_EXAMPLE = re.compile(r"^\W*for \d+ \w+|\bas an example\b|\bwho (?:each )?save\b", re.IGNORECASE)


def limited(said: Statement, facts: Sequence[Fact], strength: float) -> Finding:
    """Supported by ``facts``, unless the words reach further than theirs."""
    reach = _reaches_further(said, facts)
    if reach:
        note = f"The evidence does not say “{reach}”."
    elif _generalises(said, facts):
        note = "This is the result of one customer, not of all."
    else:
        return Finding(S.SUPPORTED, tuple(facts), "Backed by the evidence.", strength)
    return Finding(S.OVERSTATED, tuple(facts), note, strength)


def overdrawn(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """An absolute statement on a topic that the evidence does treat."""
    for ground in grounds:
        if ground.score < SAME_TOPIC or ground.topic < ABOUT_IT:
            continue
        if not said.figures and (reach := _reaches_further(said, [ground.fact])):
            if reach == Reach.NEVER and _happens(ground.fact):
                note = "The evidence says that it is so."
                return Finding(S.CONTRADICTED, (ground.fact,), note, ground.score)
            note = f"The evidence does not say “{reach}”."
            return Finding(S.OVERSTATED, (ground.fact,), note, ground.score)
    return None


def _happens(fact: Fact) -> bool:
    return not fact.said.negative and not POSSIBLE.search(fact.said.text) and not _limits(fact)


def listed(said: Statement, facts: Facts) -> Finding | None:
    """A statement that an item says must not be made, where the item shows no worse."""
    if said.figures:
        return None
    for phrase, key in facts.unsayable(said):
        item = facts.by_id[key]
        if _nearly(said, phrase) and item.advantage is not Advantage.THEM:
            note = "This goes further than the evidence; quote it instead."
            best = max(facts.of(item), key=lambda fact: len(fact.said.words & said.words))
            return Finding(S.OVERSTATED, (best,), note, STRONG)
    return None


def _reaches_further(said: Statement, facts: Sequence[Fact]) -> str:
    """The absolute word that the facts don't carry, or an empty string."""
    for reach, nouns in said.reaches.items():
        carrying = [fact for fact in facts if reach in fact.said.reaches]
        there = [fact.said.reaches[reach] for fact in carrying]
        same = any(
            nouns & (found | fact.said.words) for found, fact in zip(there, carrying, strict=True)
        )
        carried = bool(there) and (not nouns or same)
        if reach is Reach.EVERY and not carried:
            carried = not any(_limits(fact) for fact in facts)
        if reach is Reach.NEVER and not carried:
            carried = all(fact.said.negative and not _limits(fact) for fact in facts)
        if not carried:
            return reach.value
    return ""


def _limits(fact: Fact) -> bool:
    """True when the fact holds for a part only."""
    part = any(figure.unit in {PERCENT, RATIO} for figure in fact.said.figures)
    return part or bool(LIMITED.search(fact.said.text)) or bool(fact.evidence.customer)


def _generalises(said: Statement, facts: Sequence[Fact]) -> bool:
    one = bool(facts) and all(
        fact.evidence.customer or _EXAMPLE.search(fact.said.text) for fact in facts
    )
    general = _ANY_CUSTOMER.search(said.text) and not _ONE_CUSTOMER.search(said.text)
    return one and not said.names.customers and bool(general)


def _nearly(said: Statement, phrase: Statement) -> bool:
    common = len(said.topic & phrase.topic)
    same_reach = bool(phrase.reaches) and phrase.reaches.keys() <= said.reaches.keys()
    return (
        (same_reach or not phrase.reaches)
        and common >= (1 if same_reach else 2)
        and common >= LISTED * len(phrase.topic)
        and common >= LISTED_OF_SAID * len(said.topic)
        and phrase.negative == said.negative
        and all(said.stances.get(name) == sign for name, sign in phrase.stances.items())
        and phrase.names.competitors == said.names.competitors
        and not (phrase.us and not said.us)
    )
