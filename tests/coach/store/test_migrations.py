"""The steps lead to the tables that the code uses, from anywhere and however often."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, select, text

from coach.errors import Misconfigured
from coach.store import SqlStore, open_store
from coach.store.every_table import metadata
from coach.store.migrations import HEAD, configuration, migrate, upgrade, version
from tests.coach.store.any_rows import Row, a_row_of
from tests.coach.store.samples import ANNA, STATE, new_session
from tests.postgres import server

#: Six workers, with everything imported, so that they arrive together.
WORKERS = """
import os, sys, alembic.command
from coach.store import open_store
def work():
    if (child := os.fork()) == 0:
        open_store(sys.argv[1]).ping()
        os._exit(0)
    return child
children = [work() for _ in range(6)]
sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


def sqlite_file(folder: Path) -> str:
    (folder / "100% new").mkdir()
    return f"sqlite:///{folder / '100% new' / 'coach.db'}"


def postgres(_folder: Path) -> str:
    return server().make_database()


@pytest.fixture(params=[sqlite_file, postgres], ids=lambda make: make.__name__)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database."""
    made: str = request.param(tmp_path)
    return made


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    store = open_store(url)
    yield owner_of(store)
    store.close()


def owner_of(store: SqlStore) -> Engine:
    """What migrations are run with."""
    return store.writes.execution_options(owner=True)


def test_fresh(engine: Engine) -> None:
    """A fresh database gets every table and is at HEAD."""
    with engine.begin() as connection:
        assert version(connection) == HEAD
        assert tables_of(connection) == {*metadata.tables, "alembic_version"}


def test_head_is_the_last_step(engine: Engine) -> None:
    """HEAD names the last step in the folder, and there is only one last step."""
    with engine.begin() as connection:
        steps = ScriptDirectory.from_config(configuration(connection))
    assert steps.get_heads() == [HEAD]


def test_steps_equal_tables(engine: Engine) -> None:
    """The steps make just the tables, columns, types, keys and indexes that the code declares."""
    with engine.begin() as connection:
        assert_like_the_code(connection)


def assert_like_the_code(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []
    made = inspect(connection)
    for table in metadata.tables.values():
        keys = made.get_foreign_keys(table.name)
        assert {key["options"].get("ondelete") for key in keys} <= {"CASCADE"}
        assert len(keys) == len(table.foreign_keys)


def tables_of(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_rows_of_every_step_are_there_at_the_last(url: str) -> None:
    """A row is put into every table after every step; all of them come through what follows, and
    the tables are like new."""
    store = SqlStore(url)
    with owner_of(store).begin() as connection:
        steps = ScriptDirectory.from_config(configuration(connection)).walk_revisions()
        put: list[tuple[str, Row]] = []
        for number, step in enumerate(reversed(list(steps))):
            upgrade(connection, step.revision)
            there = MetaData()
            there.reflect(connection)
            for table in there.sorted_tables:
                if table.name != "alembic_version":
                    row = a_row_of(table, number)
                    connection.execute(table.insert(), row)
                    put.append((table.name, row))
        assert_like_the_code(connection)
        assert len(put) > 10 * number
        for name, row in put:
            columns = [there.tables[name].c[key] for key in row]
            assert tuple(row.values()) in connection.execute(select(*columns)).all(), name
    store.close()


def test_twice_is_once(engine: Engine, url: str) -> None:
    """Going up again, asked or by opening, changes nothing and loses nothing."""
    session = new_session()
    store = open_store(url)
    store.create(session)
    store.close()
    migrate(engine)
    with engine.begin() as connection:
        upgrade(connection)
    store = open_store(url)
    assert store.load(ANNA, session.id) == session
    store.close()


def test_a_step_that_breaks_leaves_nothing(url: str) -> None:
    """A migration that fails half way leaves the database as it was."""
    store = SqlStore(url)
    with owner_of(store).begin() as connection:
        connection.execute(text("CREATE TABLE turns (mine TEXT)"))
    with pytest.raises(Misconfigured, match=r'turns"? already exists'):
        open_store(url)
    with owner_of(store).begin() as connection:
        assert tables_of(connection) == {"turns"}
    store.close()


def test_a_newer_database(engine: Engine, url: str) -> None:
    """A database of a later version is refused, saying which step it is at, and left alone."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Misconfigured, match="9999"):
        open_store(url)
    with engine.begin() as connection:
        assert version(connection) == "9999"


def test_threads_at_once(url: str) -> None:
    """Threads that open the same fresh database all find it ready."""
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(open_store, [url] * 6))
    for store in stores:
        store.ping()
        store.close()


@pytest.mark.slow
def test_processes_at_once(url: str) -> None:
    """Workers of one server that start together on a fresh database all find it ready."""
    command = [sys.executable, "-c", WORKERS, url]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


OLD_SESSION = """
INSERT INTO sessions (id, tenant, owner, scenario, scenario_version, persona, difficulty, seed,
  status, engine, created_at, state, turn_count)
VALUES ('old', 'north', 'anna', 'interest', 1, 'head', 'normal', 7, 'ended',
  :engine, '2026-01-05 10:00:00.000000+00:00', :state, 0)
"""


def test_a_session_of_the_first_step_goes_on(url: str) -> None:
    """It is read, deleted and added to; what it was played with wasn't kept yet."""
    store = SqlStore(url)
    state, engine = STATE.as_record(), {"voice": "v", "judge": "j", "embedding": "e"}
    with owner_of(store).begin() as connection:
        upgrade(connection, "0001")
        given = {"state": json.dumps(state), "engine": json.dumps(engine)}
        connection.execute(text(OLD_SESSION), given)
    store.close()
    store = open_store(url)
    session = store.load(ANNA, "old")
    assert (session.state, session.scenario_fingerprint) == (STATE, "")
    assert [one.id for one in store.attempts(ANNA, session.family)] == ["old"]
    new = new_session(scenario_fingerprint="f1")
    store.create(new)
    assert store.load(ANNA, new.id).scenario_fingerprint == "f1"
    store.delete(ANNA, "old")
    assert [one.id for one in store.sessions(ANNA, 10, None)[0]] == [new.id]
    with owner_of(store).begin() as connection:
        assert version(connection) == HEAD
    store.close()
