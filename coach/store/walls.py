"""Row level security on PostgreSQL: a query that forgets its tenant finds nothing of another's.

The first wall is the ``WHERE`` of each query; this is the second. A policy on every table compares
the row's tenant with the one that the transaction was begun for (``coach.tenant``); a transaction
for no tenant sees nothing. Workers and the commands of an admin on the machine begin theirs for
every tenant (``Reach.EVERY_TENANT``). ``FORCE`` binds the owner of the tables too; only a superuser
could pass, so such a user puts on ROLE. The walls don't hold off who can run SQL of their own.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, text

from coach.store.every_table import metadata

ROLE = "coach_app"
POLICY = "coach_tenant"

#: Tables without a wall, each with its reason.
OPEN = {
    "sign_ins": "who signs in isn't known yet, so neither is their tenant",
    "inbox": "what a messenger sent, before it is known whose it is; emptied once it is done",
    "passes": "who comes back with one isn't known until then",
    "allowances": "counts of requests, looked at before anything of a tenant is",
}
#: Where the column that names the tenant isn't called so.
TENANT_COLUMNS = {"tenants": "id"}

_TENANT = "(SELECT current_setting('coach.tenant', true))"
_EVERY = "(SELECT current_setting('coach.every_tenant', true)) = 'on'"

#: Several databases of one server share the role, and may make it at the same time.
MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
MISSING = """
SELECT count(*) FROM unnest(CAST(:names AS text[])) AS wanted(name)
WHERE NOT EXISTS (
  SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
  WHERE c.oid = to_regclass(quote_ident(wanted.name)) AND c.relrowsecurity AND c.relforcerowsecurity
    AND p.polname = :policy)
"""


def walled() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in OPEN]


def rule_of(table: Table) -> str:
    """The condition, in SQL, under which a row of ``table`` is there for a transaction.

    Raises ValueError for a table that neither names a tenant nor hangs on one that does.
    """
    if column := _tenant_column(table):
        return f"{_EVERY} OR {column} = {_TENANT}"
    for key in table.foreign_keys:
        parent = key.column.table
        if _tenant_column(parent) and key.ondelete == "CASCADE":
            # The parent's own policy holds in this look as well.
            return (
                f"{_EVERY} OR EXISTS (SELECT FROM {parent.name} above "
                f'WHERE above."{key.column.name}" = {table.name}."{key.parent.name}")'
            )
    raise ValueError(f"table {table.name} has no tenant: give it one, or a reason in OPEN")


def _tenant_column(table: Table) -> str | None:
    return TENANT_COLUMNS.get(table.name) or ("tenant" if "tenant" in table.c else None)


def build(connection: Connection) -> None:
    """Every wall and grant, in place of what was there; needs the owner of the tables."""
    if connection.info["sees_through"]:
        connection.exec_driver_sql(MAKE_ROLE)
        _grant(connection)
    for table in walled():
        rule = rule_of(table)
        for step in (
            f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {POLICY} ON {table.name}",
            f"CREATE POLICY {POLICY} ON {table.name} USING ({rule}) WITH CHECK ({rule})",
        ):
            connection.exec_driver_sql(step)


def _grant(connection: Connection) -> None:
    schema = connection.dialect.identifier_preparer.quote(
        connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    )
    for right in (
        f"USAGE ON SCHEMA {schema}",
        f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}",
        f"USAGE ON ALL SEQUENCES IN SCHEMA {schema}",
    ):
        connection.exec_driver_sql(f"GRANT {right} TO {ROLE}")


def stand(connection: Connection) -> bool:
    """Whether every table has its wall."""
    names = [table.name for table in walled()]
    missing: int | None = connection.scalar(text(MISSING), {"names": names, "policy": POLICY})
    return missing == 0
