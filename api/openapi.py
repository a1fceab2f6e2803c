"""The API's description, completed: every error with its shape, every body with an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from api.errors import MEDIA_TYPE, OPENAI, as_openai, problem
from api.openapi_examples import MEDIA, NAMED, Examples

Record = dict[str, Any]
_PATH_NAME = re.compile(r"\{(\w+)(?::path)?\}")

_TEXT = {"type": "string"}
SCHEMAS: Record = {
    "Problem": {
        "type": "object",
        "description": "What went wrong and what to do about it (RFC 9457).",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            **dict.fromkeys(("type", "title", "detail", "instance"), _TEXT),
            "status": {"type": "integer"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["loc", "msg"],
                    "properties": {"loc": {"type": "array", "items": {}}, "msg": _TEXT},
                },
            },
        },
    },
    "OpenAIError": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["message", "type", "param", "code"],
                "properties": {
                    "message": _TEXT,
                    "type": _TEXT,
                    "param": {"type": ["string", "null"]},
                    "code": _TEXT,
                },
            }
        },
    },
}

#: What to do about each, as an example tells it.
DETAILS = {
    400: "The request can't be read: send well-formed JSON in UTF-8.",
    401: "Show who you are: send Authorization: Bearer and a token.",
    403: "only trainers may do that",
    404: "There is nothing with such an id.",
    409: "another turn of this session is still running; wait for its reply",
    412: "it was changed meanwhile: read it again, then send your change",
    413: "The request is over 256 KB; send less, or in several requests.",
    415: "Send JSON, with the header Content-Type: application/json.",
    422: "text: write between 1 and 8,000 characters",
    429: "600 requests a minute are the most here; wait 3 seconds, then send it again",
    500: "Something went wrong on our side. Try again; the server's log says what it was.",
    503: "the database can't answer; try again",
}
ALWAYS = (401, 403, 429, 500, 503)


def describe(app: FastAPI) -> Callable[[], Record]:
    """In place of ``app.openapi``; made once."""
    plain = app.openapi

    def described() -> Record:
        if app.openapi_schema is None:
            _complete(plain())
        found: Record = plain()
        return found

    return described


def _complete(whole: Record) -> None:
    schemas: Record = whole.setdefault("components", {}).setdefault("schemas", {})
    _lift(whole["paths"], schemas)
    schemas.update(SCHEMAS)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    examples = Examples(schemas)
    for path, methods in whole["paths"].items():
        for method, asked in methods.items():
            _operation(path, method, asked, examples)


def _lift(node: Any, schemas: Record) -> None:
    """Schemas that a route brings of its own go where all can be referred to."""
    if isinstance(node, dict):
        for name, schema in node.pop("$defs", {}).items():
            schemas.setdefault(name, schema)
            _lift(schema, schemas)
        if str(node.get("$ref", "")).startswith("#/$defs/"):
            node["$ref"] = node["$ref"].replace("#/$defs/", "#/components/schemas/")
    for inner in node.values() if isinstance(node, dict) else node:
        if isinstance(inner, dict | list):
            _lift(inner, schemas)


def _operation(path: str, method: str, asked: Record, examples: Examples) -> None:
    asked["summary"] = asked["summary"].capitalize()
    asked.setdefault("description", f"{asked['summary']}.")
    for one in asked.get("parameters", ()):
        one.setdefault("example", _parameter(one, examples))
    _with_examples(asked.get("requestBody", {}).get("content", {}), examples)
    answers: Record = asked["responses"]
    answers.pop("422", None)  # the framework's own form of it
    for status in errors_of(path, method, asked):
        answers.setdefault(str(status), _refusal(path, status))
    for answer in answers.values():
        _with_examples(answer.get("content", {}), examples)


def errors_of(path: str, method: str, asked: Record) -> Iterator[int]:
    """The statuses that an error at this address may have."""
    body, named = "requestBody" in asked, asked.get("parameters", [])
    openai = path.startswith(OPENAI)
    if path == "/healthz":
        return
    yield from ALWAYS
    if _PATH_NAME.search(path) or body or any(one.get("required") for one in named):
        yield 404
    if method != "get" or "{" in path:
        yield 409
    if body:
        yield from (400, 413, 415)
    elif openai:
        yield 400
    if (body or named) and not openai:
        yield 422
    if method in ("put", "delete"):
        yield 412


def _refusal(path: str, status: int) -> Record:
    told = problem(status, DETAILS[status], _PATH_NAME.sub("example", path))
    is_openai = path.startswith(OPENAI)
    shape = "OpenAIError" if is_openai else "Problem"
    answer: Record = {
        "description": HTTPStatus(status).phrase,
        "content": {
            "application/json" if is_openai else MEDIA_TYPE: {
                "schema": {"$ref": f"#/components/schemas/{shape}"},
                "example": as_openai(told) if is_openai else told,
            }
        },
    }
    if status == 429:
        seconds = {"schema": {"type": "integer"}, "description": "seconds to wait"}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _parameter(one: Record, examples: Examples) -> Any:
    schema = one.get("schema", {})
    known = NAMED.get(one["name"])
    made = examples.of(schema, one["name"])
    return known if isinstance(known, type(made)) else made


def _with_examples(content: Record, examples: Examples) -> None:
    for kind, shown in content.items():
        if "example" in shown or "examples" in shown:
            continue
        if kind in MEDIA:
            shown["example"] = MEDIA[kind]
        elif kind == "application/json":
            shown["example"] = examples.of(shown.get("schema", {}))
