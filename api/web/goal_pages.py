"""The page of a team's goals, beside its practice. It reads and writes without JavaScript."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from api.dependencies import Asking, GoalId, TheTeam
from api.routes.goals import uploaded
from api.schemas_goals import GoalGiven
from api.web import goal_drawing
from api.web.rendering import Page, render, see
from api.web.wording import humanise
from coach.errors import CoachError
from coach.indicators.board import MOST_WEEKS, WEEKS
from coach.indicators.goal import PRESETS
from coach.session import Caller
from coach.team import Team

router = APIRouter(prefix="/goals", route_class=Page, include_in_schema=False)


@router.get("")
async def show(
    request: Request,
    asking: Asking,
    team: TheTeam,
    weeks: Annotated[int, Query(ge=2, le=MOST_WEEKS)] = WEEKS,
) -> Response:
    return await _page(request, asking, team, weeks=weeks)


@router.post("")
async def set_goal(request: Request, asking: Asking, team: TheTeam) -> Response:
    """What can't be taken is told above the form, which keeps what was typed."""
    typed = await _typed(request)
    try:
        await team.goals.set(asking, GoalGiven.model_validate(_given(typed)).goal())
    except (CoachError, ValidationError) as error:
        return await _page(request, asking, team, 422, problem=_told(error), typed=typed)
    return see("/goals")


@router.post("/numbers")
async def send_numbers(request: Request, asking: Asking, team: TheTeam) -> Response:
    """The report stands above the goals."""
    try:
        content, name = await uploaded(request)
        taken = await team.goals.take_file(asking, content, name)
    except CoachError as error:
        return await _page(request, asking, team, 422, problem=error.message)
    return await _page(request, asking, team, taken=taken, file=name)


@router.post("/{goal_id}")
async def change_goal(request: Request, asking: Asking, team: TheTeam, goal_id: GoalId) -> Response:
    typed = await _typed(request)
    try:
        await team.goals.change(asking, GoalGiven.model_validate(_given(typed)).goal(goal_id))
    except (CoachError, ValidationError) as error:
        return await _page(request, asking, team, 422, problem=_told(error))
    return see("/goals")


@router.post("/{goal_id}/remove")
async def remove_goal(asking: Asking, team: TheTeam, goal_id: GoalId) -> Response:
    await team.goals.remove(asking, goal_id)
    return see("/goals")


async def _typed(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=20) as form:
        return {name: str(value).strip() for name, value in form.items()}


def _given(typed: dict[str, str]) -> dict[str, str]:
    """An empty field is one that isn't given; a unit may be empty."""
    return {name: value for name, value in typed.items() if value or name == "unit"}


def _told(error: CoachError | ValidationError) -> str:
    if isinstance(error, CoachError):
        return error.message
    fault = error.errors()[0]
    return f"{humanise(str(fault['loc'][-1]))}: {fault['msg']}"


async def _page(
    request: Request,
    asking: Caller,
    team: Team,
    status: int = 200,
    *,
    weeks: int = WEEKS,
    **context: Any,
) -> Response:
    found = await team.goals.overview(asking, weeks)
    blank: dict[str, Any] = {"problem": "", "taken": None, "file": "", "typed": {}}
    return render(
        request,
        "goals.html",
        status,
        found=found,
        sides=[("short", found.short), ("long", found.long)],
        sessions=goal_drawing.bars([week.sessions for week in found.practice]),
        skill=goal_drawing.bars([week.skill for week in found.practice], highest=100),
        chart=goal_drawing.chart,
        presets=PRESETS,
        writes="trainer" in asking.roles,
        **(blank | context),
    )
