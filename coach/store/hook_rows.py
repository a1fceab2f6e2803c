"""Webhooks in a relational database, and the messages that wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select

from coach.errors import NotFound
from coach.exports.webhook import KIND, Deliveries, Webhook
from coach.jobs.job import State
from coach.session import Caller
from coach.store.engine import Reach, transaction
from coach.store.tables import jobs
from coach.store.team_tables import webhooks


class SqlHooks:
    """The ``HookStore`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def add(self, tenant: str, hook: Webhook) -> None:
        with transaction(self._writes, tenant) as connection:
            connection.execute(insert(webhooks), {**vars(hook), "tenant": tenant})

    def all(self, tenant: str) -> list[Webhook]:
        query = select(*_COLUMNS).where(webhooks.c.tenant == tenant)
        with transaction(self._reads, tenant) as connection:
            ordered = query.order_by(webhooks.c.created_at, webhooks.c.id)
            return [Webhook(**row) for row in connection.execute(ordered).mappings()]

    def load(self, tenant: str, hook_id: str) -> Webhook:
        query = select(*_COLUMNS).where(_is(tenant, hook_id))
        with transaction(self._reads, tenant) as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise _missing(hook_id)
        return Webhook(**row)

    def remove(self, tenant: str, hook_id: str) -> None:
        with transaction(self._writes, tenant) as connection:
            if connection.execute(delete(webhooks).where(_is(tenant, hook_id))).rowcount == 0:
                raise _missing(hook_id)

    def deliveries(self, tenant: str | None = None) -> Mapping[str, Deliveries]:
        hook = jobs.c.request["webhook"].as_string().label("hook")
        query = select(hook, jobs.c.state, func.count())
        query = query.where(jobs.c.kind == KIND).group_by("hook", "state")
        reasons = select(hook, jobs.c.reason).where(jobs.c.kind == KIND, jobs.c.reason != "")
        if tenant is not None:
            query = query.where(jobs.c.tenant == tenant)
            reasons = reasons.where(jobs.c.tenant == tenant)
        with transaction(
            self._reads, Reach.EVERY_TENANT if tenant is None else tenant
        ) as connection:
            counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
            for hook_id, state, count in connection.execute(query):
                counts[hook_id][state] = count
            ordered = reasons.order_by(jobs.c.created_at)
            last = {row.hook: row.reason for row in connection.execute(ordered)}
        return {key: _deliveries(found, last.get(key, "")) for key, found in counts.items()}


_COLUMNS = (webhooks.c.id, webhooks.c.url, webhooks.c.secret, webhooks.c.created_at)


def announce_end(connection: Connection, caller: Caller, session_id: str, at: datetime) -> None:
    """A message for each webhook of the tenant, in the transaction that ends the session."""
    found = connection.scalars(select(webhooks.c.id).where(webhooks.c.tenant == caller.tenant))
    waiting = [_job(caller, session_id, hook_id, at) for hook_id in found]
    if waiting:
        connection.execute(insert(jobs), waiting)


def _job(caller: Caller, session_id: str, hook_id: str, at: datetime) -> dict[str, Any]:
    return {
        "id": f"msg_{uuid4().hex}",
        "tenant": caller.tenant,
        "owner": caller.user,
        "kind": KIND,
        "state": State.WAITING.value,
        "request": {"webhook": hook_id, "session": session_id},
        "progress": {},
        "reason": "",
        "attempts": 0,
        "due_at": at,
        "created_at": at,
    }


def _deliveries(counts: Mapping[str, int], last_problem: str) -> Deliveries:
    waiting = counts.get(State.WAITING.value, 0) + counts.get(State.RUNNING.value, 0)
    done, failed = counts.get(State.DONE.value, 0), counts.get(State.FAILED.value, 0)
    return Deliveries(waiting, done, failed, last_problem)


def _is(tenant: str, hook_id: str) -> Any:
    return and_(webhooks.c.tenant == tenant, webhooks.c.id == hook_id)


def _missing(hook_id: str) -> NotFound:
    return NotFound(f"there is no webhook {hook_id[:60]!r}")
