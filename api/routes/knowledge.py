"""Suggestions, claims and evidence, without a session."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.dependencies import Asking, EvidenceId, Service, TheLibrary
from api.matching import etag_of, match_of
from api.schemas_evidence import (
    Advice,
    Claim,
    Claims,
    ClaimsRequest,
    CleanStr,
    EvidenceGiven,
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
async def suggest(service: Service, given: SuggestionRequest) -> Advice:
    return Advice.of(await service.suggest(given.objection, given.situation(), given.count))


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
async def get_evidence(
    service: Service, evidence_id: EvidenceId, response: Response
) -> EvidenceItem:
    item = await service.evidence(evidence_id)
    response.headers["ETag"] = etag_of(item)
    return EvidenceItem.of(item)


@router.put("/evidence/{evidence_id:path}", responses={201: {"model": EvidenceItem}})
async def put_evidence(
    request: Request,
    asking: Asking,
    library: TheLibrary,
    evidence_id: EvidenceId,
    given: EvidenceGiven,
    response: Response,
) -> EvidenceItem:
    """Adds the item or replaces it whole; with If-Match only the version you have seen."""
    item = given.evidence(evidence_id)
    if await library.put(asking, item, match_of(request)):
        response.status_code = 201
        response.headers["Location"] = f"/v1/evidence/{quote(item.id)}"
    response.headers["ETag"] = etag_of(item)
    return EvidenceItem.of(item)


@router.delete("/evidence/{evidence_id:path}", status_code=204)
async def delete_evidence(
    request: Request, asking: Asking, library: TheLibrary, evidence_id: EvidenceId
) -> None:
    await library.remove(asking, evidence_id, match_of(request))
