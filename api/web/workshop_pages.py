"""The pages of who attends a workshop, and of the trainer who plans one and reads its report."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from api.dependencies import Asking, Service, TheWorkshops, WorkshopId
from api.routes.workshops import vote
from api.schemas_evidence import Short
from api.schemas_workshops import VoteGiven, WorkshopGiven
from api.web.rendering import Page, render, see
from api.web.wording import humanise
from api.workshop_report import change_told
from coach.errors import BadInput, CoachError, NotFound
from coach.service import CoachService
from coach.session import GUEST, Caller
from coach.workshops.desk import Workshops
from coach.workshops.report import Next
from coach.workshops.workshop import Workshop

router = APIRouter(prefix="/workshops", route_class=Page, include_in_schema=False)

SWITCHES = ("same_buyer", "guests", "names_hidden", "invited_only")


@router.get("")
async def show_all(request: Request, asking: Asking, workshops: TheWorkshops) -> Response:
    """A guest has one only, and is led to it."""
    attended = await workshops.attended(asking)
    if GUEST in asking.roles:
        if not attended:
            raise NotFound("this workshop is gone")
        return see(f"/workshops/{attended[0].id}")
    run = await workshops.run_by(asking)
    others = [one for one in attended if one.trainer != asking.user]
    return render(
        request,
        "workshops.html",
        run=[(one, workshops.state(one)) for one in run],
        attended=[(one, workshops.state(one)) for one in others],
        plans="trainer" in asking.roles,
    )


@router.get("/new")
async def plan(
    request: Request, asking: Asking, service: Service, workshops: TheWorkshops, after: Short = ""
) -> Response:
    """A blank form, or the one that would follow well on the workshop ``after``."""
    typed: dict[str, Any] = {"same_buyer": "on", "guests": "on"}
    if after:
        found = await workshops.own(asking, after)
        made: Next | None = (await asyncio.to_thread(workshops.floor.report, found)).next
        if made:
            typed |= {"title": made.title, "scenarios": list(made.scenarios)}
    return await _form(request, asking, service, typed)


@router.post("")
async def create(
    request: Request, asking: Asking, service: Service, workshops: TheWorkshops
) -> Response:
    """What can't be taken is told above the form, which keeps what was typed."""
    async with request.form(max_files=0, max_fields=60) as form:
        typed: dict[str, Any] = {name: str(value).strip() for name, value in form.items()}
        typed["scenarios"] = [str(value) for value in form.getlist("scenarios")]
    try:
        made = await workshops.create(asking, WorkshopGiven.model_validate(_given(typed)).wish())
    except (CoachError, ValidationError) as error:
        return await _form(request, asking, service, typed, 422, _told(error))
    return see(f"/workshops/{made.id}/board")


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    """Switches that are off aren't sent; days and hours of a form are in UTC."""
    given = {name: value for name, value in typed.items() if value}
    given |= {name: name in typed for name in SWITCHES}
    given["cohort"] = str(given.get("cohort", "")).replace(",", " ").split()
    for name in ("starts_at", "ends_at"):
        if name in given:
            given[name] = _instant(name, given[name])
    for name in ("pass_mark", "attempts"):
        if name in typed:
            given[name] = _whole(name, typed[name])
    return given


def _instant(name: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadInput(f"{humanise(name)}: write a day and an hour, 2026-11-30T09:00") from error


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise BadInput(f"{humanise(name)}: write a whole number")
    return int(text)


def _told(error: CoachError | ValidationError) -> str:
    if isinstance(error, CoachError):
        return error.message
    fault = error.errors()[0]
    return f"{humanise(str(fault['loc'][0]))}: {fault['msg']}"


async def _form(
    request: Request,
    asking: Caller,
    service: CoachService,
    typed: dict[str, Any],
    status: int = 200,
    problem: str = "",
) -> Response:
    scenarios = await service.scenarios(asking)
    return render(
        request, "workshop_new.html", status, scenarios=scenarios, typed=typed, problem=problem
    )


@router.get("/{workshop_id}")
async def lobby(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    part: Short = "",
) -> Response:
    """For who is in it; its trainer, who isn't, is led to the board."""
    try:
        found = await workshops.lobby(asking, workshop_id)
    except NotFound:
        await workshops.own(asking, workshop_id)
        return see(f"/workshops/{workshop_id}/board")
    return render(
        request,
        "workshop_lobby_part.html" if part else "workshop_lobby.html",
        found=found,
        scenarios=await scenarios_of(service, asking, found.workshop),
        titles=await titles_of(service, asking),
        ballots=await workshops.ballots.ballots(found.workshop, asking),
        runs_it=found.workshop.trainer == asking.user,
    )


@router.post("/{workshop_id}/start")
async def start(
    asking: Asking,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    scenario: Annotated[Short, Form()],
) -> Response:
    return see(f"/practice/{(await workshops.start(asking, workshop_id, scenario)).id}")


@router.post("/{workshop_id}/votes")
async def cast(
    asking: Asking,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    round: Annotated[Short, Form()],  # noqa: A002  # as in the API
    option: Annotated[int, Form(ge=1, le=100)],
) -> Response:
    given = VoteGiven(round=round, option=option)
    await vote(asking, workshops, workshop_id, given)
    return see(f"/workshops/{workshop_id}#vote")


@router.get("/{workshop_id}/report")
async def report(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
) -> Response:
    found = await workshops.own(asking, workshop_id)
    return await report_page(request, asking, service, workshops, found)


async def report_page(
    request: Request, asking: Caller, service: CoachService, workshops: Workshops, found: Workshop
) -> Response:
    made = await asyncio.to_thread(workshops.floor.report, found)
    return render(
        request,
        "workshop_report.html",
        workshop=found,
        state=workshops.state(found),
        found=made,
        told=change_told(made.change),
        titles=await titles_of(service, asking),
    )


@router.get("/{workshop_id}/guide")
async def guide(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
) -> Response:
    found = await workshops.own(asking, workshop_id)
    return render(
        request,
        "workshop_guide.html",
        workshop=found,
        state=workshops.state(found),
        points=await asyncio.to_thread(workshops.floor.guide, found),
        titles=await titles_of(service, asking),
    )


async def titles_of(service: CoachService, asking: Caller) -> dict[str, str]:
    return {one.id: one.title for one in await service.scenarios(asking)}


async def scenarios_of(service: CoachService, asking: Caller, of: Workshop) -> list[Any]:
    """Those of the workshop that still exist, in its order."""
    known = {one.id: one for one in await service.scenarios(asking)}
    return [known[one] for one in of.scenarios if one in known]
