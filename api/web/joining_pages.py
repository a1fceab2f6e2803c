"""Joining a workshop by its code or QR code: with an account, or as a guest without one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.access.guard import COOKIE, Visitor, is_local, service_of
from api.dependencies import current_workshops
from api.routes.workshops import address_of
from api.schemas_evidence import Short
from api.web.login_pages import keep_cookie
from api.web.rendering import Page, render, see
from coach.errors import CoachError, NotFound, TooMany
from coach.session import GUEST
from coach.workshops.desk import LONGEST
from coach.workshops.workshop import Workshop, spaced

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/join")
async def show(request: Request, who: Visitor, code: Short = "") -> Response:
    """Asks for the code, then for who comes."""
    found, problem = None, ""
    if code:
        try:
            desk = current_workshops(service_of(request.app))
            found = await desk.find(code, address_of(request))
        except CoachError as error:
            problem = error.message
    return _page(request, found=found, code=code, problem=problem)


@router.post("/join")
async def join(
    request: Request,
    who: Visitor,
    code: Annotated[Short, Form()],
    name: Annotated[Short | None, Form()] = None,
) -> Response:
    """With a name as a guest; without one as whoever is signed in."""
    desk, address = current_workshops(service_of(request.app)), address_of(request)
    try:
        if name is None and who is not None and GUEST not in who.roles:
            return see(f"/workshops/{(await desk.join(who, code, address)).id}")
        joined, secret = await desk.join_as_guest(code, name or "", address)
    except (NotFound, TooMany) as error:
        return _page(request, 422, found=None, code=code, problem=error.message)
    except CoachError as error:  # the code is right: what was typed is shown again
        found = await desk.find(code, address)
        return _page(request, 422, found=found, code=code, typed=name or "", problem=error.message)
    response = see(f"/workshops/{joined.id}")
    keep_cookie(request, response, COOKIE, secret, LONGEST.total_seconds())
    return response


def _page(
    request: Request,
    status: int = 200,
    *,
    found: Workshop | None,
    code: str,
    typed: str = "",
    problem: str = "",
) -> Response:
    who = getattr(request.state, "visitor", None)
    return render(
        request,
        "join.html",
        status,
        found=found,
        code=spaced(found.join_code) if found else code,
        typed=typed,
        problem=problem,
        known=who is not None and GUEST not in who.roles,
        alone=is_local(request.scope),
    )
