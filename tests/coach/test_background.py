"""Work handed to the background: once under its key, in the loop or beside it, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from coach.errors import NotFound
from coach.jobs import Background, Record, Run, State, TryAgain, id_of
from coach.session import LOCAL, Caller
from coach.store import SqlStore
from tests.fakes import FixedClock
from tests.sqlite import fresh_store

ELSEWHERE = Caller("zoe", "south")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = fresh_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def background(store: SqlStore) -> Background:
    return Background(store.jobs, FixedClock())


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.jobs.worker.TELL_EVERY", 0.01)
    monkeypatch.setattr("coach.jobs.worker.LOOK_EVERY", 0.02)


@asynccontextmanager
async def working(background: Background) -> AsyncIterator[None]:
    background.start()
    try:
        yield
    finally:
        await background.close()


async def until(background: Background, key: str, state: State) -> Record | None:
    while (job := await background.load(LOCAL, "note", key)).state is not state:  # noqa: ASYNC110  # the worker tells the database alone
        await asyncio.sleep(0.01)
    return job.result


def test_a_key_is_used_once(background: Background) -> None:
    """Also when the job has ended; another tenant's keys are its own, and so are other kinds."""
    seen: list[str] = []

    async def note(run: Run) -> Record:
        seen.append(str(run.job.request["text"]))
        return {"noted": run.job.request["text"]}

    async def told() -> None:
        background.handle("note", note)
        assert await background.enqueue(LOCAL, "note", "e1", {"text": "a"})
        assert not await background.enqueue(LOCAL, "note", "e1", {"text": "again"})
        async with working(background):
            assert await until(background, "e1", State.DONE) == {"noted": "a"}
            assert not await background.enqueue(LOCAL, "note", "e1", {"text": "late"})
        assert await background.enqueue(ELSEWHERE, "note", "e1", {"text": "b"})
        assert await background.enqueue(LOCAL, "other", "e1", {})
        with pytest.raises(NotFound):
            await background.load(Caller("ben"), "note", "e1")

    asyncio.run(told())
    assert seen == ["a"]


def test_some_at_once(background: Background) -> None:
    """As many as a kind was given, and each kind beside the others: none waits for a slow one."""
    running, most = 0, 0
    gate = asyncio.Event()

    async def note(_run: Run) -> Record:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        return {}

    async def told() -> None:
        background.handle("note", note, at_once=3)
        background.handle("quick", lambda _: {"done": gate.set()})
        for number in range(5):
            await background.enqueue(LOCAL, "note", str(number), {})
        async with working(background):
            while running < 3:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)
            await background.enqueue(LOCAL, "quick", "q", {})
            for number in range(5):
                await until(background, str(number), State.DONE)

    asyncio.run(told())
    assert most == 3


def test_only_when_it_may(background: Background) -> None:
    """While the machine has better things to do, jobs of that kind wait unclaimed."""
    may = False

    async def told() -> None:
        nonlocal may
        background.handle("note", lambda _: {"done": 1}, may=lambda: may)
        background.handle("other", lambda _: {})
        await background.enqueue(LOCAL, "note", "n", {})
        await background.enqueue(LOCAL, "other", "o", {})
        async with working(background):
            other = id_of(LOCAL.tenant, "other", "o")
            while not background.jobs.load(LOCAL, "other", other).has_ended:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)
            assert (await background.load(LOCAL, "note", "n")).attempts == 0
            may = True
            assert await until(background, "n", State.DONE) == {"done": 1}

    asyncio.run(told())


def test_what_is_cut_off_is_there_for_the_next(
    background: Background, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A coroutine that doesn't end in time is cancelled, and its job is due at once, with what it
    had come to; the attempt doesn't count."""
    monkeypatch.setattr("coach.jobs.worker.STOP_WITHIN", 1.0)
    begun = asyncio.Event()

    async def endless(run: Run) -> Record:
        run.tell({"half": 1})
        begun.set()
        await asyncio.Event().wait()
        return {}

    async def cut() -> None:
        background.handle("note", endless)
        await background.enqueue(LOCAL, "note", "n", {})
        async with working(background):
            await begun.wait()

    async def ended() -> Record | None:
        following = Background(store.jobs, FixedClock())
        following.handle("note", lambda run: {"from": run.progress})
        left = await following.load(LOCAL, "note", "n")
        assert (left.state, left.attempts) == (State.WAITING, 0)
        async with working(following):
            return await until(following, "n", State.DONE)

    asyncio.run(cut())
    assert asyncio.run(ended()) == {"from": {"half": 1}}


def test_a_coroutine_may_ask_for_another_try(store: SqlStore) -> None:
    """Later, by its own choice; until then it says why it waits."""
    clock = FixedClock()
    background = Background(store.jobs, clock)

    async def second_time(run: Run) -> Record:
        if run.progress:
            return {"tries": 2}
        run.progress = {"tries": 1}
        raise TryAgain(timedelta(minutes=5), "not yet")

    async def told() -> None:
        background.handle("note", second_time)
        await background.enqueue(LOCAL, "note", "n", {})
        async with working(background):
            while (await background.load(LOCAL, "note", "n")).reason != "not yet":  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)
            clock.advance(minutes=6)
            assert await until(background, "n", State.DONE) == {"tries": 2}

    asyncio.run(told())
