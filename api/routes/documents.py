"""A session to keep or to print: its debrief and its transcript."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import debrief_document, transcript
from api.dependencies import Asking, Service, SessionId
from api.handbook_pdf import handbook_pdf
from api.schemas import Debrief, Session
from api.transcript_pdf import transcript_pdf
from coach.debrief.handbook import handbook_of

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])

MEDIA = {
    "json": "application/json",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
}
TEXT = {"schema": {"type": "string"}}
BINARY = {"schema": {"type": "string", "format": "binary"}}


def _documented(*forms: str, **more: Any) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA[form]: BINARY if form == "pdf" else TEXT for form in forms}
    return {200: {"content": content | more}}


@router.get(
    "/{session_id}/debrief",
    response_model=Debrief,
    responses=_documented("md", "html", "pdf"),
)
async def get_debrief(
    asking: Asking,
    service: Service,
    session_id: SessionId,
    form: Annotated[Literal["json", "md", "html", "pdf"], Query(alias="format")] = "json",
) -> Response | Debrief:
    """As PDF one page: what to keep, what to change, and the facts that may be said."""
    told = await service.debrief(asking, session_id)
    if form == "json":
        return Debrief.of(told)
    session = await service.session(asking, session_id)
    scenario = await service.scenario_of(session)
    persona = scenario.persona(session.persona)
    if form == "pdf":
        page = handbook_of(told, scenario, persona)
        return _file(await asyncio.to_thread(handbook_pdf, page), "handbook", session.id, form)
    parts = debrief_document.sections(told, scenario, persona)
    if form == "md":
        return _file(debrief_document.as_markdown(parts), "debrief", session.id, form)
    return _file(debrief_document.as_html(parts, scenario.title), "debrief", session.id, form)


@router.get(
    "/{session_id}/transcript",
    response_class=Response,
    responses=_documented(
        "md",
        "csv",
        "html",
        "pdf",
        **{MEDIA["json"]: {"schema": {"$ref": "#/components/schemas/Session"}}},
    ),
)
async def get_transcript(
    asking: Asking,
    service: Service,
    session_id: SessionId,
    form: Annotated[Literal["json", "md", "csv", "html", "pdf"], Query(alias="format")] = "json",
) -> Response:
    session = await service.session(asking, session_id)
    shown, title = Session.of(session), (await service.scenario_of(session)).title
    match form:
        case "md":
            content: str | bytes = transcript.as_markdown(shown, title)
        case "csv":
            content = transcript.as_csv(shown)
        case "html":
            content = transcript.as_html(shown, title)
        case "pdf":
            content = await asyncio.to_thread(transcript_pdf, shown, title)
        case _:
            return Response(shown.model_dump_json(), media_type=MEDIA["json"])
    return _file(content, "transcript", shown.id, form)


def _file(content: str | bytes, what: str, session_id: str, form: str) -> Response:
    """Shown by a browser, but for what only a spreadsheet reads."""
    place = "attachment" if form == "csv" else "inline"
    headers = {"Content-Disposition": f'{place}; filename="{what}-{session_id}.{form}"'}
    if form == "html":
        headers["Content-Security-Policy"] = transcript.HTML_POLICY
    return Response(content, headers=headers, media_type=MEDIA[form])
