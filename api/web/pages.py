"""The web pages: practice, debrief and live assist, and where the others are put together.

Every page reads without JavaScript and every form works without it; the scripts in ``static/``
then talk to the HTTP API. Nothing is decided here: the pages call the same verbs as the API.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response

from api.dependencies import Asking, Service, SessionId
from api.errors import problem_of
from api.limiting import within_limits
from api.schemas_evidence import Short, Text
from api.web import (
    answer_pages,
    attempt_pages,
    gallery_page,
    goal_pages,
    item_pages,
    joining_pages,
    knowledge_pages,
    login_pages,
    progress_pages,
    studio_pages,
    team_pages,
    workshop_pages,
    workshop_running_pages,
)
from api.web.citing import sources_of
from api.web.practice_page import Typed, practice_page, workshop_of
from api.web.rendering import HERE, Page, Revalidated, render, see
from coach.errors import BadInput, CoachError
from coach.events import TurnFailed
from coach.scenario import Difficulty
from coach.service import CoachService
from coach.session import Caller, Status
from coach.suggestion import Situation
from knowledge.errors import KnowledgeError

LARGEST = 10_000_000  # employees
router = APIRouter(route_class=Page, include_in_schema=False)


def mount(app: FastAPI) -> None:
    """Adds the pages at ``/`` and their files at ``/static``."""
    app.mount("/static", Revalidated(directory=HERE / "static"), name="static")
    rooms = (
        gallery_page,
        attempt_pages,
        item_pages,
        knowledge_pages,
        goal_pages,
        answer_pages,
        progress_pages,
        studio_pages,
        team_pages,
        workshop_running_pages,
        workshop_pages,
    )
    for pages in (router, *(room.router for room in rooms)):
        app.include_router(pages, dependencies=[Depends(within_limits)])
    app.include_router(login_pages.router)  # before anybody is known
    app.include_router(joining_pages.router)  # so is this


@router.post("/practice")
async def start(
    asking: Asking,
    service: Service,
    scenario: Annotated[Short, Form()],
    difficulty: Annotated[Difficulty | None, Form()] = None,
    persona: Annotated[Short | None, Form()] = None,
) -> Response:
    session = await service.start(asking, scenario, difficulty=difficulty, persona=persona)
    return see(f"/practice/{session.id}")


@router.get("/practice/{session_id}")
async def practice(
    request: Request, asking: Asking, service: Service, session_id: SessionId
) -> Response:
    await service.turns.settled(asking, session_id)
    return await practice_page(request, asking, service, await service.session(asking, session_id))


@router.post("/practice/{session_id}")
async def say(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    text: Annotated[Text, Form()] = "",
) -> Response:
    """One turn without JavaScript: taken whole, then the page is shown again."""
    session = await service.session(asking, session_id)
    try:
        async for event in await service.take_turn(asking, session_id, unix_lines(text)):
            if isinstance(event, TurnFailed):
                raise event.error
    except (CoachError, KnowledgeError) as error:
        told = problem_of(error)
        return await practice_page(
            request, asking, service, session, told["status"], Typed(text, told["detail"])
        )
    return see(f"/practice/{session_id}#latest")


@router.post("/practice/{session_id}/hint")
async def hint(
    request: Request,
    asking: Asking,
    service: Service,
    session_id: SessionId,
    level: Annotated[int | None, Form(ge=1, le=3)] = None,
    text: Annotated[Text, Form()] = "",
) -> Response:
    """A hint without JavaScript; what was typed so far stays in the composer."""
    given = await service.hint(asking, session_id, level)
    session = await service.session(asking, session_id)
    return await practice_page(request, asking, service, session, typed=Typed(text, hint=given))


@router.post("/practice/{session_id}/end")
async def end(asking: Asking, service: Service, session_id: SessionId) -> Response:
    await service.end(asking, session_id)
    return see(f"/debrief/{session_id}")


@router.get("/debrief/{session_id}")
async def debrief(
    request: Request, asking: Asking, service: Service, session_id: SessionId
) -> Response:
    session = await service.session(asking, session_id)
    if session.status is Status.ACTIVE:
        return see(f"/practice/{session_id}")
    scenario = await service.scenario_of(session)
    return render(
        request,
        "debrief.html",
        session=session,
        scenario=scenario,
        persona=scenario.persona(session.persona),
        debrief=await service.debrief(asking, session_id),
        texts={turn.index: turn.text for turn in session.turns},
        rulings=await service.referee.rulings(asking, session_id),
        questions={item.id: item.question for item in scenario.checks},
        signs=answer_pages.signs(asking),
        workshop=await workshop_of(service, asking, session.id),
    )


@router.get("/assist")
async def assist(
    request: Request, asking: Asking, service: Service, window: Short = ""
) -> Response:
    """``window=side`` leaves out all that a narrow window beside a call has no room for."""
    return await assist_page(request, asking, service, beside=window == "side")


@router.post("/assist")
async def assist_without_script(
    request: Request,
    asking: Asking,
    service: Service,
    objection: Annotated[Text, Form()] = "",
    sector: Annotated[Short, Form()] = "",
    region: Annotated[Short, Form()] = "",
    competitor: Annotated[Short, Form()] = "",
    customer_size: Annotated[Short, Form()] = "",
) -> Response:
    asked = {"sector": sector, "region": region, "competitor": competitor}
    shown: dict[str, Any] = {"objection": objection, "asked": asked, "size": customer_size}
    try:
        situation = Situation(
            sector.strip() or None,
            region.strip() or None,
            competitor.strip() or None,
            size_of(customer_size),
        )
        advice = await service.suggest(asking, unix_lines(objection), situation)
    except BadInput as error:
        return await assist_page(request, asking, service, 422, problem=str(error), **shown)
    cited = {c.evidence_id for s in advice.suggestions for c in s.claims}
    sources = await sources_of(service, cited)
    kind = advice.objection.type if advice.objection.sure else None
    shown["shared"] = await service.shared_answers(asking, objection, kind)
    return await assist_page(request, asking, service, advice=advice, sources=sources, **shown)


def size_of(text: str) -> int | None:
    """Employees, as a form sends them; BadInput for what is no such number."""
    digits = text.strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and 0 < int(digits) <= LARGEST):
        raise BadInput("the size is a number of employees, for example 400")
    return int(digits)


async def assist_page(
    request: Request, asking: Caller, service: CoachService, status: int = 200, **context: Any
) -> Response:
    blank: dict[str, Any] = {
        "objection": "",
        "asked": {},
        "size": "",
        "advice": None,
        "sources": {},
        "shared": (),
        "problem": "",
        "beside": False,
    }
    titles = {scenario.id: scenario.title for scenario in await service.scenarios(asking)}
    names = ("sector", "region", "competitor")
    fields = [(name, await service.evidence_values(name)) for name in names]
    return render(request, "assist.html", status, fields=fields, titles=titles, **(blank | context))


def unix_lines(text: str) -> str:
    """A form sends CRLF for the line breaks of a textarea."""
    return text.replace("\r\n", "\n")
