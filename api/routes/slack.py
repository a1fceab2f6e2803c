"""``/slack``: where Slack knocks, where workspaces are added, and where people say who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import PlainTextResponse

from api.dependencies import Asking
from api.web.rendering import Page, render, see
from coach.errors import NotFound
from coach.messenger.people import Person

if TYPE_CHECKING:
    from api.slack.bot import SlackBot
    from coach.messenger.desk import Messenger

router = APIRouter(prefix="/slack", include_in_schema=False)
pages = APIRouter(prefix="/slack", route_class=Page, include_in_schema=False)

OFF = "Slack isn't set up here; `coach slack check`, run on the server, says what to do."
CANCELLED = "Nothing was added: it was cancelled at Slack."

Code = Annotated[str, Query(max_length=200)]


def _bot(request: Request) -> SlackBot:
    found = request.app.state.slack
    if found is None:
        raise NotFound(OFF)
    return cast("SlackBot", found)


@router.post("/events")
async def events(request: Request) -> Response:
    """Events, commands and interactions: kept, then acknowledged."""
    challenge = await _bot(request).take(request.headers, await request.body())
    return PlainTextResponse(challenge or "")


@pages.get("/install")
async def install(request: Request, caller: Asking) -> Response:
    """To Slack, to add the coach to a workspace for the caller's tenant."""
    return see(await _bot(request).workspaces.leaving(caller.tenant))


@pages.get("/back")
async def back(request: Request, caller: Asking, code: Code = "", state: Code = "") -> Response:
    """From Slack; only in a browser of the tenant whose admin went there."""
    if not code:
        return render(request, "slack.html", 400, title="Not added", message=CANCELLED, code="")
    made = await _bot(request).workspaces.came_back(caller.tenant, code, state)
    told = f"The coach is in {made.title or made.workspace}. Write it a message there."
    return render(request, "slack.html", title="Added to Slack", message=told, code="")


@pages.get("/link")
async def link(request: Request, caller: Asking, code: Code = "") -> Response:
    """Asks before it links: whoever sends somebody such a link mustn't become them by it."""
    _bot(request)
    told = (
        f"Link the Slack account that asked the bot for this to {caller.user}? Only if that was "
        "you: it can practise and read in your name from then on."
    )
    return render(request, "slack.html", title="Link Slack", message=told, code=code)


@pages.post("/link")
async def linked(
    request: Request, caller: Asking, code: Annotated[str, Form(max_length=200)]
) -> Response:
    _bot(request)
    messenger = cast("Messenger", request.app.state.service.messenger)
    given = await messenger.came_back("link", code)
    if given.tenant != caller.tenant:
        raise NotFound("this link is of another company's workspace")
    person = Person(given.workspace, given.user, given.tenant, caller.user)
    await messenger.keep_person(person)
    told = "Done. Go back to Slack and write the bot a message."
    return render(request, "slack.html", title="Linked", message=told, code="")
