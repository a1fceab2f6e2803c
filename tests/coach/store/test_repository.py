"""What SqlStore does beyond the contract: what it costs, and that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from coach.errors import BadInput
from coach.session import Caller, HintUse, Status
from coach.store import SqlStore, open_store
from coach.store.tables import hints, turns
from tests.coach.store.samples import ANNA, START, exchange_at, new_session


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield store
    store.close()


@pytest.fixture
def asked(store: SqlStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the database, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _m: bool) -> None:
        seen.append((statement, parameters))

    event.listen(store.reads, "before_cursor_execute", note)
    yield seen
    event.remove(store.reads, "before_cursor_execute", note)


def plans(store: SqlStore, asked: list[tuple[str, Any]]) -> list[str]:
    """How SQLite goes about each query and update."""
    found = []
    statements = [one for one in asked if one[0].startswith(("SELECT", "UPDATE", "DELETE"))]
    with store.reads.begin() as connection:
        for statement, parameters in statements:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found += [row.detail for row in rows]
    return found


def test_no_verb_reads_a_whole_table(store: SqlStore, asked: list[tuple[str, Any]]) -> None:
    """Every verb goes by an index and sorts nothing: no cost grows with the number of sessions."""
    for hour in range(3):
        store.create(new_session(id=f"s{hour}", created_at=START + timedelta(hours=hour)))
    store.append(ANNA, "s1", exchange_at(1))
    store.add_hint(ANNA, "s1", HintUse(2, 1, "Ask."))
    store.load(ANNA, "s1", last=2)
    _, cursor = store.sessions(ANNA, 1, None)
    store.sessions(ANNA, 1, cursor)
    store.finish(ANNA, "s1", Status.ENDED, {})
    store.delete(ANNA, "s1")
    found = plans(store, asked)
    assert len(found) >= 9
    assert [plan for plan in found if "SCAN" in plan or "TEMP B-TREE" in plan] == []
    assert any("(tenant=? AND owner=? AND (created_at,id)<(?,?))" in plan for plan in found)


def test_a_long_session_costs_no_more(store: SqlStore, asked: list[tuple[str, Any]]) -> None:
    """Loading the last turns reads those rows and no others, by the primary key."""
    session = new_session()
    store.create(session)
    for index in range(1, 121, 2):
        store.append(ANNA, session.id, exchange_at(index))
    asked.clear()
    store.load(ANNA, session.id, last=4)
    statement, parameters = next(one for one in asked if "FROM turns" in one[0])
    with store.reads.begin() as connection:
        assert len(connection.exec_driver_sql(statement, parameters).all()) == 4


def test_deleting_leaves_nothing_behind(store: SqlStore) -> None:
    """Turns and hints go with their session; those of others stay."""
    kept, gone = new_session(), new_session()
    for session in (kept, gone):
        store.create(session)
        store.append(ANNA, session.id, exchange_at(1))
        store.add_hint(ANNA, session.id, HintUse(2, 1, "Ask."))
    store.delete(ANNA, gone.id)
    with store.reads.begin() as connection:
        for table, number in ((turns, 3), (hints, 1)):
            owners = connection.scalars(select(table.c.session_id)).all()
            assert owners == [kept.id] * number


def test_a_failing_write_leaves_nothing(store: SqlStore) -> None:
    """When the second of two turns can't be written, neither is, and the session isn't moved."""
    session = new_session()
    store.create(session)
    whole = exchange_at(1)
    broken = replace(whole, buyer=replace(whole.buyer, text="half a character: \ud83d"))
    with pytest.raises(BadInput, match="surrogate"):
        store.append(ANNA, session.id, broken)
    assert store.load(ANNA, session.id) == session
    store.append(ANNA, session.id, whole)


def test_a_number_too_large(store: SqlStore) -> None:
    """A seed beyond 64 bits is refused in words, and no session is made of it."""
    with pytest.raises(BadInput, match="too large"):
        store.create(new_session(seed=2**64))
    assert store.sessions(ANNA, 10, None) == ([], None)


def test_an_instant_without_a_zone(store: SqlStore) -> None:
    """A local time is never stored as if it were UTC."""
    naive = datetime(2026, 3, 2, 9, 30)
    with pytest.raises(Exception, match="no time zone"):
        store.create(new_session(created_at=naive))


def test_a_store_may_be_closed_and_used_again(store: SqlStore) -> None:
    """Closing lets go of the file; the next verb takes it again."""
    store.create(new_session(owner=Caller("anna", "north")))
    store.close()
    with store.reads.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(turns)) == 1
