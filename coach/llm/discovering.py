"""What a model server says of itself, asked without any of the heavy libraries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

DISCOVERY_TIMEOUT = 2.0  # seconds


def first_model(url: str | None, api_key: str | None) -> str | None:
    """The first model that the server lists; None when it doesn't answer or lists none."""
    import httpx  # noqa: PLC0415  # slow to load

    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        answer = httpx.get(
            f"{(url or '').rstrip('/')}/models",
            headers=headers,
            timeout=DISCOVERY_TIMEOUT,
            trust_env=not is_local(url),
        )
        listed: Iterable[Any] = answer.raise_for_status().json()["data"]
        return next((str(entry["id"]) for entry in listed), None)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def is_local(url: str | None) -> bool:
    """A server on this machine isn't reached through a proxy of the environment."""
    return urlsplit(url or "").hostname in ("localhost", "127.0.0.1", "::1")


def shown(name: str) -> str:
    """llama.cpp names a model by its path, which is nobody's business."""
    return name.rsplit("/", 1)[-1]
