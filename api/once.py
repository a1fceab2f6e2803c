"""``Idempotency-Key`` on requests that are answered at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.receiving import key_of
from coach.jobs import Key
from coach.service import CoachService
from coach.session import Caller

#: What an answer tells in its headers, beside the body.
TOLD = ("location", "etag")

KEYED: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": "sent again with the same content, the first answer comes again",
        }
    ]
}


async def once(
    request: Request,
    response: Response,
    caller: Caller,
    service: CoachService,
    make: Callable[[], Awaitable[BaseModel]],
) -> BaseModel | Response:
    """What ``make`` answers; where the request has a key, the answer that it gave the first time.

    Status and headers are those that ``make`` sets in ``response``, or the route's own.
    """
    text = key_of(request)
    if text is None:
        return await make()

    async def made() -> dict[str, Any]:
        body = (await make()).model_dump(mode="json")
        headers = {name: response.headers[name] for name in TOLD if name in response.headers}
        return {"status": response.status_code or _usual(request), "headers": headers, "body": body}

    key = Key(text, await digest_of(request))
    answer = await service.once.answer(caller, key, made)
    return JSONResponse(answer["body"], answer["status"], answer["headers"])


def _usual(request: Request) -> int:
    return getattr(request.scope.get("route"), "status_code", None) or 200


async def digest_of(request: Request) -> str:
    """Of all that was asked: another path or another body is another request."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return sha256(asked + await request.body()).hexdigest()
