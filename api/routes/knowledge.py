"""Suggestions, claims and evidence, without a session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.dependencies import Asking, EvidenceId, Service
from api.schemas_evidence import (
    Advice,
    Claim,
    Claims,
    ClaimsRequest,
    CleanStr,
    EvidenceItem,
    Passage,
    Passages,
    Short,
    SuggestionRequest,
)
from knowledge.evidence import Filters, Kind

router = APIRouter(prefix="/v1", tags=["knowledge"])

Search = Annotated[CleanStr, Field(max_length=8_000)]


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
async def search_evidence(
    service: Service,
    q: Search | None = None,
    kind: Annotated[list[Kind] | None, Query()] = None,
    sector: Short | None = None,
    region: Short | None = None,
    competitor: Short | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Passages:
    filters = Filters(
        kinds=tuple(kind or ()),
        sector=sector or None,
        region=region or None,
        competitor=competitor or None,
    )
    found = await service.search_evidence((q or "").strip() or None, filters, limit)
    return Passages(items=[Passage.of(passage) for passage in found])


@router.get("/evidence/{evidence_id:path}")
async def get_evidence(service: Service, evidence_id: EvidenceId) -> EvidenceItem:
    return EvidenceItem.of(await service.evidence(evidence_id))
