"""What holds for every request, page or API: where it may come from, its size, safe headers.

Plain ASGI, so that it also covers static files, unknown routes and errors nobody expected.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.guard import IS_LOCAL, TROUBLE, in_local_mode
from api.access.origin import SAFE_METHODS, forged, refusal
from api.errors import ProblemResponse, place, problem, problem_of
from coach.errors import Unavailable

LARGEST_BODY = 256 * 1024
LARGEST_ITEM = 2 * 1024 * 1024
LARGEST_BUNDLE = 8 * 1024 * 1024
LARGEST_SCENARIO = 1024 * 1024  # its text is shorter; in JSON each letter may take six
LARGEST_UPLOAD = 200 * 1024 * 1024  # streamed to disk, never held
UPLOADS = ("/v1/evidence", "/knowledge/upload")
DRAINED = 8 * 1024 * 1024  # read on this far, so that a sender of too much gets to see the answer
DRAINED_WITHIN = 5.0  # seconds; who says much and sends nothing gets the answer then

#: Comes from anywhere, also through a tunnel to a coach that has no users: its signature tells.
SIGNED = ("POST", "/slack/events")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TooLarge(Exception):
    """The body is over ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        whole = self.limit // (1024 * 1024)
        return f"{whole} MB" if whole else f"{self.limit // 1024} KB"


class Doorway:
    """Guards the application inside it, and turns what escapes it into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(send)
        try:
            if why := await _refused(scope, headers):
                await _reply(answer, scope, receive, problem(403, why, place(scope)))
                return
            await self.app(scope, await _received(scope, headers, receive), answer)
        except TooLarge as largest:
            detail = f"The request is over {largest}; send less, or in several requests."
            await _reply(answer, scope, receive, problem(413, detail, place(scope)))
        except Exception as error:
            if answer.started:
                raise  # the server logs it and closes the connection; half an answer is no answer
            await _reply(answer, scope, receive, problem_of(error, place(scope)))


async def _refused(scope: Scope, headers: Headers) -> str | None:
    scope[IS_LOCAL], scope[TROUBLE] = False, None
    try:
        scope[IS_LOCAL] = await in_local_mode(scope["app"])
    except Unavailable as error:  # nobody comes in, but to what is open
        scope[TROUBLE] = error
    if (scope["method"], scope["path"]) == SIGNED:
        return None
    if scope[IS_LOCAL]:
        return refusal(scope["method"], headers)
    return forged(scope["method"], scope["path"], headers)


class _Answer:
    """Sends on, with the headers that every response carries."""

    def __init__(self, send: Send) -> None:
        self.send, self.started = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self.send(message)


async def _reply(answer: _Answer, scope: Scope, receive: Receive, body: dict[str, object]) -> None:
    await ProblemResponse(body, status_code=int(str(body["status"])))(scope, receive, answer)


async def _received(scope: Scope, headers: Headers, receive: Receive) -> Receive:
    asked, path = scope["method"], scope["path"]
    said = "content-length" in headers or "transfer-encoding" in headers
    if not said and asked in SAFE_METHODS:
        return receive
    if asked == "POST" and path in UPLOADS:
        return await _counted(headers, receive)
    return await _bounded(receive, _limit(asked, path))


def _limit(asked: str, path: str) -> int:
    if asked == "PUT" and path.startswith("/v1/evidence/"):
        return LARGEST_ITEM
    if path == "/v1/scenarios/import":
        return LARGEST_BUNDLE
    is_scenario = path == "/v1/scenarios" or path.startswith("/v1/scenarios/")
    return LARGEST_SCENARIO if is_scenario else LARGEST_BODY


async def _counted(headers: Headers, receive: Receive) -> Receive:
    """The body as it comes, up to ``LARGEST_UPLOAD``; raises TooLarge, at once if it is said."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST_UPLOAD:
        await _drained(receive)
        raise TooLarge(LARGEST_UPLOAD)
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_UPLOAD:
            if message.get("more_body", False):
                await _drained(receive)
            raise TooLarge(LARGEST_UPLOAD)
        return message

    return counted


async def _drained(receive: Receive) -> None:
    size, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_WITHIN):
            while more and size <= DRAINED:
                message = await receive()
                size += len(message.get("body", b""))
                more = message.get("more_body", False)


async def _bounded(receive: Receive, limit: int) -> Receive:
    """The body read whole and handed on, if it is small enough; raises TooLarge."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break  # the client has gone; the application finds that out itself
        body: bytes = message.get("body", b"")
        size += len(body)
        if size <= limit:
            chunks.append(body)
        elif size > limit + DRAINED:
            break
        more = message.get("more_body", False)
    if size > limit:
        raise TooLarge(limit)
    whole: list[Message] = [{"type": "http.request", "body": b"".join(chunks), "more_body": more}]

    async def replay() -> Message:
        return whole.pop() if whole else await receive()

    return replay
