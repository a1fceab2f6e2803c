"""The knowledge base as a whole: us against a competitor, and whether it is sound."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from api import comparison
from api.dependencies import Asking, Competitor, Service
from api.schemas_governance import Comparison, KnowledgeCheck

router = APIRouter(prefix="/v1", tags=["knowledge"])

COMPARISON_DOC: dict[str, Any] = {
    "description": "Us against the competitor by criterion, in the format asked for.",
    "model": Comparison,
    "content": {
        "text/markdown": {"schema": {"type": "string"}},
        "text/html": {"schema": {"type": "string"}},
    },
}


@router.get("/compare/{competitor:path}", response_class=Response, responses={200: COMPARISON_DOC})
async def compare(
    service: Service,
    competitor: Competitor,
    format: Literal["json", "md", "html"] = "json",  # noqa: A002  # the contract's name
    internal: bool = False,
) -> Response:
    """Without `internal` nothing is in it that a customer may not see."""
    shown = Comparison.of(await service.compare(competitor, internal=internal))
    match format:
        case "md":
            return Response(comparison.as_markdown(shown), media_type="text/markdown")
        case "html":
            headers = {"Content-Security-Policy": comparison.HTML_POLICY}
            page = comparison.as_html(shown)
            return Response(page, headers=headers, media_type="text/html")
        case _:
            return Response(shown.model_dump_json(), media_type="application/json")


@router.get("/evidence/check")
async def check(asking: Asking, service: Service) -> KnowledgeCheck:
    """What is out of date, untraceable, contradictory, repeated or absent."""
    return KnowledgeCheck.of(await service.inspect_knowledge(asking))
