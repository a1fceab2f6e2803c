"""Suggestions, claims and evidence, without a session."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Asking, EvidenceId, Service, TheLibrary
from api.evidence_query import EvidenceQuery
from api.matching import etag_of, match_of
from api.schemas_evidence import (
    Advice,
    Claim,
    Claims,
    ClaimsRequest,
    EvidenceGiven,
    EvidenceItem,
    Passages,
    SuggestionRequest,
)
from coach.errors import BadInput

router = APIRouter(prefix="/v1", tags=["knowledge"])

TAKEN = ("check", "gaps")  # under /v1/evidence/, for something else


@router.post("/suggestions")
async def suggest(asking: Asking, service: Service, given: SuggestionRequest) -> Advice:
    """Objections that lack evidence are counted: see `/v1/evidence/gaps`."""
    advice = await service.suggest(
        asking, given.objection, given.situation(), given.count, given.draft
    )
    kind = advice.objection.type if advice.objection.sure else None
    shared = await service.shared_answers(asking, given.objection, kind)
    return Advice.of(advice, shared)


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
    if evidence_id.partition("/")[0] in TAKEN:
        raise BadInput(f"no item can be called {evidence_id[:80]!r}: that is another address here")
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
