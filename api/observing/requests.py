"""Around every request: its id, how long it took, and its line in the log."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observing.logs import REQUEST_LOG
from coach import telemetry

if TYPE_CHECKING:
    from api.observing.observatory import Observatory

log = logging.getLogger(REQUEST_LOG)

REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
UNKNOWN_ROUTE = "unmatched"  # one series for all addresses that there aren't
QUIET = ("/healthz", "/readyz", "/metrics", "/static")  # asked for again and again
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """The outermost layer: a request that the guard refuses is counted too."""

    def __init__(self, app: ASGIApp, observatory: Observatory) -> None:
        self.app, self.observatory = app, observatory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        answer, since = _Answer(send, request_id), time.perf_counter()
        self.observatory.in_flight += 1
        with telemetry.told_apart(request=request_id):
            try:
                await self.app(scope, receive, answer)
            finally:
                self.observatory.in_flight -= 1
                _tell(scope, answer.status, time.perf_counter() - since)


class _Answer:
    """Sends on, under the id of the request; ``status`` is 500 until there is an answer."""

    def __init__(self, send: Send, request_id: str) -> None:
        self.send, self.request_id, self.status = send, request_id, 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            MutableHeaders(scope=message)["X-Request-Id"] = self.request_id
        await self.send(message)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route, method = route_of(scope), scope["method"]
    told = method if method in METHODS else "_OTHER"
    telemetry.took(
        "http.server.request.duration",
        seconds,
        **{
            "http.request.method": told,
            "http.route": route,
            "http.response.status_code": str(status),
        },
    )
    if session := scope.get("path_params", {}).get("session_id"):
        telemetry.about(session=str(session)[:64])
    facts = {"method": told, "route": route, "status": status, "seconds": round(seconds, 4)}
    level = logging.DEBUG if route in QUIET and status < 400 else logging.INFO
    log.log(level, "%s %s %s", told, route, status, extra={"facts": facts})


def route_of(scope: Scope) -> str:
    """The template of the address, never the address: it may hold ids and what was searched."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path_format", None) or getattr(route, "path", UNKNOWN_ROUTE))
    return str(scope.get("root_path") or UNKNOWN_ROUTE)
