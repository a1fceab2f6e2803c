"""The sources that a page has to name."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable

from coach.errors import NotFound
from coach.practice.hinting import Hint
from coach.service import CoachService
from coach.session import Session
from knowledge.evidence import Evidence


def cited_in(session: Session, hint: Hint | None = None) -> set[str]:
    claims = (c for t in session.turns if t.assessment for c in t.assessment.claims)
    shown = hint.suggestions if hint else ()
    return {e.id for c in claims for e in c.evidence} | {
        c.evidence_id for s in shown for c in s.claims
    }


async def sources_of(service: CoachService, ids: Iterable[str]) -> dict[str, Evidence]:
    """The cited items by id; one that was deleted since is left out."""

    async def one(evidence_id: str) -> Evidence | None:
        try:
            return await service.evidence(evidence_id)
        except NotFound:
            return None

    return {item.id: item for item in await gather(*map(one, ids)) if item}
