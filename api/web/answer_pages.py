"""The pages of shared answers: offering one's own, reading and deciding on all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from api.dependencies import AnswerId, Asking, TheTeam
from api.schemas_evidence import Short, Text
from api.web.rendering import Page, render, see
from coach.answers.answer import Standing
from coach.answers.offering import Offer
from coach.errors import CoachError
from coach.session import LOCAL, Caller
from coach.team import Team

router = APIRouter(prefix="/answers", route_class=Page, include_in_schema=False)

SHOWN = 20


@router.get("")
async def show(
    request: Request,
    asking: Asking,
    team: TheTeam,
    status: Standing = Standing.OFFERED,
    cursor: Short | None = None,
) -> Response:
    return await _page(request, asking, team, status, cursor=cursor)


@router.post("")
async def offer(
    asking: Asking,
    team: TheTeam,
    session: Annotated[Short, Form()],
    turn: Annotated[int, Form(ge=0, le=1_000_000)],
    note: Annotated[Text, Form()] = "",
    author: Annotated[Short, Form()] = "",
) -> Response:
    made = await team.answers.offer(asking, Offer(session, turn, note, author))
    return see(f"/answers#{made.id}")


@router.post("/{answer_id}")
async def decide(
    request: Request,
    asking: Asking,
    team: TheTeam,
    answer_id: AnswerId,
    then: Annotated[Short, Form()] = "",
    wording: Annotated[Text | None, Form()] = None,
    reason: Annotated[Text, Form()] = "",
) -> Response:
    """``then`` names the button that was pressed; the wording is kept first, whichever it was."""
    desk = team.answers
    answer = await desk.answer(asking, answer_id)
    try:
        if wording is not None and wording.replace("\r\n", "\n").strip() != answer.wording:
            answer = await desk.edit(asking, answer_id, wording.replace("\r\n", "\n"))
        match then:
            case "approve":
                answer = await desk.approve(asking, answer_id)
            case "decline":
                answer = await desk.decline(asking, answer_id, reason)
            case "withdraw":
                answer = await desk.withdraw(asking, answer_id)
    except CoachError as error:
        shown = {"problem": error.message, "about": answer_id}
        return await _page(request, asking, team, answer.status, 422, **shown)
    return see(f"/answers?status={answer.status.value}#{answer.id}")


async def _page(
    request: Request,
    asking: Caller,
    team: Team,
    status: Standing,
    code: int = 200,
    *,
    cursor: str | None = None,
    problem: str = "",
    about: str = "",
) -> Response:
    found, following = await team.answers.page(asking, status, SHOWN, cursor)
    context: dict[str, Any] = {"problem": problem, "about": about}
    return render(
        request,
        "answers.html",
        code,
        answers=found,
        following=following,
        asked=status,
        standings=list(Standing),
        decides="trainer" in asking.roles,
        asking=asking,
        **context,
    )


def signs(caller: Caller) -> bool:
    """Whether whoever offers an answer is asked for a name."""
    return caller.user == LOCAL.user
