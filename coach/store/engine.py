"""A connection to the database: how it is opened, and what its errors mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from coach.errors import BadInput, CoachError, Conflict, Misconfigured, Unavailable

#: In this order: the timeout must hold before WAL is asked for.
PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)


def connect(url: str) -> Engine:
    """An engine for ``url``; opens nothing yet. Raises Misconfigured for what isn't SQLite."""
    example = "write sqlite:////folder/coach.db"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured(f"the database address can't be read; {example}") from error
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise Misconfigured(f"the coach can't use a {parsed.drivername} database; {example}")
    if parsed.database in (None, "", ":memory:"):
        raise Misconfigured(f"a database in memory would forget every session; {example}")
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


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


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Commits at the end, or changes nothing; errors of the database become CoachErrors."""
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError as error:
        raise Conflict("this is already stored, or what it belongs to is gone") from error
    except (DBAPIError, NoFreeConnection) as error:
        raise Unavailable(f"the database can't answer ({_words(error)}); try again") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise BadInput(
            "this can't be stored: a character is broken (half a surrogate pair) "
            "or a number is too large"
        ) from error


def make_folder(url: URL) -> None:
    """The folder of the database file, if it isn't there; raises Misconfigured."""
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
            f"{file} can't be written ({_words(error)}); it must be a file, in a folder that "
            "the coach may write"
        )
    return Misconfigured(f"{file} can't be used ({_words(error)}); move it away or name another")


def _words(error: Any) -> str:
    return str(getattr(error, "orig", None) or "every connection is busy")
