"""What is particular to PostgreSQL: a pool of connections, and walls between tenants.

Every transaction says first for which tenant it is; ``walls`` holds it to that. Who may pass walls
(a superuser) puts on the role ``coach_app``, which can't, for the length of each transaction.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from coach.errors import CoachError, Misconfigured, Unavailable
from coach.store import walls
from coach.store.every_table import metadata

log = logging.getLogger(__name__)

#: A snapshot for all queries of one transaction, as SQLite gives.
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
#: Seconds, and milliseconds where the server counts: a host that vanished is noticed, and nobody
#: waits for a lock for ever.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
}

ENTER = """
SELECT set_config('role', :role, true), set_config('coach.tenant', :tenant, true),
  set_config('coach.every_tenant', :every, true)
"""
#: By the class of SQLSTATE; without one the connection itself broke.
REASONS = {
    "": "it can't be reached",
    "08": "the connection to it broke",
    "25": "it takes no writes now",
    "40": "others changed the same rows at the same time",
    "53": "it is short of disk, memory or connections",
    "55": "another transaction holds what is needed",
    "57": "it is stopping or starting",
}


def connect(url: URL) -> tuple[Engine, Engine]:
    engine = create_engine(
        url,
        connect_args={k: v for k, v in PATIENCE.items() if k not in url.query},
        pool_size=10,
        max_overflow=10,
        pool_timeout=10,
        pool_pre_ping=True,  # a server that was gone is found again without a failure
        pool_recycle=1800,
    )
    event.listen(engine, "connect", _look)
    event.listen(engine, "begin", _enter)
    return engine.execution_options(**SNAPSHOT), engine


def _look(connection: Any, record: Any) -> None:
    """Notes whether who connects could see through walls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = session_user"
        )
        record.info["sees_through"] = bool(cursor.fetchone()[0])
    connection.rollback()


def _enter(connection: Connection) -> None:
    options = connection.get_execution_options()
    owner = options.get("owner", False)
    walled = connection.info["sees_through"] and not owner
    every = owner or options.get("every_tenant", False)
    who = {
        "role": walls.ROLE if walled else "none",
        "tenant": options.get("tenant", ""),
        "every": "on" if every else "",
    }
    connection.execute(text(ENTER), who)
    if owner:
        queue_up(connection, "migrate")


def queue_up(connection: Connection, name: str) -> None:
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    connection.execute(lock, {"name": name})


def make_room(_url: URL) -> None:
    """The database is made by who runs the server."""


def ready(connection: Connection) -> bool:
    """Whether every wall stands."""
    return walls.stand(connection)


def finish(connection: Connection) -> None:
    """After the migrations: walls round what they made."""
    walls.build(connection)


def wipe(writes: Engine) -> None:
    """Rows that were deleted leave their pages at once instead of some time later."""
    owner = writes.execution_options(isolation_level="AUTOCOMMIT", owner=True)
    with owner.connect() as connection:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM {table.name}")


def opening_error(error: DBAPIError, url: URL) -> CoachError:
    """What to do about a database that doesn't open; never with its password."""
    place = f"{url.host or url.query.get('host', 'localhost')}:{url.port or 5432}"
    said = _first_line(error)
    if getattr(error.orig, "sqlstate", None):
        return Misconfigured(
            f"the PostgreSQL database {url.database} can't be used ({said}); COACH_DATABASE_URL "
            "must name a database that its user owns"
        )
    if "FATAL:" in said and "starting up" not in said:
        why = said.partition("FATAL:")[2].strip()
        return Misconfigured(f"PostgreSQL at {place} refuses: {why}; correct COACH_DATABASE_URL")
    log.debug("connecting failed: %s", said)
    return Unavailable(f"no PostgreSQL answers at {place}; start it, or correct COACH_DATABASE_URL")


def words(error: DBAPIError) -> str:
    """The kind of failure. What the server said names hosts and rows: that is for the log."""
    log.warning("the database failed: %s", _first_line(error))
    state = getattr(error.orig, "sqlstate", None) or ""
    return REASONS.get(state[:2], f"it failed with {state}")


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).splitlines() or [""])[0]
