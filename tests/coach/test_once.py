"""One answer for one key, whatever happens to the request meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from coach.errors import BadInput, Conflict
from coach.jobs import Key, Record
from coach.once import LOST, Once
from coach.session import LOCAL
from tests.fakes import FixedClock, MemoryStore

pytestmark = pytest.mark.anyio

KEY = Key("k", "of what was sent")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Slow:
    """Makes one thing after another, each when it is let."""

    def __init__(self) -> None:
        self.made, self.let, self.begun = 0, asyncio.Event(), asyncio.Event()

    async def __call__(self) -> Record:
        self.begun.set()
        await self.let.wait()
        self.made += 1
        return {"number": self.made}


async def test_a_second_request_waits_its_turn_and_gets_the_first_answer() -> None:
    """Conflict while the first is under way, its answer afterwards; nothing is made twice."""
    once, make = Once(MemoryStore(), FixedClock()), Slow()
    first = asyncio.create_task(once.answer(LOCAL, KEY, make))
    await make.begun.wait()
    with pytest.raises(Conflict):
        await once.answer(LOCAL, KEY, make)
    make.let.set()
    assert await first == await once.answer(LOCAL, KEY, make) == {"number": 1}


async def test_what_failed_or_was_given_up_leaves_the_key_free() -> None:
    """An error, and a client that hangs up."""
    once, make = Once(MemoryStore(), FixedClock()), Slow()

    async def fails() -> Record:
        raise BadInput("there is no such scenario")

    with pytest.raises(BadInput):
        await once.answer(LOCAL, KEY, fails)
    given_up = asyncio.create_task(once.answer(LOCAL, KEY, make))
    await make.begun.wait()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    make.let.set()
    assert await once.answer(LOCAL, KEY, make) == {"number": 1}


async def test_a_killed_process_holds_its_key_for_a_while_only() -> None:
    """Nobody can free it, so it runs out."""
    store, clock = MemoryStore(), FixedClock()
    store.take_key(LOCAL, KEY, clock(), LOST)
    once, make = Once(store, clock), Slow()
    make.let.set()
    with pytest.raises(Conflict):
        await once.answer(LOCAL, KEY, make)
    clock.advance(seconds=LOST.total_seconds() + 1)
    assert await once.answer(LOCAL, KEY, make) == {"number": 1}
