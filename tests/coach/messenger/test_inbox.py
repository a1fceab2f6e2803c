"""What every ``Inbox`` does, on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.messenger.arrival import Arrival
from coach.store import SqlStore
from tests.postgres import emptied_store
from tests.sqlite import fresh_store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEASE, SECOND = timedelta(seconds=15), timedelta(seconds=1)


def sqlite_file(folder: Path) -> Iterator[SqlStore]:
    store = fresh_store(folder)
    yield store
    store.close()


def postgres(_folder: Path) -> Iterator[SqlStore]:
    yield emptied_store()


STORES: list[Callable[[Path], Iterator[SqlStore]]] = [sqlite_file, postgres]


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    yield from request.param(tmp_path)


def sent(name: str, lane: str = "T/D/1", after: int = 0) -> Arrival:
    return Arrival(name, lane, {"text": name}, NOW + after * SECOND)


def test_once_by_its_id(store: SqlStore) -> None:
    """What is sent again is known, also when it is done and its words are gone."""
    inbox = store.inbox
    assert inbox.put(sent("a"))
    assert not inbox.put(sent("a"))
    claimed = inbox.claim("w", NOW, LEASE)
    assert claimed is not None
    assert claimed.body == {"text": "a"}
    assert inbox.settle("a", "w", NOW)
    assert not inbox.put(sent("a"))
    assert inbox.waiting() == 0
    assert inbox.claim("w", NOW + LEASE * 2, LEASE) is None


def test_one_after_the_other_in_a_lane(store: SqlStore) -> None:
    """The second of a thread waits for the first, whatever happens to that; other threads don't."""
    inbox = store.inbox
    for arrival in (sent("a"), sent("b", after=1), sent("c", "T/D/2", after=2)):
        inbox.put(arrival)
    now = NOW + 5 * SECOND
    names = [getattr(inbox.claim("w", now, LEASE), "id", None) for _ in range(3)]
    assert names == ["a", "c", None]
    assert inbox.put_back("a", "w", now + LEASE, "Slack asks to wait")
    assert inbox.claim("w", now, LEASE) is None
    again = inbox.claim("w", now + LEASE, LEASE)
    assert again is not None
    assert (again.id, again.attempts) == ("a", 2)
    inbox.settle("a", "w", now)
    after = inbox.claim("w", now + LEASE, LEASE)
    assert after is not None
    assert after.id == "b"


def test_a_killed_worker_is_followed_by_another(store: SqlStore) -> None:
    """When its lease has run out, with what it noted; it can't change anything any more."""
    inbox = store.inbox
    inbox.put(sent("a"))
    inbox.claim("dead", NOW, LEASE)
    assert inbox.note("a", "dead", NOW + LEASE, {"index": 3})
    assert inbox.claim("other", NOW + LEASE - SECOND, LEASE) is None
    taken = inbox.claim("other", NOW + LEASE, LEASE)
    assert taken is not None
    assert taken.progress == {"index": 3}
    assert not inbox.note("a", "dead", NOW, {})
    assert not inbox.settle("a", "dead", NOW)
    assert inbox.settle("a", "other", NOW)


def test_workers_share(store: SqlStore) -> None:
    """Eight at once get forty arrivals of twenty lanes once each, the firsts of the lanes first."""
    inbox = store.inbox
    for n in range(40):
        inbox.put(sent(f"{n:02}", f"lane {n % 20}", after=n))
    now = NOW + timedelta(minutes=1)

    def all_of(worker: int) -> list[str]:
        found = []
        while claimed := inbox.claim(str(worker), now, LEASE):
            found.append(claimed.id)
        return found

    with ThreadPoolExecutor(8) as pool:
        taken = [name for found in pool.map(all_of, range(8)) for name in found]
    assert sorted(taken) == [f"{n:02}" for n in range(20)]


def test_what_is_old_is_forgotten(store: SqlStore) -> None:
    """What failed is kept with its words until then; what waits is never forgotten."""
    inbox = store.inbox
    for name in ("done", "failed", "waits"):
        inbox.put(sent(name, name))
    inbox.claim("w", NOW, LEASE)
    inbox.claim("w", NOW, LEASE)
    inbox.settle("done", "w", NOW)
    inbox.settle("failed", "w", NOW, "KeyError")
    assert inbox.tidy(NOW) == 0
    assert inbox.tidy(NOW + SECOND) == 2
    assert inbox.waiting() == 1
