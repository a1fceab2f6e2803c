"""The worker: what it does with jobs that end well, badly, not at all, or not in time."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from coach.errors import BadInput, Unavailable
from coach.jobs import Handler, Job, Record, Run, State, Worker
from coach.jobs.job import MOST_ATTEMPTS
from coach.jobs.worker import GIVE_UP_AFTER, Duty
from coach.session import LOCAL
from coach.store import SqlStore, open_store
from tests.fakes import FixedClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield store
    store.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.jobs.worker.TELL_EVERY", 0.01)
    monkeypatch.setattr("coach.jobs.worker.LOOK_EVERY", 0.02)


def added(store: SqlStore, clock: FixedClock, name: str = "j") -> None:
    store.jobs.add(Job(name, LOCAL, "import", {}, clock.now), [[b"content"]])


def state_of(store: SqlStore, name: str = "j") -> Job:
    return store.jobs.load(LOCAL, "import", name)


def works(store: SqlStore, clock: FixedClock, handler: Handler, until: Callable[[], bool]) -> None:
    """A worker with this handler, until something is so."""

    async def run() -> None:
        worker = Worker(store.jobs, {"import": Duty(handler)}, clock)
        worker.start()
        end = time.monotonic() + 10
        while not until() and time.monotonic() < end:  # noqa: ASYNC110  # any kind of sign
            await asyncio.sleep(0.01)
        assert until(), state_of(store)
        await worker.stop()

    asyncio.run(run())


def test_work_that_ends_well(store: SqlStore, clock: FixedClock) -> None:
    """One job after the other, with their files; each keeps its result."""
    for name in ("j", "k"):
        added(store, clock, name)
    running: list[str] = []

    def handler(run: Run) -> Record:
        running.append(run.job.id)
        assert len(running) == 1
        time.sleep(0.02)
        running.remove(run.job.id)
        return {"read": run.content(0).decode()}

    works(store, clock, handler, lambda: state_of(store, "k").state is State.DONE)
    assert state_of(store).result == {"read": "content"}


def test_how_far_it_is(store: SqlStore, clock: FixedClock) -> None:
    """The row follows the handler, but not at every step: two writes a second are enough."""
    added(store, clock)
    seen = threading.Event()

    def handler(run: Run) -> Record:
        for done in range(5_000):
            run.tell({"done": done})
        assert seen.wait(5)
        return {}

    def told() -> bool:
        if state_of(store).progress == {"done": 4_999}:
            seen.set()
        return state_of(store).state is State.DONE

    works(store, clock, handler, told)


def test_what_was_asked_wrongly_fails(store: SqlStore, clock: FixedClock) -> None:
    """Once, with the reason as it was said."""
    added(store, clock)

    def handler(_run: Run) -> Record:
        raise BadInput("no such column; name another")

    works(store, clock, handler, lambda: state_of(store).state is State.FAILED)
    assert state_of(store).reason == "no such column; name another"


def test_what_cannot_be_done_now_waits(store: SqlStore, clock: FixedClock) -> None:
    """It is tried again later, however often, and says why it waits; after a day it is given up."""
    added(store, clock)
    tries = 0

    def handler(_run: Run) -> Record:
        nonlocal tries
        tries += 1
        raise Unavailable("the index is away")

    for expected in range(1, MOST_ATTEMPTS + 3):
        works(store, clock, handler, lambda wanted=expected: tries == wanted)  # type: ignore[misc]
        waiting = state_of(store)
        assert (waiting.state, waiting.reason) == (State.WAITING, "the index is away")
        clock.advance(seconds=31)
    clock.now += GIVE_UP_AFTER
    works(store, clock, handler, lambda: state_of(store).state is State.FAILED)
    assert state_of(store).reason == "the index is away"


def test_what_breaks_is_given_up(
    store: SqlStore, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    """After three tries; the log has what it was, the reason tells nothing of our insides."""
    added(store, clock)

    def handler(_run: Run) -> Record:
        raise ZeroDivisionError("/usr/lib/secret.py")

    with caplog.at_level(logging.ERROR):
        works(store, clock, handler, lambda: state_of(store).state is State.FAILED)
    assert "tried 3 times" in state_of(store).reason
    assert "secret" not in state_of(store).reason
    assert caplog.text.count("ZeroDivisionError") >= MOST_ATTEMPTS


def test_a_stop_leaves_the_job_to_the_next(store: SqlStore, clock: FixedClock) -> None:
    """At the handler's next word; nothing is lost and the attempt doesn't count."""
    added(store, clock)
    began = threading.Event()

    def handler(run: Run) -> Record:
        done = 0
        while True:
            done += 1
            run.tell({"done": done})
            began.set()
            time.sleep(0.001)

    works(store, clock, handler, began.is_set)
    left = state_of(store)
    assert (left.state, left.attempts) == (State.WAITING, 0)
    assert left.progress["done"] > 0
    works(store, clock, lambda run: {"again": run.content(0).decode()}, lambda: _done(store))
    assert state_of(store).result == {"again": "content"}


def _done(store: SqlStore) -> bool:
    return state_of(store).state is State.DONE


def test_a_stop_waits_for_nobody(
    store: SqlStore, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that hears nothing doesn't hold up the end; its lease runs out and it is redone."""
    monkeypatch.setattr("coach.jobs.worker.STOP_WITHIN", 0.1)
    added(store, clock)
    began, end = threading.Event(), threading.Event()

    def deaf(_run: Run) -> Record:
        began.set()
        end.wait(20)
        return {"late": True}

    start = time.monotonic()
    works(store, clock, deaf, began.is_set)
    assert time.monotonic() - start < 5
    assert state_of(store).state is State.RUNNING
    clock.advance(seconds=31)
    works(store, clock, lambda _: {"again": True}, lambda: _done(store))
    end.set()
    assert state_of(store).result == {"again": True}


def test_a_long_job_keeps_its_lease(store: SqlStore, clock: FixedClock) -> None:
    """It is renewed while the handler works, whether that says something or not."""
    added(store, clock)
    began, end = threading.Event(), threading.Event()

    def handler(_run: Run) -> Record:
        began.set()
        end.wait(10)
        return {}

    steps, last = 0, time.monotonic()

    def passing() -> bool:
        nonlocal steps, last
        if began.is_set() and time.monotonic() - last > 0.1:
            other = store.jobs.claim(["import"], "other", clock.now, timedelta(seconds=30))
            assert other is None
            clock.advance(seconds=11)
            steps, last = steps + 1, time.monotonic()
        if steps == 6:
            end.set()
        return _done(store)

    works(store, clock, handler, passing)


def test_who_lost_the_lease_stops(store: SqlStore, clock: FixedClock) -> None:
    """A worker that slept past its lease doesn't end a job that is another's by now."""
    added(store, clock)
    began, lost = threading.Event(), threading.Event()

    def handler(run: Run) -> Record:
        began.set()
        for done in range(2_000):
            try:
                run.tell({"done": done})
            except Exception:
                lost.set()
                raise
            time.sleep(0.005)
        return {"mine": True}

    def taken() -> bool:
        if began.is_set() and not lost.is_set():
            late = clock.now + timedelta(minutes=5)
            store.jobs.claim(["import"], "other", late, timedelta(hours=1))
        return lost.is_set()

    works(store, clock, handler, taken)
    assert state_of(store).state is State.RUNNING
    assert store.jobs.finish("j", "other", clock.now, {"theirs": True})


def test_the_loop_goes_on(store: SqlStore, clock: FixedClock) -> None:
    """While a handler computes, the event loop answers others."""
    added(store, clock)
    longest = 0.0

    def handler(_run: Run) -> Record:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            sum(range(1_000))
        return {}

    async def run() -> None:
        nonlocal longest
        worker = Worker(store.jobs, {"import": Duty(handler)}, clock)
        worker.start()
        while not await asyncio.to_thread(_done, store):
            start = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - start)
        await worker.stop()

    asyncio.run(run())
    assert longest < 0.4, "a handler on the loop would have held it for half a second"
