"""All rows of a database as records, and back into this or another kind of database.

Read in one transaction, so that they belong together whatever is written meanwhile. Written back
at the step of the migrations they were read at, and brought up to date from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)

from coach.errors import BadInput, Conflict
from coach.store.engine import Reach, kind_of, transaction
from coach.store.every_table import metadata
from coach.store.migrations import HEAD, upgrade, version
from coach.store.plain import read, told
from coach.store.repository import SqlStore, bare_store
from coach.store.tables import RECORD

AT_ONCE = 500  # rows in memory
#: Rows that a fresh database holds: they don't make it one in use.
SEEDED = {"tenants": 1}

Record = dict[str, Any]
Records = Callable[[str], Iterator[Mapping[str, Any]]]


@contextmanager
def all_rows(store: SqlStore) -> Iterator[Iterator[tuple[str, Iterator[Record]]]]:
    """The name of each table with its records, in an order in which they can be put back."""
    with transaction(store.reads, Reach.EVERY_TENANT) as connection:
        yield ((table.name, _records(connection, table)) for table in metadata.sorted_tables)


def _records(connection: Connection, table: Table) -> Iterator[Record]:
    for row in connection.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings():
        yield {name: told(value) for name, value in row.items()}


def put_back(url: str, step: str, tables: Mapping[str, int], records: Records, force: bool) -> None:
    """``records(table)`` gives the records of each of ``tables``; all are written, or none.

    Raises Conflict for a database in use, unless ``force``: then what is in it is deleted first.
    BadInput for rows of a later step than this coach knows.
    """
    if step > HEAD:
        raise BadInput("the backup was made by a newer coach; restore it with that one")
    with bare_store(url) as store:
        with store.writes.execution_options(owner=True).begin() as connection:
            _clear(connection, force)
            upgrade(connection, step)
            for table in _reflected(connection).sorted_tables:
                if table.name in tables:
                    connection.execute(table.delete())  # what the step itself put there
                    _write(connection, table, records(table.name))
            upgrade(connection)
            kind_of(store.url).finish(connection)
        store.close()


def _clear(connection: Connection, force: bool) -> None:
    there = _reflected(connection)
    if not force and version(connection) is not None and _in_use(connection, there):
        raise Conflict("there is data in this database already; --force deletes it first")
    there.drop_all(connection)


def _reflected(connection: Connection) -> MetaData:
    there = MetaData()
    there.reflect(connection)
    for table in there.sorted_tables:
        for column in table.c:
            if isinstance(column.type, JSON):
                column.type = RECORD
    return there


def _in_use(connection: Connection, there: MetaData) -> bool:
    return any(
        (connection.scalar(select(func.count()).select_from(table)) or 0)
        > SEEDED.get(table.name, 0)
        for table in there.sorted_tables
        if table.name != "alembic_version"
    )


def _write(connection: Connection, table: Table, records: Iterator[Mapping[str, Any]]) -> None:
    batch: list[Record] = []
    for record in records:
        batch.append({name: read(table.c[name].type, value) for name, value in record.items()})
        if len(batch) == AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers its rows by a counter that knows nothing of those put back."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        named = {"table": table.name, "column": column.name}
        counter = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), named)
        last = connection.scalar(select(func.max(column))) if counter else None
        if last is not None:
            connection.execute(
                text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last}
            )
