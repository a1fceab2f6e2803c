"""Opening a database: fast when it is ready, and clear when it can't be done."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coach.errors import Misconfigured, Unavailable
from coach.store import SqlStore, open_store
from tests.coach.store.samples import new_session

#: The dialect is a library's import, not part of opening; uncached bytecode makes it slow here.
TIMED = """
import sys, time, sqlalchemy.dialects.sqlite
from coach.store import open_store
began = time.perf_counter()
store = open_store(sys.argv[1])
print(time.perf_counter() - began, "alembic" in sys.modules)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "coach.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "can't be read"),
        ("coach.db", "can't be read"),
        ("redis://localhost/0", "redis"),
        ("mysql://root:secret@localhost/x", "mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_addresses_it_does_not_know(address: str, said: str) -> None:
    """An address of another kind is refused with an example of a good one, and without secrets."""
    with pytest.raises(Misconfigured, match=said) as refused:
        open_store(address)
    assert "sqlite:////" in refused.value.message
    assert "secret" not in refused.value.message


def test_the_folder_is_made(tmp_path: Path) -> None:
    """A folder that isn't there yet is made."""
    file = tmp_path / "new" / "home" / "coach.db"
    open_store(f"sqlite:///{file}").close()
    assert file.is_file()


def test_a_folder_that_can_not_be_made(file: Path) -> None:
    """A folder below a file can't be made, and the message names it."""
    file.write_text("I am a file")
    with pytest.raises(Misconfigured, match=r"can't make the folder .*coach\.db/home"):
        open_store(f"sqlite:///{file}/home/coach.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written(tmp_path: Path, file: Path) -> None:
    """A folder that is read-only is named."""
    tmp_path.chmod(0o500)
    with pytest.raises(Misconfigured, match="can't be written"):
        open_store(f"sqlite:///{file}")


def test_a_database_that_can_not_be_written(store: SqlStore, file: Path) -> None:
    """A database that is up to date but read-only is refused at once, not at the first turn."""
    store.ping()
    with pytest.raises(Misconfigured, match="can't be written"):
        open_store(f"sqlite:///file:{file}?mode=ro&uri=true")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    """A folder isn't a database."""
    with pytest.raises(Misconfigured, match="can't be written"):
        open_store(f"sqlite:///{tmp_path}")


def test_not_a_database(file: Path) -> None:
    """A file of something else is left as it is."""
    file.write_text("Dear diary, " * 200)
    with pytest.raises(Misconfigured, match="not a SQLite database"):
        open_store(f"sqlite:///{file}")
    assert file.read_text().startswith("Dear diary, ")


def test_a_database_that_is_ready_opens_fast(store: SqlStore) -> None:
    """An up-to-date database opens in under 50 ms, without importing Alembic."""
    command = [sys.executable, "-c", TIMED, str(store.url)]
    took: list[float] = []
    while len(took) < 3 and min(took, default=1) >= 0.05:  # a busy machine gets three tries
        run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        seconds, alembic = run.stdout.split()
        took.append(float(seconds))
        assert alembic == "False"
    assert min(took) < 0.05


def test_how_sqlite_is_set(store: SqlStore) -> None:
    """Every connection waits for a lock, keeps a write-ahead log and its foreign keys."""
    with store.reads.begin() as one, store.reads.begin() as other:
        for connection in (one, other):
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("busy_timeout", "journal_mode", "synchronous", "foreign_keys")
            }
            assert settings == {
                "busy_timeout": 5000,
                "journal_mode": "wal",
                "synchronous": 1,
                "foreign_keys": 1,
            }


def test_ping_of_a_broken_database(store: SqlStore, file: Path) -> None:
    """A database that was overwritten while in use is Unavailable, in words."""
    store.close()
    for path in (file, file.with_name("coach.db-wal")):
        path.write_bytes(b"rubbish" * 4096)
    with pytest.raises(Unavailable, match="database"):
        store.ping()


def test_a_writer_that_never_lets_go(
    store: SqlStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another program holds the lock too long the store says so; reading goes on."""
    monkeypatch.setattr("coach.store.sqlite.PRAGMAS", ("PRAGMA busy_timeout=20",))
    store.close()
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            store.create(new_session())
        with pytest.raises(Unavailable, match="held by another program"):
            open_store(f"sqlite:///{file}")
        store.ping()
