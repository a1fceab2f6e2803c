"""Errors as RFC 9457 problems: whatever goes wrong, a program and a person can read it.

``type`` is ``urn:coach:problem:<word>``; ``detail`` says what to do. Never a stack trace or a path.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api.known_names import unknown
from coach.errors import (
    BadInput,
    CoachError,
    Conflict,
    Misconfigured,
    ModelFailed,
    NotFound,
    NotSignedIn,
    Overtaken,
    Refused,
    TooMany,
    Unavailable,
)
from knowledge.errors import (
    EmbedderBroken,
    IndexBroken,
    IndexInUse,
    IndexUnavailable,
    InvalidEvidence,
    KnowledgeError,
    UnreadableFile,
)

log = logging.getLogger("api")

MEDIA_TYPE = "application/problem+json"
WENT_WRONG = "Something went wrong on our side. Try again; the server's log says what it was."

#: Most special first: the status and the word of each kind of error.
KINDS: tuple[tuple[type[Exception], int, str], ...] = (
    (BadInput, 422, "bad-input"),
    (NotSignedIn, 401, "not-signed-in"),
    (NotFound, 404, "not-found"),
    (Conflict, 409, "conflict"),
    (Overtaken, 412, "overtaken"),
    (Refused, 403, "refused"),
    (TooMany, 429, "too-many"),
    (ModelFailed, 503, "model-failed"),
    (Unavailable, 503, "unavailable"),
    (Misconfigured, 500, "misconfigured"),
    (UnreadableFile, 422, "bad-input"),
    (InvalidEvidence, 422, "bad-input"),
    (KnowledgeError, 503, "unavailable"),
)

#: Their messages name folders and addresses of the server: for its log, not for whoever asks.
SILENT = (IndexInUse, IndexBroken, IndexUnavailable, EmbedderBroken, Misconfigured)
AWAY_SECONDS = 5  # after which a part that was gone is worth another try
ASK_DOCTOR = (
    "The coach can't serve this now; try again, and if it stays so `coach doctor`, run on the "
    "server, says what to do."
)

#: What to do about an answer that the framework gives.
ADVICE = {
    400: "The request can't be read: send well-formed JSON in UTF-8.",
    404: "There is nothing at this address; /openapi.json lists what there is.",
    405: "This address doesn't take that method; the Allow header names those it takes.",
}


#: Below these addresses clients expect OpenAI's own form of an error.
OPENAI = ("/v1/chat/", "/v1/models")
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


def as_openai(body: Mapping[str, Any]) -> dict[str, Any]:
    """A problem as OpenAI would tell it."""
    status = body["status"]
    kind = "server_error" if status >= 500 else "invalid_request_error"
    faults = body.get("errors") or [{"loc": [""]}]
    told = {
        "message": body["detail"],
        "type": "rate_limit_error" if status == 429 else kind,
        "param": ".".join(str(part) for part in faults[0]["loc"][1:]) or None,
        "code": CODES.get(status, body["type"].rpartition(":")[2]),
    }
    return {"error": told}


class ProblemResponse(Response):
    """A problem, written in ASCII so that no text whatever can break it.

    One with a part that doesn't answer (503) says when to try again.
    """

    media_type = MEDIA_TYPE

    def __init__(self, body: dict[str, Any], status_code: int, headers: Any = None) -> None:
        if body["instance"].startswith(OPENAI):
            body, status_code = as_openai(body), 400 if status_code == 422 else status_code
            self.media_type = "application/json"
        away = {"Retry-After": str(AWAY_SECONDS)} if status_code == 503 else {}
        super().__init__(body, status_code, away | dict(headers or {}))

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def problem(
    status: int,
    detail: str,
    instance: str = "",
    *,
    word: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The body of a problem; ``word`` ends its ``type``."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"urn:coach:problem:{word or title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    if errors:
        body["errors"] = [dict(error) for error in errors]
    return body


def place(scope: Scope) -> str:
    """The path that was asked for, percent-encoded, without its query."""
    raw: bytes = scope.get("raw_path") or quote(scope.get("path", "")).encode("ascii")
    return raw.partition(b"?")[0].decode("ascii", "replace")


def problem_of(error: Exception, instance: str = "") -> dict[str, Any]:
    """The problem of any exception; one that isn't ours is logged and told in general words."""
    for kind, status, word in KINDS:
        if isinstance(error, kind):
            if isinstance(error, SILENT):
                log.error("%s at %s: %s", type(error).__name__, instance, error)
                return problem(status, ASK_DOCTOR, instance, word=word)
            errors = error.errors if isinstance(error, CoachError) else []
            return problem(status, str(error), instance, word=word, errors=errors)
    log.error("unexpected error at %s", instance, exc_info=error)
    return problem(500, WENT_WRONG, instance)


def _of_ours(request: Request, error: Exception) -> Response:
    body = problem_of(error, place(request.scope))
    asks = {"WWW-Authenticate": "Bearer"} if body["status"] == 401 else {}
    return ProblemResponse(body, status_code=body["status"], headers=waiting(error) | asks)


def waiting(error: Exception) -> dict[str, str]:
    """When to ask again, for who asked too much."""
    return {"Retry-After": str(math.ceil(error.wait))} if isinstance(error, TooMany) else {}


def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for that type only
    detail = ADVICE.get(error.status_code, error.detail)
    body = problem(error.status_code, detail, place(request.scope))
    return ProblemResponse(body, status_code=error.status_code, headers=error.headers)


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for that type only
    instance, found = place(request.scope), error.errors()
    status, detail = 422, ""
    if any(e["type"] == "json_invalid" for e in found):
        status, detail = 400, ADVICE[400]
    elif any(e["loc"] == ("body",) for e in found) and not _is_json(request):
        status, detail = 415, "Send JSON, with the header Content-Type: application/json."
    if detail:
        return ProblemResponse(problem(status, detail, instance), status_code=status)
    faults = [
        {"loc": [_safe(part) for part in e["loc"]], "msg": _message(e, request)} for e in found
    ]
    first = ".".join(str(part) for part in faults[0]["loc"][1:]) or "body"
    more = f" (and {len(faults) - 1} more, see errors)" if len(faults) > 1 else ""
    body = problem(
        422, f"{first}: {faults[0]['msg']}{more}", instance, word="bad-input", errors=faults
    )
    return ProblemResponse(body, status_code=422)


def _is_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _safe(part: object) -> object:
    return part if isinstance(part, int) else str(part)[:100]


def _message(error: Mapping[str, Any], request: Request) -> str:
    if error["type"] == "extra_forbidden":
        return unknown(error["loc"], request)
    return str(error["msg"])[:300]


def install(app: FastAPI) -> None:
    """Lets ``app`` answer every error with a problem."""
    app.add_exception_handler(CoachError, _of_ours)
    app.add_exception_handler(KnowledgeError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_framework)
