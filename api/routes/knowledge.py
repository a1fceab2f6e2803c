"""Suggestions, claims and evidence, without a session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import Asking, EvidenceId, Service
from api.evidence_query import EvidenceQuery
from api.schemas_evidence import (
    Advice,
    Claim,
    Claims,
    ClaimsRequest,
    EvidenceItem,
    Passages,
    SuggestionRequest,
)

router = APIRouter(prefix="/v1", tags=["knowledge"])


@router.post("/suggestions")
async def suggest(asking: Asking, service: Service, given: SuggestionRequest) -> Advice:
    """Objections that lack evidence are counted: see `/v1/evidence/gaps`."""
    return Advice.of(
        await service.suggest(asking, given.objection, given.situation(), given.count, given.draft)
    )


@router.post("/claims/check")
async def check_claims(service: Service, given: ClaimsRequest) -> Claims:
    found = await service.check_claims(given.text)
    return Claims(claims=[Claim.model_validate(claim) for claim in found])


@router.get("/evidence")
async def search_evidence(service: Service, asked: Annotated[EvidenceQuery, Query()]) -> Passages:
    """The best passages for `q`; without it the items by id, page by page."""
    query = (asked.q or "").strip() or None
    found = await service.search_evidence(
        query, asked.filters(), asked.limit, asked.peer(), asked.cursor
    )
    return Passages.of(found)


@router.get("/evidence/{evidence_id:path}")
async def get_evidence(service: Service, evidence_id: EvidenceId) -> EvidenceItem:
    return EvidenceItem.of(await service.evidence(evidence_id))
