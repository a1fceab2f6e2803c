"""What is particular to SQLite: one file, one writer at a time."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from coach.errors import CoachError, Misconfigured, Unavailable

#: In this order: the timeout must hold before WAL is asked for.
PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)


UNWIPED = (
    "it is forgotten, but traces may be left in the database's file while others use it; "
    "stop the coach and run this again"
)


def connect(url: URL) -> tuple[Engine, Engine]:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine, engine.execution_options(write=True)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin on its own: _begin does
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    """A writer takes the lock first: one that reads and then upgrades is refused as "locked"."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def make_room(url: URL) -> None:
    """The folder of the database file, if it isn't there; raises Misconfigured."""
    if (url.database or "").startswith("file:"):
        return  # an address of SQLite's own, of a file that is there
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"can't make the folder {folder}: {error.strerror}") from error


def opening_error(error: DBAPIError, url: URL) -> CoachError:
    """What to do about a database that doesn't open."""
    file, name = url.database, getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable(f"{file} is held by another program; try again when it is done")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return Misconfigured(f"{file} is not a SQLite database; move it away or name another file")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return Misconfigured(
            f"{file} can't be written ({words(error)}); it must be a file, in a folder that "
            "the coach may write"
        )
    return Misconfigured(f"{file} can't be used ({words(error)}); move it away or name another")


def wipe(writes: Engine) -> None:
    """Rewrites the file without what was deleted, and empties the log beside it.

    Raises Unavailable while others keep the file busy: what was deleted stays deleted.
    """
    with writes.connect() as connection:
        raw = connection.connection.cursor()  # neither may be done within a transaction
        try:
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_) = raw.fetchone() or (1,)
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{UNWIPED} ({error})") from error
    if busy:
        raise Unavailable(UNWIPED)


def words(error: DBAPIError) -> str:
    """The cause, as the library says it."""
    return str(error.orig)


def ready(_connection: Connection) -> bool:
    """A database at the last step of the migrations lacks nothing."""
    return True


def finish(_connection: Connection) -> None:
    """Nothing is left to do after the migrations."""
