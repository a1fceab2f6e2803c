"""What was practised, for a spreadsheet or a learning management system; streamed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from api.csv_export import as_lines
from api.dependencies import Asking, TheTeam
from coach.exports.statements import Statement

router = APIRouter(prefix="/v1/exports", tags=["exports"])

NDJSON = "application/x-ndjson"
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}
_XAPI: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            NDJSON: {"schema": {"type": "string"}},
        }
    }
}


@router.get("/sessions.csv", response_class=StreamingResponse, responses=_CSV)
async def export_sessions(asking: Asking, team: TheTeam) -> StreamingResponse:
    """Your sessions, newest first, one a line."""
    lines = await _begun(as_lines(team.exports.outcomes(asking)))
    headers = {"Content-Disposition": 'attachment; filename="sessions.csv"'}
    return StreamingResponse(lines, media_type="text/csv", headers=headers)


@router.get("/xapi", response_class=StreamingResponse, responses=_XAPI)
async def export_statements(
    asking: Asking,
    team: TheTeam,
    format: Literal["json", "ndjson"] = "json",  # noqa: A002  # as the transcript's
) -> StreamingResponse:
    """Your sessions as xAPI 1.0.3 statements; exported again they have the same ids."""
    found = team.exports.statements(asking)
    if format == "ndjson":
        return StreamingResponse(await _begun(_as_ndjson(found)), media_type=NDJSON)
    return StreamingResponse(await _begun(_as_array(found)), media_type="application/json")


async def _begun(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The same, with its first piece made: what fails at once is told as a problem."""
    first = await anext(pieces, "")

    async def all_of() -> AsyncIterator[str]:
        yield first
        async for piece in pieces:
            yield piece

    return all_of()


async def _as_ndjson(found: AsyncIterator[Statement]) -> AsyncIterator[str]:
    async for statement in found:
        yield json.dumps(statement, ensure_ascii=False) + "\n"


async def _as_array(found: AsyncIterator[Statement]) -> AsyncIterator[str]:
    between = "["
    async for statement in found:
        yield between + json.dumps(statement, ensure_ascii=False)
        between = ",\n"
    yield "[]" if between == "[" else "]"
