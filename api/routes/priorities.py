"""Whom to engage first."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from api import priorities_picture
from api.schemas_priorities import Priorities, PrioritiesRequest

router = APIRouter(prefix="/v1", tags=["strategy"])

DOC: dict[str, Any] = {
    "description": "The ranking with its sensitivity, in the format asked for.",
    "model": Priorities,
    "content": {
        "image/svg+xml": {"schema": {"type": "string"}},
        "text/html": {"schema": {"type": "string"}},
    },
}


@router.post("/prioritise", response_class=Response, responses={200: DOC})
async def prioritise(
    given: PrioritiesRequest,
    format: Literal["json", "svg", "html"] = "json",  # noqa: A002  # as in the other routes
) -> Response:
    """Customers ranked by weighted criteria, and what would change the ranking."""
    found = await asyncio.to_thread(given.answer)
    if format == "svg":
        return Response(priorities_picture.as_svg(found), media_type="image/svg+xml")
    if format == "html":
        headers = {"Content-Security-Policy": priorities_picture.HTML_POLICY}
        page = priorities_picture.as_html(found)
        return Response(page, headers=headers, media_type="text/html")
    shown = Priorities.model_validate(found)
    return Response(shown.model_dump_json(), media_type="application/json")
