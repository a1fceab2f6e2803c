"""The trainer's pages while a workshop runs: the board for the projector, and votes on replies."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from api.dependencies import Asking, Service, TheWorkshops, WorkshopId
from api.routes.workshops import RoundId
from api.schemas_evidence import Short
from api.web.login_pages import own_address
from api.web.qr_code import qr_svg
from api.web.rendering import Page, render, see
from api.web.workshop_pages import titles_of
from coach.workshops.workshop import spaced

router = APIRouter(prefix="/workshops", route_class=Page, include_in_schema=False)


@router.get("/{workshop_id}/board")
async def board(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    part: Short = "",
) -> Response:
    """Whole, or only what changes."""
    found = await workshops.own(asking, workshop_id)
    address = f"{own_address(request)}/join"
    return render(
        request,
        "workshop_board_part.html" if part else "workshop_board.html",
        workshop=found,
        state=workshops.state(found),
        board=await asyncio.to_thread(workshops.floor.board, found),
        titles=await titles_of(service, asking),
        code=spaced(found.join_code),
        address=address,
        qr=qr_svg(f"{address}?code={found.join_code}"),
    )


@router.post("/{workshop_id}/board")
async def act(
    asking: Asking,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    action: Annotated[Literal["pause", "resume", "finish", "hide", "show", "remove"], Form()],
) -> Response:
    match action:
        case "pause":
            await workshops.pause(asking, workshop_id)
        case "resume":
            await workshops.resume(asking, workshop_id)
        case "finish":
            await workshops.finish(asking, workshop_id)
        case "remove":
            await workshops.remove(asking, workshop_id)
            return see("/workshops")
        case "hide" | "show":
            await workshops.hide_names(asking, workshop_id, action == "hide")
    return see(f"/workshops/{workshop_id}/board")


@router.get("/{workshop_id}/votes")
async def votes(
    request: Request,
    asking: Asking,
    service: Service,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    part: Short = "",
) -> Response:
    found = await workshops.own(asking, workshop_id)
    return render(
        request,
        "workshop_votes_part.html" if part else "workshop_votes.html",
        workshop=found,
        state=workshops.state(found),
        ballots=await workshops.ballots.ballots(found, asking),
        topics=await workshops.ballots.topics(found),
        titles=await titles_of(service, asking),
    )


@router.post("/{workshop_id}/rounds")
async def open_vote(
    asking: Asking,
    workshops: TheWorkshops,
    workshop_id: WorkshopId,
    scenario: Annotated[Short, Form()],
    act: Annotated[Short, Form()],
) -> Response:
    found = await workshops.own(asking, workshop_id)
    await workshops.ballots.open(found, scenario, act)
    return see(f"/workshops/{workshop_id}/votes")


@router.post("/{workshop_id}/rounds/{round_id}/reveal")
async def reveal(
    asking: Asking, workshops: TheWorkshops, workshop_id: WorkshopId, round_id: RoundId
) -> Response:
    found = await workshops.own(asking, workshop_id)
    await workshops.ballots.reveal(found, round_id)
    return see(f"/workshops/{workshop_id}/votes")
