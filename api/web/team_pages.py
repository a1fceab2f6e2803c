"""The pages of a team's skills: where it stands, who needs what, and one person's sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.dependencies import Asking, Service
from api.routes.teams import AskedOfTeam
from api.trained import TheTrained, Trainee
from api.web.rendering import Page, render
from coach.progress import Level
from coach.progress.team import Axis

router = APIRouter(prefix="/team", route_class=Page, include_in_schema=False)

RECENT = 20  # sessions
#: What a table can be by: rows, columns, and what that answers.
VIEWS = (
    (Axis.PERSON, Axis.CHECK, "Who can do what"),
    (Axis.PERSON, Axis.WEEK, "Who is getting better"),
    (Axis.CHECK, Axis.WEEK, "Checks over time"),
    (Axis.SCENARIO, Axis.WEEK, "Scenarios over time"),
    (Axis.CHECK, Axis.SCENARIO, "Checks by scenario"),
)
SPANS = (4, 12, 26, 52)  # weeks


@router.get("")
async def team(
    request: Request, asking: Asking, service: Service, trained: TheTrained, asked: AskedOfTeam
) -> Response:
    return render(
        request,
        "team.html",
        found=await service.skills.overview(asking, asked),
        trained=trained,
        asked=asked,
        views=VIEWS,
        spans=SPANS,
    )


@router.get("/people/{user}")
async def person(request: Request, service: Service, trainee: Trainee) -> Response:
    """What they can do, and their sessions, each with its verdicts to overrule."""
    found = await service.progress.progress(trainee)
    recent, _ = await service.sessions(trainee, RECENT)
    titles = {one.id: one.title for one in await service.scenarios(trainee)}
    return render(
        request,
        "team_person.html",
        person=trainee.user,
        found=found,
        told=[one for one in found.masteries if one.level is not Level.NEW],
        recent=recent,
        titles=titles,
    )
