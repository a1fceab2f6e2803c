"""Answers that worked: offered by reps, approved by trainers, shown as coaching material."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.dependencies import AnswerId, Asking, Service, TheTeam
from api.once import KEYED, once
from api.schemas_answers import Answer, Answers, Declined, NewOffer, NewWording
from api.schemas_evidence import Short
from coach.answers.answer import Standing

router = APIRouter(prefix="/v1/answers", tags=["answers"])


@router.post("", status_code=201, response_model=Answer, openapi_extra=KEYED)
async def offer_answer(
    request: Request,
    asking: Asking,
    service: Service,
    team: TheTeam,
    given: NewOffer,
    response: Response,
) -> BaseModel | Response:
    """A reply of yours, with the buyer's words before it."""

    async def make() -> Answer:
        made = await team.answers.offer(asking, given.offer())
        response.headers["Location"] = f"/v1/answers/{made.id}"
        return Answer.model_validate(made)

    return await once(request, response, asking, service, make)


@router.get("")
async def list_answers(
    asking: Asking,
    team: TheTeam,
    status: Standing | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Short | None, Query()] = None,
) -> Answers:
    """Trainers see all of their team, others what is approved, or else their own."""
    return Answers.of(*await team.answers.page(asking, status, limit, cursor))


@router.get("/{answer_id}")
async def get_answer(asking: Asking, team: TheTeam, answer_id: AnswerId) -> Answer:
    return Answer.model_validate(await team.answers.answer(asking, answer_id))


@router.put("/{answer_id}")
async def edit_answer(
    asking: Asking, team: TheTeam, answer_id: AnswerId, given: NewWording
) -> Answer:
    """Other words for it; one that was approved is to be approved anew."""
    return Answer.model_validate(await team.answers.edit(asking, answer_id, given.wording))


@router.post("/{answer_id}/approve")
async def approve_answer(asking: Asking, team: TheTeam, answer_id: AnswerId) -> Answer:
    """Refused (422) where the evidence contradicts it; see `warnings` for what it doesn't carry."""
    return Answer.model_validate(await team.answers.approve(asking, answer_id))


@router.post("/{answer_id}/decline")
async def decline_answer(
    asking: Asking, team: TheTeam, answer_id: AnswerId, given: Declined
) -> Answer:
    return Answer.model_validate(await team.answers.decline(asking, answer_id, given.reason))


@router.post("/{answer_id}/withdraw")
async def withdraw_answer(asking: Asking, team: TheTeam, answer_id: AnswerId) -> Answer:
    """By its author or a trainer: it is shown to nobody any more."""
    return Answer.model_validate(await team.answers.withdraw(asking, answer_id))
