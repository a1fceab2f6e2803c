"""What is said not to be there although it is, or to be where the evidence has another place."""

from __future__ import annotations

from collections.abc import Sequence

from coach.claims.agreement import compare
from coach.claims.figures import COUNT
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.naming import words_of
from coach.claims.statement import Statement, stems

NEAR, ITS_WORDS = 0.38, 0.5  # score and share of words from which a count is about the same
FEWEST_WORDS = 2
# Cosine, and share of the words besides the place: by itself, and beyond that of any sentence which
# has the place.
SAME_THING, SURELY_SAME, OTHER_PLACE, BY_SO_MUCH = 0.4, 0.5, 0.5, 0.25
#: Words that say no more than that something is somewhere.
_TO_BE_THERE = stems(
    "sit sits kept keep stays located based lives stored stores hosted runs works headquartered"
) | {"~stay"}


def uncounted(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """None of what the evidence counts, or some of what it has none of."""
    for ground in grounds:
        if ground.score < NEAR or max(ground.topic, ground.words) < ITS_WORDS:
            continue
        there = ground.fact.said
        if said.none & _counted(there) or (there.none & _counted(said) and not said.none):
            note = "The evidence has another figure."
            return Finding(S.CONTRADICTED, (ground.fact,), note, ground.score + 0.1)
    return None


def _counted(there: Statement) -> frozenset[str]:
    """The stems of what there is some of."""
    counts = (f for f in there.figures if f.unit == COUNT and f.value > 0)
    return frozenset(stem for figure in counts for stem in stems(" ".join(figure.nouns)))


def misplaced(said: Statement, grounds: Sequence[Ground], facts: Facts) -> Finding | None:
    """Contradicted where the same is said of another place."""
    if not said.places or said.negative or said.names.unknown_besides(said.places):
        return None
    topic = said.topic - stems(" ".join(said.places))
    located = bool(topic & _TO_BE_THERE)
    topic -= _TO_BE_THERE
    if len(topic) < (1 if located else FEWEST_WORDS):
        return None
    there = max((_about(g, topic, facts) for g in grounds if _has(g, said.places)), default=0.0)
    enough = SURELY_SAME if len(topic) < FEWEST_WORDS else SAME_THING
    other = [
        ground
        for ground in grounds
        if ground.closeness >= enough and not _has(ground, said.places) and _elsewhere(said, ground)
    ]
    best = max(other, key=lambda ground: _about(ground, topic, facts), default=None)
    if best is None or _about(best, topic, facts) < max(OTHER_PLACE, there + BY_SO_MUCH):
        return None
    note = "The evidence has another place."
    return Finding(S.CONTRADICTED, (best.fact,), note, best.score + 0.1)


def _has(ground: Ground, places: frozenset[str]) -> bool:
    return bool(places & words_of(ground.fact.said.text))


def _about(ground: Ground, topic: frozenset[str], facts: Facts) -> float:
    return facts.share(ground.fact.said.words, topic)


def _elsewhere(said: Statement, ground: Ground) -> bool:
    fact: Fact = ground.fact
    there = fact.said
    parties = said.names.customers | said.names.competitors
    figures = [f for f in said.figures if any(compare(f, g).found for g in there.figures)]
    same = (
        len(figures) == len(said.figures)
        and parties == there.names.customers | there.names.competitors
    )
    return bool(there.places) and same and not there.negative
