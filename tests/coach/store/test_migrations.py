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
from sqlalchemy import Engine, inspect, text

from coach.errors import Misconfigured
from coach.store import SqlStore, open_store
from coach.store.migrations import HEAD, configuration, migrate, upgrade, version
from coach.store.tables import metadata
from tests.coach.store.samples import ANNA, STATE, new_session

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


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / '100% new' / 'coach.db'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    store = open_store(url)
    yield store.writes
    store.close()


def test_fresh(engine: Engine) -> None:
    """A fresh database gets every table and is at HEAD."""
    with engine.begin() as connection:
        assert version(connection) == HEAD
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_head_is_the_last_step(engine: Engine) -> None:
    """HEAD names the last step in the folder, and there is only one last step."""
    with engine.begin() as connection:
        steps = ScriptDirectory.from_config(configuration(connection))
    assert steps.get_heads() == [HEAD]


def test_steps_equal_tables(engine: Engine) -> None:
    """The steps make just the tables, columns, types, keys and indexes that the code declares."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        made = inspect(connection)
        for table in metadata.tables.values():
            keys = made.get_foreign_keys(table.name)
            assert {key["options"].get("ondelete") for key in keys} <= {"CASCADE"}
            assert len(keys) == len(table.foreign_keys)


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


def test_a_step_that_breaks_leaves_nothing(url: str, tmp_path: Path) -> None:
    """A migration that fails half way leaves the database as it was."""
    (tmp_path / "100% new").mkdir()
    store = SqlStore(url)
    with store.writes.begin() as connection:
        connection.execute(text("CREATE TABLE turns (mine TEXT)"))
    with pytest.raises(Misconfigured, match="turns already exists"):
        open_store(url)
    with store.reads.begin() as connection:
        assert inspect(connection).get_table_names() == ["turns"]
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


def test_processes_at_once(url: str) -> None:
    """Workers of one server that start together on a fresh database all find it ready."""
    command = [sys.executable, "-c", WORKERS, url]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")


OLD_SESSION = """
INSERT INTO sessions (id, tenant, owner, scenario, scenario_version, persona, difficulty, seed,
  status, engine, created_at, state, turn_count)
VALUES ('old', 'north', 'anna', 'interest', 1, 'head', 'normal', 7, 'ended',
  :engine, '2026-01-05 10:00:00.000000', :state, 0)
"""


@pytest.mark.parametrize("step", ["0001", "0002", "0003", "0004", "0005"])
def test_what_was_stored_at_any_step_is_there_at_the_last(url: str, step: str) -> None:
    """A session of then is read, deleted and added to; what it was played with wasn't kept yet."""
    Path(url.removeprefix("sqlite:///")).parent.mkdir()
    store = SqlStore(url)
    state, engine = STATE.as_record(), {"voice": "v", "judge": "j", "embedding": "e"}
    with store.writes.begin() as connection:
        upgrade(connection, step)
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
    with store.writes.begin() as connection:
        assert version(connection) == HEAD
    store.close()
