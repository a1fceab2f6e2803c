"""Turns that outlive whoever asked for them, and the process that ran them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.errors import Conflict, NotFound
from coach.events import (
    ReplyCompleted,
    ReplyDelta,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
    TurnFailed,
)
from coach.models import Models, Receipt
from coach.ports import Model
from coach.practice import running
from coach.practice.run import Run
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL, Caller
from coach.store import open_store
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = pytest.mark.anyio

SAID = "What would nine hours without calls have meant for you?"
Open = Callable[..., CoachService]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    """Goes on by itself, and further by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Thinking:
    """A model that begins to speak and never ends; ``left`` once its caller hung up."""

    name = "thinking"

    def __init__(self) -> None:
        self.left, self.began = False, asyncio.Event()

    async def stream(
        self, prompt: str, variables: Mapping[str, Any], receipt: Receipt | None = None
    ) -> AsyncGenerator[str, None]:
        try:
            yield "Well. "
            self.began.set()
            await asyncio.sleep(600)
        finally:
            self.left = True

    async def structured(
        self,
        prompt: str,
        variables: Mapping[str, Any],
        schema: Mapping[str, Any],
        receipt: Receipt | None = None,
    ) -> Mapping[str, Any]:
        await asyncio.sleep(600)
        return {}

    def condition(self) -> str:
        return "ok"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opening(
    tmp_path: Path,
    clock: Clock,
    book: ScenarioBook,
    retriever: HybridRetriever,
    embedder: MiniLMEmbedder,
) -> Iterator[Open]:
    """Workers of one coach: each has its own service, all have one database."""
    stores = []

    def worker(model: Model | None = None) -> CoachService:
        stores.append(open_store(f"sqlite:///{tmp_path / 'coach.db'}"))
        return CoachService(
            scenarios=book,
            store=stores[-1],
            retriever=retriever,
            embedder=embedder,
            clock=clock,
            models=Models(voice=model, judge=model),
        )

    yield worker
    for store in stores:
        store.close()


async def begun(service: CoachService) -> str:
    return (await service.start(LOCAL, "trust-true-rumour", seed=7)).id


async def told(events: AsyncIterator[TurnEvent]) -> list[TurnEvent]:
    async with asyncio.timeout(30):
        return [event async for event in events]


async def thinking_at(service: CoachService, session: str) -> Run:
    """A turn whose model has begun to speak."""
    run = await service.turns.start(LOCAL, session, SAID)
    model = service.purse.models.voice
    assert isinstance(model, Thinking)
    async with asyncio.timeout(30):
        await model.began.wait()
    return run


def killed(service: CoachService) -> None:
    """As by ``kill -9``: nothing is noted, nothing is awaited."""
    for run in list(service.turns._running.values()):
        assert run._task
        run._task.cancel()


async def test_all_who_follow_a_turn_see_all_of_it(opening: Open) -> None:
    """Whether they come first, in its middle, or after it was stored."""
    service = opening()
    session = await begun(service)
    run = await service.turns.start(LOCAL, session, SAID)
    both = [asyncio.create_task(told(run.events())) for _ in range(2)]
    late = await told(await service.turns.follow(LOCAL, session, 1))
    first, second = await asyncio.gather(*both)
    assert first == second == late
    afterwards = await told(await service.turns.follow(LOCAL, session, 1))
    assert _kinds(afterwards) == _kinds(first)
    assert _reply(afterwards) == _reply(first)
    with pytest.raises(NotFound):
        await service.turns.follow(LOCAL, session, 3)
    with pytest.raises(NotFound):
        await service.turns.follow(Caller("eve"), session, 1)


async def test_a_cancelled_turn_leaves_nothing(opening: Open) -> None:
    """The model is hung up on, its listener told, and the next turn is the first again."""
    model = Thinking()
    service = opening(model)
    session = await begun(service)
    run = await thinking_at(service, session)
    await service.turns.cancel(LOCAL, session, 1)
    end = (await told(run.events()))[-1]
    assert isinstance(end, TurnFailed)
    assert "nothing of it was stored" in end.error.message
    assert model.left
    assert (await service.session(LOCAL, session)).turn_count == 1
    assert await service.turns.waiting(LOCAL, session) is None
    plain = opening()
    assert isinstance((await told(await plain.take_turn(LOCAL, session, SAID)))[-1], TurnCompleted)
    with pytest.raises(Conflict, match="branch"):
        await plain.turns.cancel(LOCAL, session, 1)
    with pytest.raises(NotFound):
        await plain.turns.cancel(LOCAL, session, 3)


async def test_a_cancel_reaches_the_worker_that_runs_the_turn(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the store: what was dropped there can't be stored, and its worker stops."""
    monkeypatch.setattr(running, "RENEW_SECONDS", 0.05)
    model = Thinking()
    here, there = opening(model), opening()
    session = await begun(here)
    run = await thinking_at(here, session)
    with pytest.raises(Conflict, match="still running"):
        await there.take_turn(LOCAL, session, "Something else entirely.")
    await there.turns.cancel(LOCAL, session, 1)
    assert isinstance((await told(run.events()))[-1], TurnFailed)
    assert model.left


async def test_a_turn_is_followed_from_another_worker(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it is read from the store once it is complete."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.02)
    here, there = opening(), opening()
    session = await begun(here)
    run = await here.turns.start(LOCAL, session, SAID)
    events = await told(await there.turns.follow(LOCAL, session, 1))
    assert _reply(events) == _reply(await told(run.events()))


async def test_an_accepted_turn_survives_a_crash(opening: Open, clock: Clock) -> None:
    """It is taken up at the next contact, once, in the words in which it was accepted."""
    lost, next_one = opening(Thinking()), opening()
    session = await begun(lost)
    await thinking_at(lost, session)
    killed(lost)
    await asyncio.sleep(0)
    waiting = await next_one.turns.waiting(LOCAL, session)
    assert waiting
    assert waiting.text == SAID
    with pytest.raises(Conflict, match="still running"):
        await next_one.take_turn(LOCAL, session, SAID)
    clock.ahead += timedelta(seconds=20)  # its lease has run out
    events = await told(await next_one.turns.follow(LOCAL, session, 1))
    assert isinstance(events[0], TurnCreated)
    assert events[0].turn.text == SAID
    assert isinstance(events[-1], TurnCompleted)
    assert (await next_one.session(LOCAL, session)).turn_count == 3


async def test_what_was_left_goes_before_what_is_new(opening: Open, clock: Clock) -> None:
    """Other words are told to wait for it; the same words are that turn."""
    lost, next_one = opening(Thinking()), opening()
    first, second = await begun(lost), await begun(lost)
    for session in (first, second):
        await thinking_at(lost, session)
    killed(lost)
    clock.ahead += timedelta(seconds=20)
    with pytest.raises(Conflict, match="answered first"):
        await next_one.take_turn(LOCAL, first, "Something else entirely.")
    await next_one.turns.settle(LOCAL, first)
    kept = (await next_one.session(LOCAL, first)).turns
    assert [turn.text for turn in kept][1] == SAID
    assert isinstance(
        (await told(await next_one.take_turn(LOCAL, second, SAID)))[-1], TurnCompleted
    )
    await next_one.end(LOCAL, first)


async def test_a_stop_marks_what_it_cannot_finish(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one takes it up at once, without waiting for a lease."""
    monkeypatch.setattr("coach.service.LAST_TURNS", 0.1)
    stopped, next_one = opening(Thinking()), opening()
    session = await begun(stopped)
    run = await thinking_at(stopped, session)
    await stopped.close()
    end = (await told(run.events()))[-1]
    assert isinstance(end, TurnFailed)
    assert "taken up again" in end.error.message
    with suppress(Conflict):
        assert isinstance(
            (await told(await next_one.turns.follow(LOCAL, session, 1)))[-1], TurnCompleted
        )
    assert (await next_one.session(LOCAL, session)).turn_count == 3


def _kinds(events: list[TurnEvent]) -> list[type]:
    """Without the words, which may come in more or fewer pieces."""
    return [type(event) for event in events if not isinstance(event, ReplyDelta)]


def _reply(events: list[TurnEvent]) -> str:
    return next(e.turn.text for e in events if isinstance(e, ReplyCompleted))
