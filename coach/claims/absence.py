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
SAME_THING, OTHER_PLACE = 0.45, 0.5  # cosine, and share of the words besides the place


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
    if len(topic) < FEWEST_WORDS:
        return None
    other = []
    for ground in grounds:
        if said.places & words_of(ground.fact.evidence.text):
            return None
        if _elsewhere(said, ground) and facts.share(ground.fact.said.words, topic) >= OTHER_PLACE:
            other.append(ground)
    if not other:
        return None
    best = max(other, key=lambda ground: ground.score)
    return Finding(
        S.CONTRADICTED, (best.fact,), "The evidence has another place.", best.score + 0.1
    )


def _elsewhere(said: Statement, ground: Ground) -> bool:
    fact: Fact = ground.fact
    there = fact.said
    parties = said.names.customers | said.names.competitors
    figures = [f for f in said.figures if any(compare(f, g).found for g in there.figures)]
    same = (
        len(figures) == len(said.figures)
        and parties == there.names.customers | there.names.competitors
    )
    return bool(there.places) and same and not there.negative and ground.closeness >= SAME_THING
