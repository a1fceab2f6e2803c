"""Webhooks: other programs that are told when a session ends."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.dependencies import Asking, Service, TheTeam, WebhookId
from api.once import KEYED, once
from api.schemas_webhooks import FollowedWebhook, NewWebhook, Tested, WebhookMade, Webhooks

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.post("", status_code=201, response_model=WebhookMade, openapi_extra=KEYED)
async def add_webhook(
    request: Request,
    asking: Asking,
    service: Service,
    team: TheTeam,
    given: NewWebhook,
    response: Response,
) -> BaseModel | Response:
    """Its `secret` is shown now and never again."""

    async def make() -> WebhookMade:
        made = await team.hooks.add(asking, given.url, given.secret)
        response.headers["Location"] = f"/v1/webhooks/{made.id}"
        return WebhookMade.model_validate(made)

    return await once(request, response, asking, service, make)


@router.get("")
async def list_webhooks(asking: Asking, team: TheTeam) -> Webhooks:
    found = await team.hooks.all(asking)
    return Webhooks(items=[FollowedWebhook.of_followed(hook, told) for hook, told in found])


@router.delete("/{webhook_id}", status_code=204)
async def remove_webhook(asking: Asking, team: TheTeam, webhook_id: WebhookId) -> None:
    await team.hooks.remove(asking, webhook_id)


@router.post("/{webhook_id}/test")
async def test_webhook(asking: Asking, team: TheTeam, webhook_id: WebhookId) -> Tested:
    """Sends one message that says it is a test, and tells what came of it."""
    return Tested.of(await team.hooks.test(asking, webhook_id))
