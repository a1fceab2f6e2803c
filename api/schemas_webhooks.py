"""The JSON of webhooks."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas_evidence import CleanStr, Given, Shown, Time
from coach.exports import delivering, webhook


class NewWebhook(Given):
    url: CleanStr = Field(max_length=webhook.LONGEST_URL)
    secret: CleanStr | None = Field(
        default=None, max_length=200, description="whsec_ and base64; made where it is left out"
    )


class Webhook(Shown):
    id: str
    url: str
    created_at: Time


class WebhookMade(Webhook):
    """``secret`` verifies what is sent; it isn't shown again."""

    secret: str


class Deliveries(Shown):
    waiting: int
    done: int
    failed: int = Field(description="given up")
    last_problem: str


class FollowedWebhook(Webhook):
    deliveries: Deliveries

    @staticmethod
    def of_followed(hook: webhook.Webhook, told: webhook.Deliveries) -> FollowedWebhook:
        fields = {name: getattr(hook, name) for name in Webhook.model_fields}
        return FollowedWebhook.model_validate({**fields, "deliveries": told})


class Webhooks(BaseModel):
    items: list[FollowedWebhook]
    next_cursor: str | None = None


class Tested(Shown):
    delivered: bool
    says: str

    @staticmethod
    def of(reply: delivering.Reply) -> Tested:
        return Tested.model_validate(reply)
