"""Statements about something that is told about us, by whether it is so."""

from __future__ import annotations

from collections.abc import Sequence

from coach.checking import wording
from coach.checking.finding import Finding
from coach.checking.grounds import Fact, Facts, Ground, asserted
from coach.checking.statement import Statement
from coach.ledger import ClaimStatus as S
from knowledge.evidence import Kind, Truth

MEANT = 0.50  # score from which the rumour is meant
DENIED = 0.33  # lower where the words say that something isn't true


def rumoured(said: Statement, grounds: Sequence[Ground], facts: Facts) -> Finding | None:
    """The finding where the statement takes up a rumour, else None."""
    if said.names.customers or said.names.unknown:
        return None
    rumours = [g for g in grounds if g.fact.evidence.kind is Kind.RUMOUR]
    if not rumours:
        return None
    best = max(rumours, key=lambda ground: ground.score)
    if best.score < (DENIED if said.untrue else MEANT):
        return None
    reader = {Truth.TRUE: _true, Truth.FALSE: _false, Truth.UNKNOWN: _unknown}
    truth = best.fact.evidence.truth or Truth.UNKNOWN
    return reader[truth](said, best, asserted(best.fact, facts))


def _true(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    later = wording.AFTERWARDS.search(said.text)
    denied = said.untrue or (said.negative and ground.fact.told and not later)
    if not denied:
        return None
    return Finding(S.CONTRADICTED, (fact,), "It did happen: own it.", ground.score + 0.3)


def _false(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    if not (ground.fact.told or said.untrue):
        return None
    if said.untrue or said.negative:
        return Finding(S.SUPPORTED, (fact,), "The rumour is false.", ground.score)
    return Finding(S.CONTRADICTED, (fact,), "That is the rumour, and it is false.", ground.score + 0.1)


def _unknown(said: Statement, ground: Ground, fact: Fact) -> Finding | None:
    if wording.IN_DOUBT.search(said.text):
        return Finding(S.SUPPORTED, (fact,), "Nobody knows yet, and you say so.", ground.score + 0.3)
    if not (ground.fact.told or said.untrue or wording.IN_DOUBT.search(ground.fact.said.text)):
        return None
    note = "Nobody knows yet: promise a written answer by a date."
    return Finding(S.UNSUPPORTED, (fact,), note, ground.score + 0.3)
