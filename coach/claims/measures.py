"""Statements with figures against the sentences of one item."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.claims.agreement import Match, compare
from coach.claims.figures import ALL_DAY, CLOCK, COUNT, DATE, PERCENT, RATIO, TIMES, Bound, Figure
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Ground
from coach.claims.ledger import ClaimStatus as S
from coach.claims.limits import limited
from coach.claims.statement import Statement

# Scores from which the figures of a fact are compared, and from which another figure refutes;
# and the share of the statement's own words that it must have.
COMPARABLE, REFUTES = 0.38, 0.52
WORDS_TO_BACK, WORDS_TO_REFUTE = 0.2, 0.3
SMALL, WORDS_TO_BACK_SMALL = 3, 0.45  # "twice", "three sites": found everywhere
COVERED = 0.3  # what finding every figure is worth beside scores of other items

_Found = tuple[Match, Ground | None]
_ORDER = (Match.SAME, Match.INFLATED, Match.NEAR, Match.OTHER)


def measured(said: Statement, grounds: Sequence[Ground]) -> Finding | None:
    """What the figures of one item, in its sentences ``grounds``, say to the statement."""
    near = [ground for ground in grounds if ground.score >= COMPARABLE]
    if not near:
        return None
    shares = any(figure.unit == PERCENT for g in near for figure in g.fact.said.figures)
    wanted = [
        figure
        for figure in said.figures
        if figure.unit != CLOCK and (shares or figure.bound is not Bound.MOST)
    ]
    matches = [_best_match(figure, near) for figure in wanted]
    cited = list(dict.fromkeys(g.fact for match, g in matches if g and match.found))
    strength = near[0].score + 0.1 * len(cited) + near[0].topic / 2
    if all(match.found for match, _ in matches):
        return _covered(said, matches, cited, strength)
    return _against_free(said, near) or _another_figure(said, matches, cited)


def vague(said: Statement) -> bool:
    """True for figures that prove little: "twice", "both", "three sites"."""
    return all(
        figure.unit == ALL_DAY
        or figure.bound is Bound.MOST
        or (figure.unit in {TIMES, COUNT} and figure.value <= SMALL)
        for figure in said.figures
    )


def _covered(
    said: Statement, matches: Sequence[_Found], cited: Sequence[Fact], strength: float
) -> Finding | None:
    if _turned_round(said, cited) or _opposed(said, cited):
        note = "The evidence says the opposite."
        return Finding(S.CONTRADICTED, tuple(cited), note, strength + COVERED + 0.1)
    needed = WORDS_TO_BACK_SMALL if vague(said) else WORDS_TO_BACK
    if max((g.topic for _, g in matches if g), default=0.0) < needed:
        return None
    if any(match is Match.INFLATED for match, _ in matches):
        note = "The evidence limits this figure; say so too."
        return Finding(S.OVERSTATED, tuple(cited), note, strength + COVERED)
    return limited(said, cited, strength + COVERED)


def _of_another_time(said: Statement, wrong: Sequence[_Found]) -> bool:
    """True where the fact has another figure and another date: it speaks of something else."""
    dates = [figure for figure in said.figures if figure.unit == DATE]
    there = [f for _, ground in wrong if ground for f in ground.fact.said.figures if f.unit == DATE]
    same = any(compare(date, other).found for date in dates for other in there)
    return bool(dates and there) and not same and len(said.figures) > len(dates)


def _another_figure(
    said: Statement, matches: Sequence[_Found], cited: Sequence[Fact]
) -> Finding | None:
    wrong = [
        (match, ground)
        for match, ground in matches
        if ground
        and not match.found
        and (
            ground.fact in cited
            or (ground.score >= REFUTES and max(ground.topic, ground.rest) >= WORDS_TO_REFUTE)
        )
    ]
    if not wrong or _of_another_time(said, wrong):
        return None
    facts = tuple(dict.fromkeys(ground.fact for _, ground in wrong))
    strength = max(g.score + g.topic / 2 for _, g in wrong if g) + 0.1 * bool(cited)
    explained = len(wrong) + sum(match.found for match, _ in matches) == len(matches)
    if explained and all(match is Match.NEAR for match, _ in wrong):
        return Finding(S.OVERSTATED, facts, "The evidence has a smaller figure.", strength)
    return Finding(S.CONTRADICTED, facts, "The evidence has another figure.", strength)


def _against_free(said: Statement, near: Sequence[Ground]) -> Finding | None:
    """A price on what the evidence says is free."""
    if not any(_money(figure) and figure.value > 0 for figure in said.figures):
        return None
    for ground in near:
        fact = ground.fact.said
        free = fact.stances.get("free") == 1 and not any(map(_money, fact.figures))
        if free and ground.topic >= WORDS_TO_REFUTE:
            note = "The evidence says that this costs nothing."
            return Finding(S.CONTRADICTED, (ground.fact,), note, ground.score + 0.1)
    return None


def _money(figure: Figure) -> bool:
    return len(figure.unit) == 3 and figure.unit.isupper()


def _best_match(figure: Figure, grounds: Sequence[Ground]) -> _Found:
    """The fact with the figure; where none has it, what stands in the nearest fact instead."""
    options = [
        (_ORDER.index(match), -ground.score, match, ground)
        for ground in grounds
        for there in ground.fact.said.figures
        if (match := compare(figure, there)) is not Match.APART
    ]
    if not any(match.found for _, _, match, _ in options):
        derived = [g for g in grounds if _derived(figure, g.fact.said.figures)]
        if derived:
            return Match.SAME, derived[0]
    if not options:
        return Match.APART, None
    best = min(options, key=lambda option: option[:2])
    if not best[2].found:
        best = min(options, key=lambda option: (option[1], option[0]))
    return best[2], best[3]


def _derived(figure: Figure, there: Sequence[Figure]) -> bool:
    """True where the figure follows from two of the fact's."""
    return _difference(figure, there) or _of_both(figure, there)


def _of_both(figure: Figure, there: Sequence[Figure]) -> bool:
    """True for "7 of 131" where both stand apart."""
    if figure.unit != RATIO:
        return False
    counts = {f"{other.value:g}" for other in there if other.unit == COUNT}
    return {f"{figure.value:g}", *figure.nouns} <= counts


def _difference(figure: Figure, there: Sequence[Figure]) -> bool:
    """True for "17 more" beside "from 61 to 78"."""
    return any(
        old.unit == new.unit == figure.unit and abs(new.value - old.value) == figure.value
        for old, new in _changes(there)
    )


def _opposed(said: Statement, facts: Sequence[Fact]) -> bool:
    """For statements whose figures agree: only the two ends of one thing count."""
    return any(
        there.stances.get(name, 0) * sign < 0 and said.negative == there.negative
        for there in (fact.said for fact in facts)
        for name, sign in said.stances.items()
    )


def _turned_round(said: Statement, facts: Sequence[Fact]) -> bool:
    """True when the evidence goes from B to A where the statement goes from A to B."""
    there = [pair for fact in facts for pair in _changes(fact.said.figures)]
    return any(
        compare(before, new) is Match.SAME and compare(after, old) is Match.SAME
        for before, after in _changes(said.figures)
        for old, new in there
    )


def _changes(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    return [(before, after) for before, after in pairwise(figures) if after.became]
