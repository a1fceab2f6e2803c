"""What a request could have named instead of what there isn't."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request


def unknown(loc: Sequence[object], request: Request) -> str:
    """The message about a parameter or field of no known name, with the names there are."""
    name, known = str(loc[-1])[:60], list[str]()
    if loc[0] == "query":
        known = [one["name"] for one in _asked(request)["parameters"] if one["in"] == "query"]
        return f"unknown parameter {name!r}; known: {', '.join(known)}"
    if len(loc) == 2 and (known := _fields(request)):
        return f"unknown field {name!r}; known: {', '.join(known)}"
    return f"there is no field {name!r} here; /openapi.json lists those there are"


def _asked(request: Request) -> dict[str, Any]:
    path = request.app.openapi()["paths"][request.scope["route"].path_format]
    found: dict[str, Any] = path[request.method.lower()]
    return found


def _fields(request: Request) -> list[str]:
    body = _asked(request).get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    if names := schema.get("anyOf"):
        schema = names[0]
    name = schema.get("$ref", "").rpartition("/")[2]
    models = request.app.openapi()["components"]["schemas"]
    return list(models.get(name, {}).get("properties", {}))
