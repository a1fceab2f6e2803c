"""Messages once however often the work is begun, and replies that grow as Slack allows it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.slack import blocks, posting
from api.slack.asked import client_for
from api.slack.posting import Place, Posting, Speaking
from api.slack.working import LEASE, Work
from coach.messenger.arrival import Arrival
from coach.messenger.desk import Messenger, MessengerStores
from tests.slack_server import TEAM, TOKEN, SlackServer, slack_server
from tests.sqlite import fresh_store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PLACE, VOICE = Place("D1", "1.1"), {"username": "Ingrid", "icon_emoji": ":hospital:"}
WORDS = "Who else uses you? "


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with slack_server() as server:
        yield server


@pytest.fixture
def began(slack: SlackServer, tmp_path: Path) -> Iterator[Callable[[], Posting]]:
    """The same work, begun by another worker each time; only what was noted is known of it."""
    store = fresh_store(tmp_path)
    stores = MessengerStores(store.inbox, store.messengers, tmp_path / "key")
    messenger = Messenger(stores, lambda: NOW)
    store.inbox.put(Arrival("Ev1", "lane", {}, NOW))
    when = [NOW]

    def begin() -> Posting:
        arrival = store.inbox.claim(str(when[0]), when[0], LEASE)
        assert arrival
        messenger.clock = lambda now=when[0]: now
        work = Work(arrival, str(when[0]), messenger, dict(arrival.progress))
        when[0] += LEASE * 2
        return Posting(client_for(f"{slack.url}/", TOKEN), work, "U1")

    yield begin
    store.close()


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story()

    asyncio.run(whole())


def test_posted_once(slack: SlackServer, began: Callable[[], Posting]) -> None:
    """Killed before it was noted, the message is found again; one too long goes on below."""

    async def story() -> None:
        first = began()
        shown = blocks.section(("word " * 600 + "\n\n") * 60)
        assert len(shown) > 50
        ts = await first.once("reply", PLACE, "Hello", shown)
        assert len(slack.messages) == 2
        again = began()
        again.work.progress.clear()  # killed between posting and noting
        assert await again.once("reply", PLACE, "Hello", shown) == ts
        assert len(slack.messages) == 2
        assert slack.faults == []

    run(story)


@pytest.mark.parametrize("streams", [True, False])
def test_a_reply_grows(
    slack: SlackServer,
    began: Callable[[], Posting],
    monkeypatch: pytest.MonkeyPatch,
    streams: bool,
) -> None:
    """Streamed, or where that isn't allowed edited; in the end it is one message, whole."""
    slack.streams = streams
    monkeypatch.setattr(posting, "EVERY", 0.0)
    monkeypatch.setattr(posting, "NO_STREAM", 0.0)

    async def story() -> None:
        speaking = Speaking(began(), PLACE, TEAM, VOICE)
        for _ in range(3):
            await speaking.add(WORDS)
        await speaking.finish(WORDS * 3, blocks.section(WORDS * 3))

    run(story)
    assert len(slack.messages) == 1
    (said,) = slack.messages.values()
    assert (said["text"], said["username"]) == ((WORDS * 3).strip(), "Ingrid")
    assert len(slack.called("chat.appendStream")) == (2 if streams else 0)


def test_a_stream_that_dies_is_finished(
    slack: SlackServer, began: Callable[[], Posting], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack ends streams after some minutes; what was said since isn't lost. Nor by a kill."""
    monkeypatch.setattr(posting, "EVERY", 0.0)
    monkeypatch.setattr(posting, "NO_STREAM", 0.0)

    async def story() -> None:
        speaking = Speaking(began(), PLACE, TEAM, VOICE)
        await speaking.add(WORDS)
        slack._streaming.clear()
        await speaking.add(WORDS)
        await speaking.add(WORDS)
        after = Speaking(began(), PLACE, TEAM, VOICE)  # the first was killed here
        await after.finish("The whole reply.", blocks.section("The whole reply."))

    run(story)
    (said,) = slack.messages.values()
    assert said["text"] == "The whole reply."


def test_what_is_withdrawn_is_gone(
    slack: SlackServer, began: Callable[[], Posting], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply that failed its vetting is said anew; nothing of the first one stays."""
    monkeypatch.setattr(posting, "EVERY", 0.0)
    monkeypatch.setattr(posting, "NO_STREAM", 0.0)

    async def story() -> None:
        speaking = Speaking(began(), PLACE, TEAM, VOICE)
        await speaking.add("A secret. ")
        await speaking.reset()
        await speaking.add("Who are you?")
        await speaking.finish("Who are you?", blocks.section("Who are you?"))

    run(story)
    (said,) = slack.messages.values()
    assert "secret" not in str(said["text"])
    assert said["text"] == "Who are you?"


def test_slack_is_waited_for(slack: SlackServer, began: Callable[[], Posting]) -> None:
    """As long as its Retry-After says."""
    slack.fail["chat.postMessage"] = ["ratelimited"]

    async def story() -> None:
        await began().once("reply", PLACE, "Hello", blocks.section("Hello"))

    run(story)
    assert len(slack.messages) == 1
    assert len(slack.called("chat.postMessage")) == 2
