"""Who is no longer asked about isn't paid for: the model server sees the request closed.

Over real HTTP on both sides: a coach as it is served, and a model server that would go on for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.client import events
from api.server import private_server
from coach.model_settings import one_model
from coach.settings import Settings
from tests.loopback import Behaviour, Handler, Loopback, answer, loopback, stall
from tests.misbehaving import silent

SAID = "Yes, that is true. It was our failure. What would nine hours without calls mean for you?"
STREAM = {"Accept": "text/event-stream"}
BEGUN = "Thank you for saying it so plainly. What is different"
WHOLE = "Thank you for saying it so plainly. What is different today?"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PATIENCE = 30.0  # seconds; on a machine with nothing else to do each takes under three


def judging(words: Behaviour) -> Behaviour:
    """``words`` for the buyer, and a judge that has nothing to say."""
    judge = answer('{"checks": []}')
    return lambda to, body: (words if body.get("stream") else judge)(to, body)


def held(go_on: threading.Event) -> Behaviour:
    """Waits for ``go_on``, and then says the whole reply."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        go_on.wait(PATIENCE)
        answer(WHOLE)(to, body)

    return judging(behave)


@pytest.fixture(scope="module")
def model() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture(scope="module")
def coach(model: Loopback, copy_of_sample: Callable[[], Path]) -> Iterator[httpx.Client]:
    """A client of a served coach; an answer of the model may take a minute."""
    settings = Settings(home=copy_of_sample(), models=one_model(model.url, timeout=60.0))
    with (
        private_server(settings) as url,
        httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def turns(coach: httpx.Client, model: Loopback) -> str:
    """The address of the turns of a new session, whose model begins to answer and never ends."""
    model.left.clear()
    model.behave(judging(stall(BEGUN)))
    told = coach.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 3}).json()
    return f"/v1/sessions/{told['id']}/turns"


def until_heard(coach: httpx.Client, turns: str) -> None:
    """Listens until the first words are there, and leaves."""
    with coach.stream("POST", turns, json={"text": SAID}, headers=STREAM) as heard:
        assert any(name == "reply.delta" for name, _ in events(heard.iter_lines()))


def until_over(coach: httpx.Client, turns: str) -> int:
    """How many turns are stored once none runs any more."""
    until = time.monotonic() + PATIENCE
    while "running" in (told := coach.get(turns.removesuffix("/turns")).json()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return int(told["turn_count"])


def test_a_cancelled_turn_hangs_up(coach: httpx.Client, model: Loopback, turns: str) -> None:
    """The model stops at once, and nothing of the turn is stored."""
    until_heard(coach, turns)
    assert coach.delete(f"{turns}/1").status_code == 204
    assert model.left.wait(PATIENCE)
    assert until_over(coach, turns) == 1


def test_a_deleted_session_hangs_up(coach: httpx.Client, model: Loopback, turns: str) -> None:
    """Its words are gone, and nobody goes on making new ones from them."""
    until_heard(coach, turns)
    assert coach.delete(turns.removesuffix("/turns")).status_code == 204
    assert model.left.wait(PATIENCE)


def test_a_turn_without_its_listener_goes_on(
    coach: httpx.Client, model: Loopback, turns: str
) -> None:
    """What was accepted is answered: the model isn't hung up on, and the turn is there to read."""
    go_on = threading.Event()
    model.behave(held(go_on))
    with coach.stream("POST", turns, json={"text": SAID}, headers=STREAM) as heard:
        assert any(name == "turn.created" for name, _ in events(heard.iter_lines()))
    go_on.set()
    assert until_over(coach, turns) == 3
    assert coach.get(turns.removesuffix("/turns")).json()["turns"][2]["text"] == WHOLE
    assert not model.left.is_set()


def test_ending_waits_for_the_reply_that_was_accepted(
    coach: httpx.Client, model: Loopback, turns: str
) -> None:
    """The debrief holds the turn that was under way."""
    go_on = threading.Event()
    model.behave(held(go_on))
    with coach.stream("POST", turns, json={"text": SAID}, headers=STREAM) as heard:
        assert any(name == "turn.created" for name, _ in events(heard.iter_lines()))
    threading.Timer(0.3, go_on.set).start()
    debrief = coach.post(turns.removesuffix("/turns") + "/end")
    assert debrief.status_code == 200, debrief.text
    assert until_over(coach, turns) == 3


def test_suggestions_nobody_waits_for_hang_up(coach: httpx.Client, model: Loopback) -> None:
    """Live help asks anew in every pause of the typing: what it left is not written to its end."""
    model.left.clear()
    model.behave(silent())
    asked = {"objection": "We've worked with Meridant for ten years."}
    before = model.calls
    with coach.stream("POST", "/v1/suggestions", json=asked, headers=STREAM) as heard:
        told = iter(events(heard.iter_lines()))  # dropped, it would close the stream
        assert next(told)[0] == "objection"
        until = time.monotonic() + PATIENCE
        while model.calls == before:
            assert time.monotonic() < until
            time.sleep(0.02)
    assert model.left.wait(PATIENCE)


def test_a_coach_that_stops_hangs_up(model: Loopback, copy_of_sample: Callable[[], Path]) -> None:
    """No request outlives the process that asked."""
    model.left.clear()
    model.behave(judging(stall(BEGUN)))
    settings = Settings(home=copy_of_sample(), models=one_model(model.url, timeout=60.0))
    with (
        private_server(settings) as url,
        httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client,
    ):
        told = client.post("/v1/sessions", json={"scenario": "trust-true-rumour"}).json()
        until_heard(client, f"/v1/sessions/{told['id']}/turns")
    assert model.left.wait(PATIENCE)
