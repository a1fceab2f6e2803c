"""The verbs about webhooks, and the job that tells them of sessions that ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from coach.errors import BadInput, CoachError, NotFound
from coach.exports.delivering import Reply, deliver
from coach.exports.outcome import outcome_of
from coach.exports.webhook import (
    KIND,
    Deliveries,
    HookStore,
    Webhook,
    checked_secret,
    checked_url,
    new_secret,
)
from coach.jobs import Background, Record, Run, TryAgain
from coach.session import Caller

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock, Store

MOST_HOOKS = 20
ENDED, TEST = "session.ended", "coach.test"
#: From one try to the next; after the last one it is given up.
WAITS = tuple(timedelta(seconds=s) for s in (5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600))


class Hooks:
    """Webhooks of a tenant; admins decide who is told.

    Each message is delivered at least once, always under the same ``webhook-id``.
    """

    def __init__(
        self,
        hooks: HookStore,
        background: Background,
        store: Store,
        shelf: Shelf,
        clock: Clock,
    ) -> None:
        self._hooks, self._store, self._shelf, self._clock = hooks, store, shelf, clock
        self._background = background

    def start(self) -> None:
        """Delivers what is to be told, of every tenant."""
        self._background.handle(KIND, self._tell)

    async def add(self, caller: Caller, url: str, secret: str | None = None) -> Webhook:
        """With a secret of its own where none is given."""
        caller.must_be("admin")
        hook = Webhook(
            uuid4().hex,
            checked_url(url),
            checked_secret(secret) if secret else new_secret(),
            self._clock(),
        )
        await asyncio.to_thread(self._add, caller.tenant, hook)
        return hook

    def _add(self, tenant: str, hook: Webhook) -> None:
        if len(self._hooks.all(tenant)) >= MOST_HOOKS:
            raise BadInput(f"{MOST_HOOKS} webhooks are the most; remove one first")
        self._hooks.add(tenant, hook)

    async def all(self, caller: Caller) -> list[tuple[Webhook, Deliveries]]:
        caller.must_be("admin")
        found = await asyncio.to_thread(self._hooks.all, caller.tenant)
        told = await asyncio.to_thread(self._hooks.deliveries, caller.tenant)
        return [(hook, told.get(hook.id, Deliveries())) for hook in found]

    async def remove(self, caller: Caller, hook_id: str) -> None:
        caller.must_be("admin")
        await asyncio.to_thread(self._hooks.remove, caller.tenant, hook_id)

    async def test(self, caller: Caller, hook_id: str) -> Reply:
        """Sends a message that says it is a test, now and once."""
        caller.must_be("admin")
        hook = await asyncio.to_thread(self._hooks.load, caller.tenant, hook_id)
        now = self._clock()
        body = message(TEST, now, {"webhook": hook.id})
        return await asyncio.to_thread(deliver, hook, f"msg_{uuid4().hex}", body, now)

    # --- the job ---

    def _tell(self, run: Run) -> Record:
        """One try; TryAgain until it is delivered or there is no sense in going on."""
        owner, request = run.job.owner, run.job.request
        try:
            hook = self._hooks.load(owner.tenant, request["webhook"])
            session = self._store.load(owner, request["session"])
        except NotFound as error:  # removed since: nobody wants it, or there is nothing to tell
            return {"dropped": error.message}
        outcome = asdict(outcome_of(session, self._shelf.played(session)))
        body = message(ENDED, run.job.created_at, outcome)
        reply = deliver(hook, run.job.id, body, self._clock())
        if reply.delivered:
            return {"delivered": reply.says}
        tries = int(run.progress.get("tries", 0)) + 1
        if reply.gone or tries > len(WAITS):
            raise Undeliverable(f"given up after {tries} tries: {reply.says}")
        run.progress = {"tries": tries}
        raise TryAgain(max(WAITS[tries - 1], reply.wait), reply.says)


class Undeliverable(CoachError):
    """Whoever was to be told can't be."""


def message(event: str, at: datetime, facts: Mapping[str, Any]) -> str:
    """The body, as Standard Webhooks has it."""
    told = {"type": event, "timestamp": _stamp(at), "data": facts}
    return json.dumps(told, default=_stamp, ensure_ascii=False)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
