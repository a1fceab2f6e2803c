"""What the rules see of a statement beside a fact, as numbers for the net."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from coach.claims.agreement import Match, compare
from coach.claims.figures import CLOCK
from coach.claims.grounds import Fact, Ground
from coach.claims.opposition import of_one, opposed, sense
from coach.claims.parties import same_subject
from coach.claims.statement import Statement
from knowledge.evidence import Kind, Truth

_BEST_FIRST = (Match.SAME, Match.INFLATED, Match.NEAR, Match.OTHER, Match.APART)
FEW_WORDS = 3
SIGNALS = 42


def signals(said: Statement, ground: Ground, rank: int) -> NDArray[np.float32]:
    """One number per signal; ``rank`` is the place of the fact among those compared, from 0."""
    fact = ground.fact
    found = (
        *(ground.closeness, ground.words, ground.topic, ground.rest, ground.score, rank / 5),
        same_subject(said, fact),
        *_figures(said, fact.said),
        *_senses(said, fact),
        *_parties(said, fact),
        *_told(said, fact),
        *_reach(said, fact),
    )
    return np.array(found, dtype=np.float32)


def _figures(said: Statement, there: Statement) -> Iterator[bool]:
    """Whether there are any, all agree, and for each way not to agree whether one doesn't."""
    wanted = [figure for figure in said.figures if figure.unit != CLOCK]
    matches = [
        min((compare(figure, other) for other in there.figures), key=_BEST_FIRST.index,
            default=Match.APART)
        for figure in wanted
    ]  # fmt: skip
    yield bool(wanted)
    yield bool(matches) and all(match.found for match in matches)
    yield from (way in matches for way in (Match.OTHER, Match.NEAR, Match.INFLATED, Match.APART))
    yield bool(there.figures)


def _senses(said: Statement, fact: Fact) -> Iterator[bool]:
    there, way = fact.said, sense(said, fact)
    yield from (said.negative, there.negative, said.negative != there.negative)
    yield from (opposed(said, there), way > 0, way < 0)


def _parties(said: Statement, fact: Fact) -> Iterator[bool]:
    named, there, item = said.names, fact.said.names, fact.evidence
    customers = there.customers | {item.customer}
    competitors = there.competitors | {item.competitor}
    yield from (bool(named.customers), bool(named.customers & customers))
    yield from (bool(named.competitors), bool(named.competitors & competitors))
    yield bool(named.competitors & there.competitors)
    yield bool(there.competitors - named.competitors)
    yield from (said.us, there.vendor, of_one(said, fact), bool(named.unknown), said.others)


def _told(said: Statement, fact: Fact) -> Iterator[bool]:
    item = fact.evidence
    yield from (fact.told, item.kind is Kind.RUMOUR)
    yield from (item.truth is Truth.TRUE, item.truth is Truth.FALSE, said.untrue)


def _reach(said: Statement, fact: Fact) -> Iterator[bool]:
    there = fact.said
    yield from (said.ahead is not None, fact.evidence.kind is Kind.COMPETITIVE_FACT)
    yield from (bool(said.reaches), bool(there.reaches), bool(said.places - there.places))
    yield len(said.topic) < FEW_WORDS
