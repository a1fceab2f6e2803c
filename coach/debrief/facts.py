"""What may be said in front of a customer, with its source: quotes to take into the next talk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from coach.claims import ClaimStatus
from coach.debrief.summing import sellers_of
from coach.session import Session

if TYPE_CHECKING:
    from coach.ports import Retriever

MOST = 6
HELPED = (ClaimStatus.SUPPORTED, ClaimStatus.OVERSTATED)


def facts_of(
    session: Session, what_if: Sequence[Mapping[str, Any]], retriever: Retriever, today: date
) -> tuple[dict[str, Any], ...]:
    """Quotes of this session that a customer may be shown ``today``: of what could have been said,
    then of what was; each once, with title, source and date."""
    found: dict[str, dict[str, Any]] = {}
    for evidence_id, quote in (*_suggested(what_if), *_said(session)):
        item = retriever.get(evidence_id) if quote not in found else None
        if item and item.quotable_on(today) and quote in item.text:
            found[quote] = {
                "quote": quote,
                "evidence": item.id,
                "title": item.title,
                "source": item.source or "",
                "as_of": item.as_of.isoformat() if item.as_of else "",
            }
        if len(found) == MOST:
            break
    return tuple(found.values())


def _suggested(what_if: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for entry in what_if:
        for claim in entry.get("claims", ()):
            yield claim["evidence_id"], claim["quote"]


def _said(session: Session) -> Iterator[tuple[str, str]]:
    for turn in sellers_of(session):
        for claim in turn.assessment.claims if turn.assessment else ():
            if claim.status in HELPED and claim.evidence:
                yield claim.evidence[0].id, claim.evidence[0].quote
