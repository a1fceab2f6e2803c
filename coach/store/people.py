"""What the database knows of a person: told to them whole, or forgotten.

A table that has an ``owner``, or is named in OWNED, is the person's, with all that hangs on it. In
SIGNED somebody's name stands under what is the team's: the name goes, the thing stays. A test
holds every table to one of the three.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from coach.jobs.job import State
from coach.store.engine import Reach, kind_of, transaction
from coach.store.every_table import metadata
from coach.store.plain import told
from coach.store.tables import gap_occasions, idempotency, jobs, sessions
from coach.store.workshop_tables import workshops

FORGOTTEN = "(forgotten)"
OWNED = {"answers": "author", "users": "name"}
#: By table the columns with a name, and those with words of who bears it.
SIGNED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "answers": (("decided_by",), ("reason",)),
    "overrulings": (("author",), ("reason",)),
    "scenarios": (("author",), ()),
    "workshops": (("trainer",), ()),
}
NOBODYS = {
    "tenants": "a company",
    "teams": "a group; its members are rows of their own",
    "goals": "the team's",
    "goal_numbers": "the team's",
    "webhooks": "the company's",
    "gaps": "counts of the whole team, with words of customers and of invented buyers",
    "gap_occasions": "ids of sessions; they go with the sessions",
    "played_scenarios": "scenarios",
    "allowances": "when a caller, or a token, may ask again; gone within a day",
    "spending": "sums of tokens per session, without a name; they go with no person's words",
    "agreements": "sums over many people",
    "inbox": "what waits to be worked off; emptied then, and gone after a week",
    "installations": "the company's",
    "passes": "a workspace's user who isn't known here yet; gone within two days",
    "sign_ins": "nobody yet; gone within minutes",
    "workshop_rounds": "which replies a workshop voted on; the replies go with their sessions",
}
#: What opens doors is nobody's to read, not even its owner's.
SECRET = {"digest", "secret", "prefix", "verifier", "nonce"}

Counts = dict[str, int]


class SqlPeople:
    """Everything about one person, and how long it is kept; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self._reads, self._writes = reads, writes

    def everything(self, tenant: str, user: str) -> dict[str, list[dict[str, Any]]]:
        """By table the rows of this person, and those that bear their name."""
        with transaction(self._reads, tenant) as connection:
            return {
                table.name: rows
                for table, where in _traces(tenant, user)
                if (rows := list(_rows(connection, table, where)))
            }

    def forget(self, tenant: str, user: str) -> Counts:
        """How many rows were deleted or lost a name, by table; {} where there was nothing."""
        with transaction(self._writes, tenant) as connection:
            counts = _counted(connection, _traces(tenant, user))
            theirs = select(sessions.c.id).where(_owned(sessions, tenant, user))
            connection.execute(delete(gap_occasions).where(gap_occasions.c.occasion.in_(theirs)))
            for name, (names, words) in SIGNED.items():
                _unsign(connection, metadata.tables[name], (tenant, user), names, words)
            for table in reversed(metadata.sorted_tables):
                if owner_column(table):
                    connection.execute(delete(table).where(_owned(table, tenant, user)))
        kind_of(self._writes.url).wipe(self._writes)
        return counts

    def older(self, before: datetime) -> Counts:
        """What ``clear`` would delete."""
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return _counted(connection, _old(before))

    def clear(self, before: datetime) -> Counts:
        """Deletes sessions of all tenants that began ``before``, and jobs that ended before."""
        with transaction(self._writes, Reach.EVERY_TENANT) as connection:
            counts = _counted(connection, _old(before))
            gone = select(sessions.c.id).where(sessions.c.created_at < before)
            connection.execute(delete(gap_occasions).where(gap_occasions.c.occasion.in_(gone)))
            for table, where in _old(before):
                connection.execute(delete(table).where(where))
        return counts


def owner_column(table: Table) -> str | None:
    return OWNED.get(table.name) or ("owner" if "owner" in table.c else None)


def _owned(table: Table, tenant: str, user: str) -> ColumnElement[bool]:
    return and_(table.c.tenant == tenant, table.c[owner_column(table) or ""] == user)


def _traces(tenant: str, user: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Every table that may know the person, with which of its rows do."""
    for table in metadata.sorted_tables:
        found = [_owned(table, tenant, user)] if owner_column(table) else []
        for key in table.foreign_keys:
            parent = key.column.table
            if owner_column(parent):
                above = select(key.column).where(_owned(parent, tenant, user))
                found.append(key.parent.in_(above))
        names, _ = SIGNED.get(table.name, ((), ()))
        found += [and_(_of_tenant(table, tenant), table.c[name] == user) for name in names]
        if found:
            yield table, or_(*found)


def _of_tenant(table: Table, tenant: str) -> ColumnElement[bool]:
    if "tenant" in table.c:
        own: ColumnElement[bool] = table.c.tenant == tenant
        return own
    key = next(key for key in table.foreign_keys if "tenant" in key.column.table.c)
    return key.parent.in_(select(key.column).where(key.column.table.c.tenant == tenant))


def _unsign(
    connection: Connection,
    table: Table,
    who: tuple[str, str],
    names: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    tenant, user = who
    for name in names:
        signed = and_(_of_tenant(table, tenant), table.c[name] == user)
        gone = {name: FORGOTTEN, **dict.fromkeys(words, "")}
        connection.execute(update(table).where(signed).values(gone))


def _old(before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    ended = jobs.c.state.in_([State.DONE.value, State.FAILED.value])
    return [
        (sessions, sessions.c.created_at < before),
        (jobs, and_(ended, jobs.c.finished_at < before)),
        (idempotency, idempotency.c.created_at < before),
        (workshops, func.coalesce(workshops.c.ends_at, workshops.c.created_at) < before),
    ]


def _counted(connection: Connection, traces: Any) -> Counts:
    counts = {}
    for table, where in traces:
        counts[table.name] = connection.scalar(select(func.count()).select_from(table).where(where))
    return {name: count for name, count in counts.items() if count}


def _rows(
    connection: Connection, table: Table, where: ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    open_ = [column for column in table.c if column.name not in SECRET]
    query = select(*open_).where(where).order_by(*table.primary_key.columns)
    for row in connection.execute(query).mappings():
        yield {name: told(value) for name, value in row.items()}
