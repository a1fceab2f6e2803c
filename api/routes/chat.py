"""OpenAI's API: each scenario is a model, so that any program that chats can practise."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from api.chatting import completed, in_chunks, parts_of, talk_of
from api.dependencies import Asking, Service
from api.schemas_chat import ChatRequest, Completion, ModelCard, ModelCards
from api.side_calls import side_answer
from api.sse import STREAM
from coach.errors import BadInput, NotFound
from coach.scenario import Scenario

router = APIRouter(prefix="/v1", tags=["openai"])

CHUNKS = {
    "content": {STREAM: {"schema": {"type": "string"}}},
    "description": "The buyer's answer; with `stream` in chunks, and then `[DONE]`.",
}


def card_of(scenario: Scenario, model: str = "") -> ModelCard:
    about = f"{scenario.summary} Say hello, and the buyer opens."
    return ModelCard(id=model or scenario.id, name=scenario.title, description=about)


@router.get("/models")
async def list_models(asking: Asking, service: Service) -> ModelCards:
    return ModelCards(data=[card_of(one) for one in await service.scenarios(asking)])


@router.get("/models/{model:path}")
async def get_model(asking: Asking, service: Service, model: str) -> ModelCard:
    scenario, _, persona = parts_of(model)
    found = await service.scenario(asking, scenario)
    try:
        found = await service.cast(asking, found, persona) if persona else found
    except BadInput as error:  # OpenAI's clients know one answer for a name that is none
        raise NotFound(error.message) from error
    return card_of(found, model)


@router.post("/chat/completions", response_model=Completion, responses={200: CHUNKS})
async def complete(
    asking: Asking,
    service: Service,
    asked: ChatRequest,
    chat: Annotated[str, Header(alias="X-OpenWebUI-Chat-Id", max_length=200)] = "",
) -> Completion | Response:
    """The first message is answered with the buyer's opening, each later one is a turn.

    `/hint` and `/end` as a message do as they say. What is asked beside the talk (a title, tags)
    is answered and counts for nothing. The same talk again gives the same reply; a talk changed
    at an earlier place goes on in a branch.
    """
    talk = talk_of(asked, chat)
    scenario = await service.scenario(asking, talk.scenario)
    beside = side_answer(talk.said, scenario.title)
    told = None if beside is not None else await service.chats.answer(asking, talk)
    text = beside if told is None else told.text
    whole = completed(asked, text or "", int(time.time()), told)
    if asked.stream:
        wanted = asked.stream_options is not None and asked.stream_options.include_usage
        return in_chunks(whole, usage=wanted)
    return whole
