"""A webhook: where the end of a session is told to another program."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from coach.errors import BadInput

KIND = "webhook"  # of its jobs
PREFIX = "whsec_"
LONGEST_URL = 2000
SHORTEST_SECRET, LONGEST_SECRET = 24, 64  # bytes, by the specification of Standard Webhooks


@dataclass(frozen=True)
class Webhook:
    """``secret`` signs what is sent; it is shown once, when the webhook is made."""

    id: str
    url: str
    secret: str
    created_at: datetime  # UTC


@dataclass(frozen=True)
class Deliveries:
    """How many are ``waiting`` (their first try included), ``done`` and given up (``failed``)."""

    waiting: int = 0
    done: int = 0
    failed: int = 0
    last_problem: str = ""


class HookStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction.

    The store announces the end of a session to each webhook of the tenant, as a job, in the
    transaction that ends it.
    """

    def add(self, tenant: str, hook: Webhook) -> None: ...

    def all(self, tenant: str) -> list[Webhook]:
        """Oldest first."""

    def load(self, tenant: str, hook_id: str) -> Webhook:
        """NotFound where it isn't the tenant's."""

    def remove(self, tenant: str, hook_id: str) -> None:
        """What waits to be delivered to it is dropped when its turn comes."""

    def deliveries(self, tenant: str | None = None) -> Mapping[str, Deliveries]:
        """By the webhook's id; of every tenant where none is named."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_secret(secret: str) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        raise BadInput(
            f"secret: write {PREFIX} and {SHORTEST_SECRET} to {LONGEST_SECRET} bytes in base64, "
            "or leave it out to get one made"
        )
    return secret


def checked_url(url: str) -> str:
    """BadInput for what isn't a plain http or https address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        raise BadInput("url: this address can't be read; write https://host/path") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_sound:
        raise BadInput("url: only http and https addresses can be told; write https://host/path")
    if parts.username is not None or parts.password is not None:
        raise BadInput("url: leave the user and password out; what is sent is signed instead")
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise BadInput(f"url: write up to {LONGEST_URL:,} characters without spaces")
    return url
