"""A connection to the database: how it is opened, and in whose name it is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from coach.errors import BadInput, CoachError, Conflict, Misconfigured, Unavailable
from coach.store import postgres, sqlite

EXAMPLE = "write sqlite:////folder/coach.db or postgresql://user:password@host/database"
UNFIT = (
    "this can't be stored: a character is broken (half a surrogate pair, or NUL) "
    "or a number is too large"
)


class Reach(Enum):
    """In place of a tenant: whose rows a transaction may touch."""

    EVERY_TENANT = "every tenant"  # workers, who serve all, and what an admin does on the machine


class Kind(Protocol):
    """What differs from database to database; a module each."""

    def connect(self, url: URL) -> tuple[Engine, Engine]:
        """To read with and to write with."""

    def make_room(self, url: URL) -> None:
        """What must be there before a connection is; raises Misconfigured."""

    def ready(self, connection: Connection) -> bool:
        """Whether a database at the last step of the migrations lacks nothing else."""

    def finish(self, connection: Connection) -> None:
        """What is to be done after the migrations, in their transaction."""

    def wipe(self, writes: Engine) -> None:
        """Leaves nothing of deleted rows in the database's own files."""

    def opening_error(self, error: DBAPIError, url: URL) -> CoachError:
        """What to do about a database that doesn't open; never with its password."""

    def words(self, error: DBAPIError) -> str:
        """Why a transaction failed, for whoever asked."""


def read_address(url: str) -> URL:
    """``url`` with the driver that is used for it; raises Misconfigured."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured(f"the database address can't be read; {EXAMPLE}") from error
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise Misconfigured(f"a database in memory would forget every session; {EXAMPLE}")
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise Misconfigured(f"the coach can't use a {parsed.drivername} database; {EXAMPLE}")


def connect(url: str) -> tuple[Engine, Engine]:
    """To read with and to write with, over the same connections; opens nothing yet.

    Raises Misconfigured for a database that the coach can't use.
    """
    parsed = read_address(url)
    return kind_of(parsed).connect(parsed)


def kind_of(url: URL) -> Kind:
    """What is particular to the database at ``url``."""
    if url.get_backend_name() == "sqlite":
        return sqlite
    return postgres


@contextmanager
def transaction(engine: Engine, tenant: str | Reach) -> Iterator[Connection]:
    """Commits at the end, or changes nothing; errors of the database become CoachErrors.

    On PostgreSQL no other tenant's rows can be read or written in it (see ``walls``).
    """
    reach = {"every_tenant": True} if isinstance(tenant, Reach) else {"tenant": tenant}
    try:
        with engine.connect() as connection, connection.execution_options(**reach).begin():
            yield connection
    except IntegrityError as error:
        raise Conflict("this is already stored, or what it belongs to is gone") from error
    except DataError as error:
        raise BadInput(UNFIT) from error
    except DBAPIError as error:
        said = kind_of(engine.url).words(error)
        raise Unavailable(f"the database can't answer ({said}); try again") from error
    except NoFreeConnection as error:
        said = "every connection is busy"
        raise Unavailable(f"the database can't answer ({said}); try again") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise BadInput(UNFIT) from error


def queue_up(connection: Connection, *name: str) -> None:
    """Until the transaction ends, no other that queues up under ``name`` gets past this line.

    For what is read and then written. A writer of SQLite is alone anyhow.
    """
    if connection.dialect.name == "postgresql":
        postgres.queue_up(connection, "\x1f".join(name))
