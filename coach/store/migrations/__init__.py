"""Brings a database to the tables of this version of the coach.

Alembic costs 1.5 s to import, so it is only asked when the version in the database isn't HEAD.
A new step: add ``versions/000N_what_it_does.py``, raise HEAD, and the tests compare it with
``coach.store.tables``.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from coach.errors import Misconfigured
from coach.store.engine import kind_of

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0015"

_alembic = Lock()  # Alembic keeps its context in module globals


def migrate(engine: Engine) -> None:
    """Does nothing if up to date, else all steps in one transaction.

    ``engine`` must begin by locking out other writers: of several processes that start at once,
    one migrates and the others find it done. Raises Misconfigured for a newer database.
    """
    kind = kind_of(engine.url)
    with engine.execution_options(owner=True).begin() as connection:
        if version(connection) != HEAD:
            upgrade(connection)
            kind.finish(connection)
        elif not kind.ready(connection):
            kind.finish(connection)
        else:  # deletes nothing, but is refused where nothing can be written
            connection.execute(text("DELETE FROM alembic_version WHERE 1 = 0"))


def version(connection: Connection) -> str | None:
    """The last step the database has taken; None for a fresh one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(connection: Connection, target: str = "head") -> None:
    """Takes the steps up to ``target`` in the transaction of ``connection``."""
    from alembic import command  # noqa: PLC0415  # see the module's docstring
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        with _alembic:
            command.upgrade(configuration(connection), target)
    except CommandError as error:
        raise Misconfigured(
            f"the database was made by another version of the coach (step "
            f"{version(connection)}, this one knows up to {HEAD}); install that version or a "
            "newer one, or name another database"
        ) from error


def configuration(connection: Connection) -> Config:
    """What Alembic needs; ``env.py`` takes the connection from it."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config
