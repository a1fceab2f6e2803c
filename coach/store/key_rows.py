"""Idempotency keys of requests that are answered at once; those of jobs are in ``jobs``."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from coach.errors import BadInput, Conflict
from coach.jobs.job import Key, Record
from coach.session import Caller
from coach.store.engine import queue_up, transaction
from coach.store.jobs import KEYS_LAST, REUSED
from coach.store.tables import idempotency

UNDER_WAY = "a request with this Idempotency-Key is still under way; wait for its answer"


class KeyRows:
    """The keys' part of the ``Store`` port."""

    reads: Engine
    writes: Engine

    def take_key(self, caller: Caller, key: Key, now: datetime, lost: timedelta) -> Record | None:
        """The answer kept under ``key``; None, and the key is taken, when there is none.

        BadInput when it came with something else; Conflict while it is taken, unless ``lost`` ago.
        """
        with transaction(self.writes, caller.tenant) as connection:
            queue_up(connection, "key", caller.tenant, caller.user, key.text)
            old = idempotency.c.created_at < now - KEYS_LAST
            connection.execute(delete(idempotency).where(old))
            query = select(idempotency).where(_is(caller, key))
            found = connection.execute(query).mappings().one_or_none()
            if found is None:
                connection.execute(insert(idempotency), _row(caller, key, now))
                return None
            if found["digest"] != key.digest:
                raise BadInput(REUSED)
            if found["answer"] is not None:
                return dict(found["answer"])
            if found["created_at"] > now - lost:
                raise Conflict(UNDER_WAY)
            again = update(idempotency).where(_is(caller, key)).values(created_at=now)
            connection.execute(again)
            return None

    def keep_answer(self, caller: Caller, key: Key, answer: Record) -> None:
        kept = update(idempotency).where(_is(caller, key)).values(answer=dict(answer))
        with transaction(self.writes, caller.tenant) as connection:
            connection.execute(kept)

    def drop_key(self, caller: Caller, key: Key) -> None:
        """Frees a key whose request failed."""
        unanswered = and_(_is(caller, key), idempotency.c.answer.is_(None))
        with transaction(self.writes, caller.tenant) as connection:
            connection.execute(delete(idempotency).where(unanswered))


def keep_at_once(
    connection: Connection, caller: Caller, key: Key, now: datetime, answer: Record
) -> None:
    """The key and its answer, in the transaction that does what was asked: where one is, so is the
    other. Conflict, at the latest at the end, where the key is taken."""
    connection.execute(delete(idempotency).where(idempotency.c.created_at < now - KEYS_LAST))
    row = {**_row(caller, key, now), "answer": dict(answer)}
    connection.execute(insert(idempotency), row)


def answer_under(connection: Connection, caller: Caller, key: Key) -> Record | None:
    """What was answered; BadInput when the key came with something else."""
    found = connection.execute(select(idempotency).where(_is(caller, key))).mappings().one_or_none()
    if found is None:
        return None
    if found["digest"] != key.digest:
        raise BadInput(REUSED)
    return None if found["answer"] is None else dict(found["answer"])


def _row(caller: Caller, key: Key, now: datetime) -> Record:
    return {
        "tenant": caller.tenant,
        "owner": caller.user,
        "key": key.text,
        "digest": key.digest,
        "made": "",
        "created_at": now,
    }


def _is(caller: Caller, key: Key) -> ColumnElement[bool]:
    return and_(
        idempotency.c.tenant == caller.tenant,
        idempotency.c.owner == caller.user,
        idempotency.c.key == key.text,
    )
