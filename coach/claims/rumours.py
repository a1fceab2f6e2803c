"""Statements about something that is told about us, by whether it is so."""

from __future__ import annotations

from collections.abc import Sequence

from coach.claims import wording
from coach.claims.agreement import Match, compare
from coach.claims.figures import COUNT, DATE, DURATION, Figure
from coach.claims.finding import Finding
from coach.claims.grounds import Fact, Facts, Ground, asserted
from coach.claims.ledger import ClaimStatus as S
from coach.claims.statement import Statement
from knowledge.evidence import Kind, Truth

MEANT = 0.50  # score from which the rumour is meant
STRONG = 0.8
HAPPENED = "It did happen: own it."
TITLE_WORDS, ITS_WORDS = 0.6, 0.3
ALL_ITS_WORDS = 0.8
DENIED = 0.33  # lower where the words say that something isn't true


def rumoured(said: Statement, grounds: Sequence[Ground], facts: Facts) -> Finding | None:
    """The finding where the statement takes up a rumour, else None."""
    if said.names.customers or said.names.unknown:
        return None
    if found := _measured(said, facts) or _denied(said, facts):
        return found
    rumours = [g for g in grounds if g.fact.evidence.kind is Kind.RUMOUR]
    if not rumours:
        return None
    best = max(rumours, key=lambda ground: ground.score)
    if not said.untrue and any(_of_another(said, ground) for ground in grounds):
        return None
    if not (_meant(said, best, facts) if said.untrue else _named(best)):
        return None
    reader = {Truth.TRUE: _true, Truth.FALSE: _false, Truth.UNKNOWN: _unknown}
    truth = best.fact.evidence.truth or Truth.UNKNOWN
    return reader[truth](said, best, asserted(best.fact, facts))


def _of_another(said: Statement, ground: Ground) -> bool:
    """True where a figure that is said stands in a fact which is no rumour."""
    there = ground.fact.said.figures
    same = [any(compare(f, other) is Match.SAME for other in there) for f in said.figures]
    plain = ground.fact.evidence.kind is not Kind.RUMOUR and ground.topic >= ITS_WORDS
    return plain and bool(same) and all(same)


def _named(ground: Ground) -> bool:
    return ground.score >= MEANT and ground.topic >= ITS_WORDS


def _meant(said: Statement, ground: Ground, facts: Facts) -> bool:
    """For "that isn't true": near enough, or all of its words in the item."""
    return ground.score >= DENIED or _all_its_words(said, ground.fact, facts)


def _all_its_words(said: Statement, fact: Fact, facts: Facts) -> bool:
    words = frozenset[str]().union(*(each.said.words for each in facts.of(fact.evidence)))
    return bool(said.topic) and facts.share(words, said.topic) >= ALL_ITS_WORDS


def _measured(said: Statement, facts: Facts) -> Finding | None:
    """Another figure than the item has for what happened: "it only lasted two hours"."""
    figures = [figure for figure in said.figures if figure.unit in {COUNT, DURATION}]
    for told in facts.told if figures and not said.names.competitors else ():
        about = facts.share(told.said.words, said.topic) >= TITLE_WORDS
        meant = about and told.evidence.truth is Truth.TRUE
        if meant and (wrong := _another(figures, facts.of(told.evidence))):
            note = "It was another figure: give the true one."
            return Finding(S.CONTRADICTED, (wrong,), note, STRONG)
    return None


def _denied(said: Statement, facts: Facts) -> Finding | None:
    """That what happened did not happen: "we had no outage in 2024"."""
    if not (said.negative or said.untrue) or wording.AFTERWARDS.search(said.text):
        return None
    for told in facts.told:
        about = facts.share(told.said.words, said.topic) >= TITLE_WORDS
        if about and told.evidence.truth is Truth.TRUE and _then(said, facts.of(told.evidence)):
            return Finding(S.CONTRADICTED, (asserted(told, facts),), HAPPENED, STRONG)
    return None


def _then(said: Statement, there: Sequence[Fact]) -> bool:
    """False when the statement is about another date."""
    dates = [figure for figure in said.figures if figure.unit == DATE]
    known = [figure for fact in there for figure in fact.said.figures]
    return all(any(compare(date, other).found for other in known) for date in dates)


def _another(figures: Sequence[Figure], there: Sequence[Fact]) -> Fact | None:
    """The first fact with another value for a figure that none of ``there`` has."""
    for figure in figures:
        matches = [
            (compare(figure, other), fact)
            for fact in there
            for other in fact.said.figures
            if fact.span
        ]
        if not any(match.found for match, _ in matches):
            wrong = [fact for match, fact in matches if match is not Match.APART]
            return wrong[0] if wrong else None
    return None


def _true(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    later = wording.AFTERWARDS.search(said.text)
    denied = said.untrue or (said.negative and ground.fact.told)
    if later or not denied:
        return None
    return Finding(S.CONTRADICTED, (fact,), HAPPENED, ground.score + 0.3)


def _false(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    if not (ground.fact.told or said.untrue):
        return None
    if said.untrue or said.negative:
        return Finding(S.SUPPORTED, (fact,), "The rumour is false.", ground.score)
    return Finding(
        S.CONTRADICTED, (fact,), "That is the rumour, and it is false.", ground.score + 0.1
    )


def _unknown(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    if wording.IN_DOUBT.search(said.text):
        return Finding(
            S.SUPPORTED, (fact,), "Nobody knows yet, and you say so.", ground.score + 0.3
        )
    if not (ground.fact.told or said.untrue or wording.IN_DOUBT.search(ground.fact.said.text)):
        return None
    note = "Nobody knows yet: promise a written answer by a date."
    return Finding(S.UNSUPPORTED, (fact,), note, ground.score + 0.3)
