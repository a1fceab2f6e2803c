"""What messengers sent: once by its id, in order within a lane, held by a lease."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from coach.errors import Conflict
from coach.messenger.arrival import Arrival, Record
from coach.store.engine import Reach, queue_up, transaction
from coach.store.messenger_tables import inbox


class SqlInbox:
    """The ``Inbox`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def put(self, arrival: Arrival) -> bool:
        """False when it is there already: it was sent again."""
        row = {**vars(arrival), "reason": "", "due_at": arrival.received_at}
        try:
            with transaction(self._writes, Reach.EVERY_TENANT) as connection:
                connection.execute(insert(inbox), row)
        except Conflict:
            return False
        return True

    def claim(self, worker: str, now: datetime, lease: timedelta) -> Arrival | None:
        """The one longest due of those that are the first of their lane."""
        # A look costs no writer its turn.
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            if connection.scalar(_due(now).limit(1)) is None:
                return None
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            # Or two workers of PostgreSQL could claim the first and the second of one lane.
            queue_up(connection, "inbox")
            first = _due(now).order_by(inbox.c.due_at, inbox.c.id).limit(1)
            claimed = (
                update(inbox)
                .where(inbox.c.id == first.scalar_subquery())
                .values(worker=worker, due_at=now + lease, attempts=inbox.c.attempts + 1)
                .returning(*inbox.c)
            )
            row = connection.execute(claimed).mappings().one_or_none()
        return None if row is None else _arrival(row)

    def note(self, arrival_id: str, worker: str, until: datetime, progress: Record) -> bool:
        """Renews the lease, and keeps how far it is."""
        return self._held(arrival_id, worker, {"due_at": until, "progress": dict(progress)})

    def settle(self, arrival_id: str, worker: str, now: datetime, reason: str = "") -> bool:
        """It is done, and its words are forgotten; with a ``reason`` it failed and is kept."""
        over = {"due_at": None, "worker": None, "settled_at": now, "reason": reason}
        gone: dict[str, object] = {} if reason else {"body": None, "progress": {}}
        return self._held(arrival_id, worker, {**over, **gone})

    def put_back(self, arrival_id: str, worker: str, due: datetime, reason: str) -> bool:
        """For another try from ``due`` on."""
        return self._held(arrival_id, worker, {"due_at": due, "worker": None, "reason": reason})

    def waiting(self) -> int:
        """How many aren't settled."""
        query = select(func.count()).where(inbox.c.due_at.is_not(None))
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return int(connection.scalar(query) or 0)

    def tidy(self, before: datetime) -> int:
        """Forgets what was settled ``before``, and how many that were."""
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            gone = delete(inbox).where(inbox.c.settled_at < before)
            return int(connection.execute(gone).rowcount)

    def _held(self, arrival_id: str, worker: str, values: dict[str, Any]) -> bool:
        mine = and_(inbox.c.id == arrival_id, inbox.c.worker == worker)
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            return bool(connection.execute(update(inbox).where(mine).values(values)).rowcount)


def _due(now: datetime) -> Any:
    earlier = inbox.alias("earlier")
    waits = exists().where(
        earlier.c.lane == inbox.c.lane, earlier.c.due_at.is_not(None), _before(earlier)
    )
    return select(inbox.c.id).where(inbox.c.due_at <= now, ~waits)


def _before(earlier: Any) -> ColumnElement[bool]:
    same = earlier.c.received_at == inbox.c.received_at
    return or_(earlier.c.received_at < inbox.c.received_at, and_(same, earlier.c.id < inbox.c.id))


def _arrival(row: RowMapping) -> Arrival:
    names = ("id", "lane", "body", "received_at", "attempts", "progress")
    return Arrival(**{name: row[name] for name in names})
