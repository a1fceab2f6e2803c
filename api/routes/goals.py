"""A team's goals, the numbers that say how far they are, and both beside practice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from api.dependencies import Asking, GoalId, Service, TheTeam
from api.once import KEYED, once
from api.schemas_goals import Goal, GoalGiven, Goals, NumbersGiven, NumbersTaken
from coach.errors import BadInput
from coach.indicators.board import MOST_WEEKS, WEEKS

router = APIRouter(prefix="/v1/goals", tags=["goals"])

LARGEST = 5_000_000  # bytes of a CSV
CSV = ("text/csv", "application/csv", "application/vnd.ms-excel")
_FILE: dict[str, Any] = {"type": "string", "format": "binary"}
NUMBERS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": NumbersGiven.model_json_schema()},
            "text/csv": {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE}}
            },
        },
    }
}


@router.get("")
async def list_goals(
    asking: Asking,
    team: TheTeam,
    weeks: Annotated[int, Query(ge=2, le=MOST_WEEKS)] = WEEKS,
) -> Goals:
    """Goals and their numbers week by week, beside the sessions and the skill of those weeks."""
    return Goals.of(await team.goals.overview(asking, weeks))


@router.post("", status_code=201, response_model=Goal, openapi_extra=KEYED)
async def set_goal(
    request: Request,
    asking: Asking,
    service: Service,
    team: TheTeam,
    given: GoalGiven,
    response: Response,
) -> BaseModel | Response:
    async def make() -> Goal:
        made = await team.goals.set(asking, given.goal())
        response.headers["Location"] = f"/v1/goals/{made.id}"
        return Goal.model_validate(made)

    return await once(request, response, asking, service, make)


@router.put("/{goal_id}")
async def change_goal(asking: Asking, team: TheTeam, goal_id: GoalId, given: GoalGiven) -> Goal:
    """Replaces all of it; its numbers stay."""
    return Goal.model_validate(await team.goals.change(asking, given.goal(goal_id)))


@router.delete("/{goal_id}", status_code=204)
async def remove_goal(asking: Asking, team: TheTeam, goal_id: GoalId) -> None:
    """With its numbers."""
    await team.goals.remove(asking, goal_id)


@router.post("/numbers", openapi_extra=NUMBERS)
async def send_numbers(request: Request, asking: Asking, team: TheTeam) -> NumbersTaken:
    """JSON: all or none. CSV: the good rows go in, the others are told; sent again it changes
    nothing."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind in CSV:
        return NumbersTaken.of(await team.goals.take_file(asking, await _body(request), "the file"))
    if kind == "multipart/form-data":
        content, name = await uploaded(request)
        return NumbersTaken.of(await team.goals.take_file(asking, content, name))
    try:
        given = NumbersGiven.model_validate_json(await _body(request))
    except ValidationError as error:
        raise BadInput(
            "send a CSV as text/csv or as the file of a form, or JSON as the API describes it",
            [{"loc": list(fault["loc"]), "msg": fault["msg"]} for fault in error.errors()[:50]],
        ) from error
    return NumbersTaken.of(await team.goals.take(asking, given.measured()))


async def uploaded(request: Request) -> tuple[bytes, str]:
    """The one file of a form and its name."""
    _refuse_large(int(request.headers.get("content-length") or 0))
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("file: choose the CSV to import")
        content = await file.read()
        _refuse_large(len(content))
        return content, file.filename or "the file"


async def _body(request: Request) -> bytes:
    content = b""
    async for piece in request.stream():
        content += piece
        _refuse_large(len(content))
    return content


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise BadInput(f"{LARGEST // 1_000_000} MB of numbers are the most; send them in parts")
