"""Objections met with no evidence to answer them, most frequent first: what to write next."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dependencies import Asking, GapId, Service
from api.schemas_evidence import Short
from api.schemas_governance import Gaps
from coach.gaps import GapsWanted, Met

router = APIRouter(prefix="/v1/evidence/gaps", tags=["knowledge"])

MARKDOWN = "text/markdown"
AS_MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"content": {MARKDOWN: {}}}}


@router.get("")
async def list_gaps(
    asking: Asking,
    service: Service,
    competitor: Short | None = None,
    sector: Short | None = None,
    met: Met | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Short | None = None,
) -> Gaps:
    """By how often they were met with customers, then in practice; `met` ranks by one of them.

    `covered` tells that evidence has come since: it is looked for again at each request.
    """
    wanted = GapsWanted(competitor or None, sector or None, met)
    return Gaps.of(*await service.gaps.page(asking, wanted, limit, cursor))


@router.get("/{gap_id}/template", response_class=Response, responses=AS_MARKDOWN)
async def get_template(asking: Asking, service: Service, gap_id: GapId) -> Response:
    """A Markdown file to fill in, begun with what the gap is about."""
    name, text = await service.gaps.template(asking, gap_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=MARKDOWN)


@router.delete("/{gap_id}", status_code=204)
async def dismiss_gap(asking: Asking, service: Service, gap_id: GapId) -> None:
    """Forgets it with its counts; met again, it is counted anew."""
    await service.gaps.dismiss(asking, gap_id)
