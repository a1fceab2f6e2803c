"""Whether a fact without figures says what a statement says, or the opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from coach.claims import wording
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.statement import WHEN, Part, Statement
from coach.claims.wording import Reach

# Scores from which a fact without figures backs a statement, or refutes it; and the share of the
# statement's own words that it must have.
BACKS, REFUTES = 0.58, 0.52
WORDS_TO_BACK, WORDS_TO_REFUTE = 0.45, 0.3
# The same where the two are at opposite ends of one thing.
OPPOSED, WORDS_OPPOSED = 0.44, 0.3
FEW_WORDS = 2
# Cosines from which the words in common matter less.
ALIKE, WORDS_OF_ALIKE = 0.8, 0.4
CLOSE, CLOSE_OPPOSED, WORDS_CLOSE = 0.68, 0.5, 0.2

#: We are the ones who do it, though somebody else may be named before.
_WE_DO = re.compile(r"^\W*(?:(?:at|in|for) [^,]{2,30},? )?(?:we|our)\b", re.IGNORECASE)


def refuted(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """The finding where the fact that fits best says the opposite."""
    best = max(grounds, key=fit)
    refuting = [ground for ground in grounds if _refutes(said, ground)]
    if not refuting or (best not in refuting and agrees(said, best)):
        return None
    against = max(refuting, key=fit)
    bare = not opposed(said, against.fact.said)
    plain = [ground for ground in refuting if not wording.POSSIBLE.search(ground.fact.said.text)]
    if bare and said.reaches.keys() & {Reach.NEVER, Reach.ALWAYS}:
        if not plain:
            note = "The evidence says that it can be otherwise."
            return Finding(S.OVERSTATED, (against.fact,), note, against.score)
        against = max(plain, key=fit)
    note = "The evidence says the opposite."
    return Finding(S.CONTRADICTED, (against.fact,), note, against.score, by_negation=bare)


def fit(ground: Ground) -> float:
    """How well a fact fits the statement, whatever it says of it."""
    return ground.score + ground.topic / 2


def agrees(said: Statement, ground: Ground) -> bool:
    """True when the fact is close enough, and says it the same way round."""
    enough = ground.score >= BACKS and ground.topic >= WORDS_TO_BACK
    alike = ground.closeness >= ALIKE and ground.topic >= WORDS_OF_ALIKE
    return (enough or alike) and _carried(said, ground.fact.said) and sense(said, ground.fact) > 0


def _carried(said: Statement, there: Statement) -> bool:
    """True when the fact says at which end of things it is wherever the statement does."""
    ends = {name for name, sign in said.stances.items() if sign}
    times = {name for name in ends if name.startswith(WHEN)}
    return ends - times <= there.stances.keys() and (
        not times or bool(times & there.stances.keys())
    )


def _refutes(said: Statement, ground: Ground) -> bool:
    ends = opposed(said, ground.fact.said)
    close = ground.closeness >= CLOSE or (
        ends and ground.closeness >= CLOSE_OPPOSED and ground.rest >= WORDS_CLOSE
    )
    if of_one(said, ground.fact) or sense(said, ground.fact) >= 0:
        return False
    if ground.score < (OPPOSED if ends else REFUTES) and not close:
        return False
    if close:
        return True
    enough = ground.rest >= WORDS_OPPOSED if ends else ground.topic >= WORDS_TO_REFUTE
    return enough or _names_suffice(said, ground.fact)


def _names_suffice(said: Statement, fact: Fact) -> bool:
    """True when little more is said than that two parties have to do with each other."""
    there = fact.said.names
    customers = said.names.customers & (there.customers | {fact.evidence.customer})
    others = (said.names.competitors & there.competitors) or (said.us and there.vendor)
    topic = [word for word in said.topic if word[0] != "~"]
    return bool(customers and others) and len(topic) <= FEW_WORDS


def of_one(said: Statement, fact: Fact) -> bool:
    """True for one customer's story beside a statement about nobody in particular."""
    return bool(fact.evidence.customer) and not said.names.customers


def sense(said: Statement, fact: Fact) -> int:
    """1 where both say it the same way round, -1 where they oppose, 0 where one can't tell."""
    part = fact.part_about(said.topic)
    if _of_the_other(said, fact, part) or _of_a_customer(said, fact, part):
        return 0 if said.negative else -1
    if wording.ONLY.search(said.text) and not said.negative and _wide(fact.said):
        return 1 if wording.ONLY.search(fact.said.text) else -1
    pairs = _at_ends(said, fact.said) or _nearest(said, fact)
    return 1 if all(_same_way(*pair) for pair in pairs) else -1


def _wide(said: Statement) -> bool:
    return Reach.EVERY in said.reaches or bool(wording.WIDE.search(said.text))


def _at_ends(said: Statement, there: Statement) -> list[tuple[Part, Part]]:
    """The pairs of parts that are at opposite ends of one thing, the wholes only if no others."""
    pairs = product(said.parts[1:] or said.parts, there.parts[1:] or there.parts)
    found = [pair for pair in pairs if opposed(*pair)]
    return found or [pair for pair in product(said.parts, there.parts) if opposed(*pair)]


def _nearest(said: Statement, fact: Fact) -> list[tuple[Part, Part]]:
    """The pairs of parts, one of each, with most words in common; of those, with least else."""
    shared: dict[tuple[int, float], list[tuple[Part, Part]]] = {}
    for part in said.parts[1:] or said.parts:
        for there in fact.said.parts[1:] or fact.said.parts:
            common = len(part.words & there.words & said.topic)
            alike = common / max(1, len(part.words | there.words))
            shared.setdefault((common, alike), []).append((part, there))
    return shared[max(shared)]


def opposed(said: Statement | Part, there: Statement | Part) -> bool:
    """True when the two are at opposite ends of one thing."""
    return any(there.stances.get(name, 0) * sign < 0 for name, sign in said.stances.items())


def _same_way(said: Part, there: Part) -> bool:
    return (said.negative == there.negative) != opposed(said, there)


def _of_a_customer(said: Statement, fact: Fact, part: Part) -> bool:
    """True when we are said to do what the fact says a customer does, and not we."""
    if not _WE_DO.search(said.text) or not fact.said.names.vendor:
        return False
    return bool(part.names.customers) and not part.names.vendor


def _of_the_other(said: Statement, fact: Fact, part: Part) -> bool:
    """True when the part about the topic is about the other side, and the fact names both."""
    there = fact.said.names
    if not said.names.competitors or said.us or not there.competitors or not there.vendor:
        return False
    return part.names.vendor and not part.names.competitors
