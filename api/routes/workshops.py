"""Workshops: a trainer makes and runs them, reps join and practise; the board is followed live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.dependencies import Asking, Service, TheWorkshops, WorkshopId, known_shape
from api.errors import place
from api.once import KEYED, once
from api.schemas import Session
from api.schemas_workshops import (
    AttemptGiven,
    Attended,
    Board,
    Guide,
    JoinGiven,
    NamesGiven,
    Report,
    Round,
    RoundGiven,
    VoteGiven,
    Votes,
    Workshop,
    WorkshopGiven,
    Workshops,
)
from api.sse import STREAM, json_of, named_error, streamed
from api.workshop_report import report_csv, report_pdf
from coach.errors import NotFound
from coach.session import Caller
from coach.workshops import desk
from coach.workshops.workshop import Workshop as Found

router = APIRouter(prefix="/v1/workshops", tags=["workshops"])

EVERY = 1.0  # seconds between two looks at the store, for who follows a board
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {STREAM: {"schema": {"type": "string"}}}}
}
_REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Report,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


def round_id(round_id: Annotated[str, Path()]) -> str:
    return known_shape(round_id)


RoundId = Annotated[str, Depends(round_id)]


def address_of(request: Request) -> str:
    """Where a request comes from, to count the codes that are tried from there."""
    return request.client.host if request.client else ""


@router.post("", status_code=201, response_model=Workshop, openapi_extra=KEYED)
async def create_workshop(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    given: WorkshopGiven,
    response: Response,
) -> BaseModel | Response:
    async def make() -> Workshop:
        made = await workshops.create(asking, given.wish())
        response.headers["Location"] = f"/v1/workshops/{made.id}"
        return _shown(workshops, made, asking)

    return await once(request, response, asking, service, make)


@router.get("")
async def list_workshops(asking: Asking, workshops: TheWorkshops) -> Workshops:
    """Those that you run, then those that you are in or invited to, newest first."""
    run = await workshops.run_by(asking)
    others = [one for one in await workshops.attended(asking) if one.trainer != asking.user]
    return Workshops(items=[_shown(workshops, one, asking) for one in (*run, *others)])


@router.post("/join")
async def join_workshop(
    request: Request, asking: Asking, workshops: TheWorkshops, given: JoinGiven
) -> Workshop:
    """By its code; again it changes nothing."""
    found = await workshops.join(asking, given.join_code, address_of(request))
    return _shown(workshops, found, asking)


@router.get("/{workshop_id}", response_model_exclude_none=False)
async def get_workshop(
    asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId
) -> Workshop | Attended:
    """For who is in it with their own sessions; else for its trainer."""
    try:
        return Attended.of_lobby(await workshops.lobby(asking, workshop_id))
    except NotFound:
        return _shown(workshops, await workshops.own(asking, workshop_id), asking)


@router.delete("/{workshop_id}", status_code=204)
async def delete_workshop(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> None:
    """The sessions stay with those who practised."""
    await workshops.remove(asking, workshop_id)


@router.post(
    "/{workshop_id}/sessions", status_code=201, response_model=Session, openapi_extra=KEYED
)
async def begin_attempt(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    given: AttemptGiven,
    response: Response,
) -> Any:
    """The same as `POST /v1/sessions` with `workshop`."""

    async def make() -> Session:
        started = await workshops.start(asking, workshop_id, given.scenario)
        response.headers["Location"] = f"/v1/sessions/{started.id}"
        return Session.of(started)

    return await once(request, response, asking, service, make)


@router.post("/{workshop_id}/pause")
async def pause(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> Workshop:
    """Nobody's words are taken until `resume`: look up and discuss."""
    await workshops.pause(asking, workshop_id)
    return await _own(workshops, asking, workshop_id)


@router.post("/{workshop_id}/resume")
async def resume(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> Workshop:
    await workshops.resume(asking, workshop_id)
    return await _own(workshops, asking, workshop_id)


@router.post("/{workshop_id}/finish")
async def finish(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> Workshop:
    """It ends now; what runs may be finished."""
    await workshops.finish(asking, workshop_id)
    return await _own(workshops, asking, workshop_id)


@router.post("/{workshop_id}/names")
async def show_names(
    asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId, given: NamesGiven
) -> Workshop:
    """Hides names on the board, or shows them."""
    await workshops.hide_names(asking, workshop_id, given.hidden)
    return await _own(workshops, asking, workshop_id)


@router.get("/{workshop_id}/board", response_model=Board)
async def get_board(
    request: Request, asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId
) -> Response | Board:
    """How it goes now; with `If-None-Match` 304 while nothing changed."""
    found = await workshops.own(asking, workshop_id)
    tag = etag(await asyncio.to_thread(workshops.floor.mark, found))
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    made = Board.of(await asyncio.to_thread(workshops.floor.board, found))
    return Response(json_of(made), media_type="application/json", headers={"ETag": tag})


@router.get("/{workshop_id}/events", response_class=EventSourceResponse, responses=_EVENTS)
async def follow(
    request: Request, asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId
) -> EventSourceResponse:
    """An event `changed` at first and whenever something did, from whichever worker; read the
    board or the votes then. For its trainer and for who is in it."""
    found = await seen_by(workshops, asking, workshop_id)
    return streamed(_changes(workshops, found, place(request.scope)))


async def _changes(
    workshops: desk.Workshops, found: Found, instance: str
) -> AsyncIterator[ServerSentEvent]:
    before = None
    try:
        while True:
            found, mark = await asyncio.to_thread(workshops.floor.look, found)
            if mark != before:
                before, state = mark, {"state": workshops.state(found)}
                yield ServerSentEvent(json_of(state), event="changed", id=etag(mark).strip('"'))
            await asyncio.sleep(EVERY)
    except Exception as error:  # noqa: BLE001  # logged by problem_of; the stream ends with it
        name, content = named_error(error, instance)
        yield ServerSentEvent(content, event=name)


@router.get("/{workshop_id}/votes")
async def get_votes(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> Votes:
    """Replies to one objection side by side, without names; newest first."""
    found = await seen_by(workshops, asking, workshop_id)
    topics = await workshops.ballots.topics(found) if found.trainer == asking.user else ()
    return Votes.of(await workshops.ballots.ballots(found, asking), topics)


@router.post("/{workshop_id}/votes", status_code=204)
async def vote(
    asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId, given: VoteGiven
) -> None:
    """Blind, for somebody else's reply; again it changes your vote."""
    found = (await workshops.lobby(asking, workshop_id)).workshop
    await workshops.ballots.vote(found, asking, given.round, given.option)


@router.post("/{workshop_id}/rounds", status_code=201, response_model=Round, openapi_extra=KEYED)
async def open_vote(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    given: RoundGiven,
    response: Response,
) -> BaseModel | Response:
    async def make() -> Round:
        found = await workshops.own(asking, workshop_id)
        opened = await workshops.ballots.open(found, given.scenario, given.act)
        return await _round(workshops, asking, found, opened.id)

    return await once(request, response, asking, service, make)


@router.post("/{workshop_id}/rounds/{round_id}/reveal")
async def reveal(
    asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId, round_id: RoundId
) -> Round:
    """Ends the vote and shows how it went, with the verdicts and the evidence."""
    found = await workshops.own(asking, workshop_id)
    await workshops.ballots.reveal(found, round_id)
    return await _round(workshops, asking, found, round_id)


@router.get("/{workshop_id}/guide")
async def get_guide(asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId) -> Guide:
    """What to talk about when it pauses or ends, made of what was missed."""
    found = await workshops.own(asking, workshop_id)
    return Guide.of(await asyncio.to_thread(workshops.floor.guide, found))


@router.get("/{workshop_id}/report", response_model=Report, responses=_REPORT)
async def get_report(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    format: Literal["json", "csv", "pdf", "html"] = "json",  # noqa: A002  # as the transcript's
) -> Response | Report:
    """The cohort: every person's attempts, before and after, and what to practise next."""
    found = await workshops.own(asking, workshop_id)
    if format == "html":
        from api.web.workshop_pages import report_page  # noqa: PLC0415  # the API stands without

        return await report_page(request, asking, service, workshops, found)
    made = await asyncio.to_thread(workshops.floor.report, found)
    if format == "csv":
        return _file(report_csv(made).encode(), "text/csv", "workshop.csv")
    if format == "pdf":
        titles = {one.id: one.title for one in await service.scenarios(asking)}
        points = await asyncio.to_thread(workshops.floor.guide, found)
        pages = await asyncio.to_thread(report_pdf, made, points, titles)
        return _file(pages, "application/pdf", "workshop.pdf")
    return Report.of(made, workshops.state(found))


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def etag(mark: str) -> str:
    return f'"{sha256(mark.encode()).hexdigest()[:32]}"'


async def seen_by(workshops: desk.Workshops, asking: Caller, workshop_id: str) -> Found:
    """For its trainer, and for who is in it."""
    try:
        return await workshops.own(asking, workshop_id)
    except NotFound:
        return (await workshops.lobby(asking, workshop_id)).workshop


def _shown(workshops: desk.Workshops, found: Found, asking: Caller) -> Workshop:
    return Workshop.of(found, workshops.state(found), runs=found.trainer == asking.user)


async def _own(workshops: desk.Workshops, asking: Caller, workshop_id: str) -> Workshop:
    return _shown(workshops, await workshops.own(asking, workshop_id), asking)


async def _round(workshops: desk.Workshops, asking: Caller, found: Found, round_id: str) -> Round:
    ballots = await workshops.ballots.ballots(found, asking)
    return Round.of(next(one for one in ballots if one.round.id == round_id))
