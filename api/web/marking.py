"""A seller's words, cut where the claims in them begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from coach.claims.ledger import NO_VERDICT, Claim
from coach.session import Turn


class Piece(NamedTuple):
    """``number`` is the claim's place among the turn's claims; -1 where there is no claim."""

    text: str
    claim: Claim | None = None
    number: int = -1


def marked(turn: Turn) -> Iterator[Piece]:
    """All of the turn's text in order; claims without a verdict stay unmarked."""
    claims = turn.assessment.claims if turn.assessment else ()
    found = [(n, claim) for n, claim in enumerate(claims) if claim.status not in NO_VERDICT]
    at = 0
    for number, claim in sorted(found, key=lambda one: one[1].span):
        start, end = claim.span
        if start < at or turn.text[start:end] != claim.text:
            continue  # judged before spans were kept as they are now
        if start > at:
            yield Piece(turn.text[at:start])
        yield Piece(claim.text, claim, number)
        at = end
    if at < len(turn.text):
        yield Piece(turn.text[at:])
