"""What a turn costs in the store: no more late in a session, and no more beside many sessions.

Ratios of medians and of the 95th of 100, both sides measured in turn in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Integer, cast, func, insert, literal, select

from coach.practice.running import RECENT
from coach.store import SqlStore, open_store
from coach.store.tables import sessions, turns
from tests.coach.store.samples import ANNA, exchange_at, new_session
from tests.postgres import own_database
from tests.sqlite import fresh_store

FEW, MANY, LATE = 100, 100_000, 199
ROUNDS = 300

Make = Callable[[Path], SqlStore]
ENGINES = pytest.mark.parametrize(
    "make", [fresh_store, lambda _: open_store(own_database())], ids=["sqlite", "postgres"]
)


def turn_in(store: SqlStore, session_id: str, index: int) -> float:
    """Seconds that a turn spends on the store: what is loaded before it, and what is kept of it."""
    began = perf_counter()
    store.load(ANNA, session_id, RECENT)
    store.append(ANNA, session_id, exchange_at(index))
    return perf_counter() - began


def begun(store: SqlStore, index: int) -> str:
    """A session in which the next turn is ``index``."""
    session = new_session()
    store.create(session)
    for number in range(1, index, 2):
        store.append(ANNA, session.id, exchange_at(number))
    return session.id


def multiply(store: SqlStore, count: int) -> None:
    """So many sessions of the same owner, each with the turns of the first."""
    first = begun(store, 7)
    numbers = select(literal(1, Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count - 1))
    with store.writes.execution_options(owner=True).begin() as connection:
        for table, key in ((sessions, "id"), (turns, "session_id")):
            name = (literal("copy ") + cast(numbers.c.n, table.c[key].type)).label(key)
            columns = [name if one.name == key else one for one in table.c]
            copied = select(*columns).select_from(table.join(numbers, literal(1) == 1))
            copied = copied.where(table.c[key] == first)
            connection.execute(insert(table).from_select([c.name for c in table.c], copied))
    with store.writes.execution_options(owner=True).begin() as connection:
        assert connection.scalar(select(func.count()).select_from(sessions)) == count
        connection.exec_driver_sql("ANALYZE")


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def told(name: str, base: list[float], other: list[float]) -> float:
    middles = [sorted(side)[len(side) // 2] * 1000 for side in (base, other)]
    ratio = p95(other) / p95(base)
    print(f"\n{name}: p50 {middles[0]:.2f} and {middles[1]:.2f} ms, p95 ratio {ratio:.2f}")
    return ratio


@pytest.mark.bench
@ENGINES
def test_turn_200_costs_what_turn_5_does(make: Make, tmp_path: Path) -> None:
    """At the 95th of 100: within 1.5 times."""
    with closing(make(tmp_path)) as store:
        early, late = [], []
        for _ in range(ROUNDS // 10):
            young, old = begun(store, 5), begun(store, LATE)
            for step in range(0, 20, 2):
                early.append(turn_in(store, young, 5 + step))
                late.append(turn_in(store, old, LATE + step))
        assert told(f"turn {LATE} to 5", early, late) < 1.5


@pytest.fixture
def both(make: Make, tmp_path: Path) -> Iterator[tuple[SqlStore, SqlStore]]:
    stores = []
    for name in ("few", "many"):
        (tmp_path / name).mkdir()
        stores.append(make(tmp_path / name))
    yield stores[0], stores[1]
    for store in stores:
        store.close()


@pytest.mark.scale
@pytest.mark.timeout(600)
@ENGINES
def test_many_sessions_cost_what_few_do(both: tuple[SqlStore, SqlStore]) -> None:
    """100,000 beside 100, at the 95th of 100: within 1.3 times."""
    few, many = both
    multiply(few, FEW)
    multiply(many, MANY)
    base, other = [], []
    for number in range(ROUNDS):
        for store, times in ((few, base), (many, other)):
            times.append(turn_in(store, f"copy {number % (FEW - 1) + 1}", 7 + number // 99 * 2))
    assert told(f"{MANY:,} sessions to {FEW}", base, other) < 1.3
