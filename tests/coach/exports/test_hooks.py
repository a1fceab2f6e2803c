"""Webhooks, over real HTTP: signed, told at least once, tried again, and never in anyone's way."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.authoring.shelf import Shelf
from coach.errors import BadInput, NotFound, Refused
from coach.exports.delivering import LONGEST_WAIT, wait_of
from coach.exports.hooks import WAITS, Hooks
from coach.exports.webhook import Deliveries, new_secret
from coach.jobs import Background
from coach.scenario_book import ScenarioBook
from coach.session import Caller, Status
from coach.store import SqlStore, open_store
from tests.coach.store.samples import ANNA, exchange_at, new_session
from tests.receiver import SECRET, Receiver, receiving

BOSS = replace(ANNA, roles=frozenset({"admin"}))
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


Works = Callable[..., None]


class RunningClock:
    """The time of this machine, and further by ``ahead``."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'coach.db'}")
    yield store
    store.close()


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def hooks(store: SqlStore, clock: RunningClock, book: ScenarioBook) -> Hooks:
    shelf = Shelf(book, store, clock)
    return Hooks(store.hooks, Background(store.jobs, clock), store, shelf, clock)


@pytest.fixture
def works(store: SqlStore, clock: RunningClock, book: ScenarioBook) -> Works:
    """Delivers what waits, in a process that begins and ends, until something is so."""

    def run(until: Callable[[], bool], seconds: float = 10) -> None:
        async def deliver() -> None:
            shelf = Shelf(book, store, clock)
            background = Background(store.jobs, clock)
            Hooks(store.hooks, background, store, shelf, clock).start()
            background.start()
            end = time.monotonic() + seconds
            while not until() and time.monotonic() < end:  # noqa: ASYNC110  # any kind of sign
                await asyncio.sleep(0.01)
            await background.close()

        asyncio.run(deliver())
        assert until()

    return run


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.jobs.worker.TELL_EVERY", 0.01)
    monkeypatch.setattr("coach.jobs.worker.LOOK_EVERY", 0.02)


def added(hooks: Hooks, url: str) -> str:
    return asyncio.run(hooks.add(BOSS, url, SECRET)).id


def ended(store: SqlStore) -> str:
    """A session that was just won by its last turn."""
    session = new_session()
    store.create(session)
    store.append(ANNA, session.id, exchange_at(1, Status.WON))
    return session.id


def told(store: SqlStore) -> Deliveries:
    return next(iter(store.hooks.deliveries(ANNA.tenant).values()), Deliveries())


def test_the_end_is_told(store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver) -> None:
    """Once, signed as Standard Webhooks says, to the team's own webhooks and nobody else's."""
    added(hooks, receiver.url)
    stranger = Caller("zoe", "south", frozenset({"admin"}))
    asyncio.run(hooks.add(stranger, receiver.url + "/south", SECRET))
    session = ended(store)
    works(lambda: told(store).done == 1)
    [seen] = receiver.received
    assert (receiver.forged, seen.path, seen.body["type"]) == (0, "/hook", "session.ended")
    data = seen.body["data"]
    assert (data["session"], data["user"], data["status"]) == (session, "anna", "won")
    assert (data["replies"], data["scenario"]) == (1, "trust-unknown")
    assert data["ended_at"].endswith("Z")


def test_ending_by_hand_is_told_once(store: SqlStore, hooks: Hooks, receiver: Receiver) -> None:
    """A debrief that is read again, or later, is no second end."""
    added(hooks, receiver.url)
    session = new_session()
    store.create(session)
    store.append(ANNA, session.id, exchange_at(1))
    store.finish(ANNA, session.id, Status.ENDED, {})
    store.finish(ANNA, session.id, Status.ENDED, {})
    assert told(store).waiting == 1
    store.finish(ANNA, ended(store), Status.WON, {})
    assert told(store).waiting == 2


def test_a_failure_is_tried_again(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver, clock: RunningClock
) -> None:
    """Later each time, under the same id, and as late as Retry-After asks; then it arrives."""
    added(hooks, receiver.url)
    ended(store)
    receiver.replies = [(500, {}), (429, {"Retry-After": "7200"}), (204, {})]
    works(lambda: told(store).last_problem == "HTTP 500")
    clock.ahead = WAITS[0] + timedelta(seconds=1)
    works(lambda: told(store).last_problem == "HTTP 429")
    clock.ahead += WAITS[1] + timedelta(seconds=1)
    with pytest.raises(AssertionError):  # it was asked to wait for two hours
        works(lambda: len(receiver.received) > 2, 0.2)
    clock.ahead += timedelta(hours=2)
    works(lambda: told(store).done == 1)
    assert len({seen.message for seen in receiver.received}) == 1
    assert len({str(seen.body) for seen in receiver.received}) == 1


def test_it_is_given_up_in_the_end(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver, clock: RunningClock
) -> None:
    """After the last try, or at once where the receiver is gone for good; and that can be seen."""
    added(hooks, receiver.url)
    ended(store)
    receiver.replies = [(503, {})] * 20
    for tries in range(1, len(WAITS) + 2):
        works(lambda tries=tries: len(receiver.received) == tries)  # type: ignore[misc]
        clock.ahead += timedelta(hours=11)
    assert told(store) == Deliveries(0, 0, 1, f"given up after {len(WAITS) + 1} tries: HTTP 503")
    receiver.replies = [(410, {})]
    ended(store)
    works(lambda: told(store).failed == 2)


def test_no_redirect_is_followed(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver
) -> None:
    """What was agreed is told to that address only."""
    added(hooks, receiver.url)
    receiver.replies = [(307, {"Location": receiver.url + "/elsewhere"})]
    ended(store)
    works(lambda: "redirect" in told(store).last_problem)
    assert [seen.path for seen in receiver.received] == ["/hook"]


@pytest.mark.parametrize("drip", [False, True])
def test_a_receiver_that_hangs(
    store: SqlStore,
    hooks: Hooks,
    works: Works,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    drip: bool,
) -> None:
    """It holds up nobody's turn, and is left at the deadline, even while it drips."""
    monkeypatch.setattr("coach.exports.delivering.DEADLINE", 0.6)
    receiver.hang, receiver.drip = 5, drip
    added(hooks, receiver.url)
    ended(store)

    def turn_goes_on() -> bool:
        if receiver.received:
            session = new_session()
            store.create(session)
            store.append(ANNA, session.id, exchange_at(1))
        return "no answer" in told(store).last_problem

    works(turn_goes_on, 4)


def test_nobody_listens(store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver) -> None:
    """A closed port is a problem to be told, and tried again."""
    with receiving() as other:
        gone = other.url
    added(hooks, gone)
    ended(store)
    works(lambda: "can't be reached" in told(store).last_problem)
    reply = asyncio.run(hooks.test(BOSS, added(hooks, receiver.url)))
    assert (reply.delivered, receiver.received[0].body["type"]) == (True, "coach.test")


def test_what_is_gone_is_not_told(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver
) -> None:
    """A session that was deleted, or a webhook that was removed, before its turn came."""
    hook = added(hooks, receiver.url)
    store.delete(ANNA, ended(store))
    works(lambda: told(store).done == 1)
    ended(store)
    asyncio.run(hooks.remove(BOSS, hook))
    works(lambda: told(store).done == 2)
    assert receiver.received == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/x",
        "file:///etc/passwd",
        "example.com/hook",
        "http://",
        "https://user:word@example.com/",
        "http://example.com:99999/",
        "http://example.com/a b",
        "http://[::1",
    ],
)
def test_addresses_that_are_refused(hooks: Hooks, url: str) -> None:
    """Only plain http and https, with what to write instead."""
    with pytest.raises(BadInput, match="url: "):
        added(hooks, url)


@pytest.mark.anyio
async def test_who_may(hooks: Hooks, receiver: Receiver) -> None:
    """Admins, of their own tenant; and a secret is one that can be signed with."""
    with pytest.raises(Refused, match="admins"):
        await hooks.add(ANNA, receiver.url)
    for secret in ("secret", "whsec_c2hvcnQ=", "whsec_***"):
        with pytest.raises(BadInput, match="whsec_"):
            await hooks.add(BOSS, receiver.url, secret)
    made = await hooks.add(BOSS, receiver.url, new_secret())
    with pytest.raises(NotFound):
        await hooks.remove(replace(BOSS, tenant="south"), made.id)
    assert [hook.url for hook, _ in await hooks.all(BOSS)] == [receiver.url]


def test_what_retry_after_asks_for() -> None:
    """Seconds or a date, a day at most; anything else asks for nothing."""
    assert wait_of("90", NOW) == timedelta(seconds=90)
    assert wait_of("Mon, 02 Mar 2026 09:31:00 GMT", NOW) == timedelta(minutes=1)
    assert wait_of("999999999", NOW) == LONGEST_WAIT
    assert wait_of("Mon, 02 Mar 2020 09:31:00 GMT", NOW) == timedelta()
    assert wait_of("soon", NOW) == wait_of(None, NOW) == wait_of("²", NOW) == timedelta()


ENDING = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from coach.session import Status
from coach.store import open_store
from tests.coach.store.samples import ANNA, exchange_at, new_session
store, session = open_store(sys.argv[1]), new_session()
store.create(session)
store.append(ANNA, session.id, exchange_at(1, Status.WON))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_as_soon_as_it_ended(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver
) -> None:
    """The process that ended the session dies at once; the next one tells of it."""
    added(hooks, receiver.url)
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", ENDING, str(store.url), root]
    died = subprocess.run(command, check=False, env=os.environ, timeout=60)
    assert died.returncode == -signal.SIGKILL
    works(lambda: told(store).done == 1)
    assert len(receiver.received) == 1


def test_killed_while_it_was_told(
    store: SqlStore, hooks: Hooks, works: Works, receiver: Receiver, clock: RunningClock
) -> None:
    """A worker that never came back had taken the job: when its lease ends it is told again."""
    added(hooks, receiver.url)
    ended(store)
    taken = store.jobs.claim(["webhook"], "killed", clock(), timedelta(seconds=30))
    assert taken is not None
    clock.ahead = timedelta(seconds=31)
    works(lambda: told(store).done == 1)
    assert [seen.message for seen in receiver.received] == [taken.id]
