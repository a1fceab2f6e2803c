"""PostgreSQL shows a tenant nothing of another's, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, Text, func, select, text, update

from coach.errors import Unavailable
from coach.store import SqlStore, open_store
from coach.store.engine import Reach, transaction
from coach.store.every_table import metadata
from coach.store.walls import OPEN, POLICY, ROLE, rule_of
from tests.coach.store.any_rows import a_row_of
from tests.postgres import server

NORTH, SOUTH = "north", "south"


@pytest.fixture(scope="module", params=["postgres", "plain"])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """With a row of two tenants in every table; once for a superuser, once for a plain owner."""
    user: str = request.param
    if user != "postgres":
        server().execute(f"CREATE ROLE {user} LOGIN")
    store = open_store(server().make_database(owner=user))
    with store.writes.execution_options(owner=True).begin() as connection:
        connection.execute(metadata.tables["tenants"].delete())  # the one that ships
        for number, tenant in enumerate((NORTH, SOUTH)):
            for table in metadata.sorted_tables:
                row = a_row_of(table, number)
                own = {"tenants": "id"}.get(table.name, "tenant")
                row.update({own: tenant} if own in row else {})
                connection.execute(table.insert(), row)
    yield store
    store.close()


def counted(connection: Connection) -> dict[str, int]:
    query = select(func.count())
    return {
        table.name: connection.scalar(query.select_from(table)) or 0
        for table in metadata.sorted_tables
        if table.name not in OPEN
    }


def test_every_table_has_a_wall_or_a_reason(store: SqlStore) -> None:
    """On the database itself: enabled, forced, one policy; a new table without one fails here."""
    query = text("""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND 1 = (
            SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = :policy))
    """)
    with transaction(store.reads, NORTH) as connection:
        assert set(connection.scalars(query, {"policy": POLICY})) == set(OPEN)
    assert all(reason for reason in OPEN.values())


def test_a_table_of_nobody_is_refused() -> None:
    """A table that neither names a tenant nor hangs on one that does must give a reason."""
    with pytest.raises(ValueError, match="notes has no tenant"):
        rule_of(Table("notes", MetaData(), Column("id", Text, primary_key=True)))


def test_queries_without_a_where_see_one_tenant(store: SqlStore) -> None:
    """Whole tables hold one tenant's row, none of nobody's, and all for who serves all."""
    for tenant in (NORTH, SOUTH):
        with transaction(store.reads, tenant) as connection:
            assert set(counted(connection).values()) == {1}
    with transaction(store.reads, "nobody") as connection:
        assert set(counted(connection).values()) == {0}
    with transaction(store.reads, Reach.EVERY_TENANT) as connection:
        assert set(counted(connection).values()) == {2}


def test_a_transaction_for_no_tenant_sees_nothing(store: SqlStore) -> None:
    """Also right after one that served a tenant on the same connection."""
    with transaction(store.writes, NORTH) as connection:
        assert counted(connection)["turns"] == 1
    with store.writes.begin() as connection:
        assert set(counted(connection).values()) == {0}


def test_raw_sql_changes_nothing_of_another_tenant(store: SqlStore) -> None:
    """Neither an update nor a delete of a whole table reaches over, and none is moved there."""
    with transaction(store.writes, NORTH) as connection:
        for name in ("sessions", "answers", "webhooks", "users", "goals"):
            table = metadata.tables[name]
            theirs = update(table).where(table.c.tenant == SOUTH).values(id=table.c.id)
            assert connection.execute(theirs).rowcount == 0
        assert connection.exec_driver_sql("UPDATE turns SET text = text").rowcount == 1
    with pytest.raises(Unavailable), transaction(store.writes, NORTH) as connection:
        connection.exec_driver_sql("UPDATE answers SET tenant = 'south'")
    with pytest.raises(Unavailable), transaction(store.writes, NORTH) as connection:
        connection.execute(text("INSERT INTO tenants VALUES ('west', 'West', now())"))


def test_nothing_hangs_on_what_is_not_seen(store: SqlStore) -> None:
    """A turn can't be put into another tenant's session."""
    with transaction(store.reads, SOUTH) as connection:
        theirs = connection.scalar(text("SELECT id FROM sessions"))
    row = {**a_row_of(metadata.tables["turns"], 9), "session_id": theirs}
    with pytest.raises(Unavailable), transaction(store.writes, NORTH) as connection:
        connection.execute(metadata.tables["turns"].insert(), row)


def test_who_could_pass_takes_a_role_that_cannot(store: SqlStore) -> None:
    """The role has no power over walls; a plain owner of the tables needs none."""
    query = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    with transaction(store.reads, NORTH) as connection:
        assert connection.scalar(query) is False
        current = connection.scalar(text("SELECT current_user"))
        assert current == (ROLE if store.url.username == "postgres" else "plain")


def test_a_wall_that_was_torn_down_stands_again_at_the_next_start(store: SqlStore) -> None:
    """Opening looks at every wall."""
    with store.writes.execution_options(owner=True).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE turns DISABLE ROW LEVEL SECURITY")
    with transaction(store.reads, NORTH) as connection:
        assert counted(connection)["turns"] == 2
    open_store(store.url.render_as_string(hide_password=False)).close()
    with transaction(store.reads, NORTH) as connection:
        assert counted(connection)["turns"] == 1
