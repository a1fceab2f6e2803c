"""A job as it is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from coach.session import Caller

MOST_ATTEMPTS = 3

KILLED = (
    f"it was tried {MOST_ATTEMPTS} times and never came to its end; the server's log says more. "
    "Send it again in smaller parts"
)

Record = Mapping[str, Any]


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """``request`` is what was asked, ``progress`` how far it is, ``result`` what came of it.

    ``reason`` says why it failed, or what it waits for. ``attempts`` counts the claims that did
    not end well or badly, but not at all.
    """

    id: str
    owner: Caller
    kind: str
    request: Record
    created_at: datetime
    state: State = State.WAITING
    progress: Record = field(default_factory=dict)
    result: Record | None = None
    reason: str = ""
    attempts: int = 0
    finished_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        return self.state in (State.DONE, State.FAILED)


@dataclass(frozen=True)
class Key:
    """The ``Idempotency-Key`` of a request, and the digest of what was sent under it."""

    text: str
    digest: str


def id_of(tenant: str, kind: str, key: str) -> str:
    """Of the one job of that kind that a tenant has under ``key``: the table's own key holds it."""
    return sha256("\x1f".join((tenant, kind, key)).encode()).hexdigest()[:32]
