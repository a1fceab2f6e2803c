"""What a caller may ask for in a minute or a day, and how the answer tells it.

Headers as in draft-ietf-httpapi-ratelimit-headers: ``RateLimit`` is what is left now,
``RateLimit-Policy`` what there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.dependencies import Asking, Service
from coach.errors import TooMany
from coach.practice.allowance import PER_DAY, REQUESTS, TURNS, Left

#: What hears, checks and answers words, page or API: these count as turns too.
COSTLY = frozenset(
    {
        ("POST", "/v1/sessions/{session_id}/turns"),
        ("POST", "/v1/suggestions"),
        ("POST", "/v1/claims/check"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/practice/{session_id}"),
        ("POST", "/assist"),
    }
)


async def within_limits(request: Request, asking: Asking, service: Service) -> None:
    """TooMany (429) when the caller has used what there is."""
    asked = (request.method, getattr(request.scope.get("route"), "path", ""))
    names = (REQUESTS, TURNS, PER_DAY) if asked in COSTLY else (REQUESTS,)
    try:
        request.state.left = await service.allowing.spend(asking, *names)
    except TooMany as refused:
        request.state.left = refused.left
        raise


class TellingLimits:
    """Adds the headers to whatever answer, a stream too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            found = scope.get("state", {}).get("left", ())
            if found and message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers_of(found))
            await send(message)

        await self.app(scope, receive, told if scope["type"] == "http" else send)


def headers_of(found: Sequence[Left]) -> dict[str, str]:
    policy = (f'"{one.limit.name}";q={one.limit.most};w={one.limit.seconds}' for one in found)
    left = (
        f'"{one.limit.name}";r={one.left};t={math.ceil(one.wait or one.refilled)}' for one in found
    )
    return {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(left)}
