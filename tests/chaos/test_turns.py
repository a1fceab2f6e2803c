"""Every way in which a model server can fail, for each job, over the real HTTP API.

``python -m pytest -m slow -s tests/chaos`` prints the table. A turn is *completed* when the answer
is whole and stored; *duplicated* or *lost* when the store holds another number of turns than were
sent; *half-stored* when a stored turn lacks its reply or its assessment; *spliced* when the reply
is neither the model's whole text nor the embedded engine's.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.client import events
from api.wiring import Built, assemble, lend
from coach.llm import Breaker
from coach.model_settings import Choice, ModelSettings
from coach.models import Job
from coach.settings import Settings
from tests.loopback import (
    Behaviour,
    Loopback,
    answer,
    cut,
    drop,
    empty_choices,
    fail_inside,
    garbage,
    hang,
    loopback,
    stall,
    status,
)
from tests.misbehaving import cut_with_done, die, misshapen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TIMEOUT = 1.0  # seconds that one answer may take
SAID = "Yes, that is true. It was our failure. What would nine hours without calls mean for you?"
WORDED = "Thank you for saying it so plainly. What is different today?"
HALF = "Thank you for saying"
SUGGESTED = (
    '{"suggestions": [{"style": "acknowledge_and_ask", "sentences": [{"text": "I understand why '
    'you ask.", "evidence_id": "none"}], "question": "What would help?", "next_step": "A call?"}]}'
)
GOOD = {Job.VOICE: WORDED, Job.SUGGEST: SUGGESTED, Job.JUDGE: '{"checks": []}'}

FAULTS: dict[str, Behaviour] = {
    "401": status(401),
    "403": status(403),
    "404": status(404),
    "429": status(429),
    "429, Retry-After 0": status(429, retry_after="0"),
    "429, Retry-After 60": status(429, retry_after="60"),
    "500": status(500),
    "503": status(503),
    "hang": hang(5),
    "slow drip": answer("word " * 200, delay=0.05),
    "a stop in the middle": stall(HALF),
    "cut, no [DONE]": cut(HALF),
    "cut, [DONE]": cut_with_done(HALF),
    "reset before a word": drop(),
    "reset in the middle": cut(HALF, clean=False),
    "error event": fail_inside(HALF),
    "empty choices": empty_choices(),
    "no words": answer(""),
    "invalid JSON": garbage(),
    "a web page": garbage("text/html"),
    "wrong schema": misshapen(),
    "20,000 tokens": answer("word " * 20_000),
    "content filter": answer(HALF, finish="content_filter"),
    "killed between turns": die(),
    "killed in mid-stream": die(HALF),
}


@dataclass
class Tally:
    """What became of the turns of one fault."""

    counts: Counter[str] = field(default_factory=Counter)
    by_model: int = 0
    noted: int = 0

    def add(self, **found: bool | int) -> None:
        self.counts.update({name: int(value) for name, value in found.items()})


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture(scope="module")
def built(server: Loopback, copy_of_sample: Callable[[], Path]) -> Built:
    """Each job asks a model of its own, all at the one server."""
    choices = {job: Choice(job.value, server.url, None) for job in Job}
    return assemble(Settings(home=copy_of_sample(), models=ModelSettings(choices, TIMEOUT)))


@pytest.fixture(scope="module")
def client(built: Built) -> Iterator[httpx.Client]:
    """A client of the coach as it is served."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        config = uvicorn.Config(create_app(lambda: lend(built)), log_config=None)
        serving = uvicorn.Server(config)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [bound]})
        thread.start()
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
                yield client
        finally:
            serving.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def embedded(copy_of_sample: Callable[[], Path]) -> str:
    """What the embedded engine says in this turn."""
    other = assemble(Settings(home=copy_of_sample()))

    async def said() -> str:
        from coach.session import LOCAL  # noqa: PLC0415

        session = await other.service.start(LOCAL, "trust-true-rumour", seed=3)
        async for _ in await other.service.take_turn(LOCAL, session.id, SAID):
            pass
        text = (await other.service.session(LOCAL, session.id)).turns[2].text
        await other.close()
        return text

    return asyncio.run(said())


@pytest.fixture(scope="module")
def table() -> Iterator[dict[str, Tally]]:
    """Printed when all is done."""
    tallies: dict[str, Tally] = {}
    yield tallies
    columns = ("turns", "completed", "duplicated", "lost", "half-stored", "spliced")
    print("\n" + " | ".join(("fault", *columns, "by the model", "with a note")))
    for name, tally in tallies.items():
        cells = [str(tally.counts[column]) for column in columns]
        print(" | ".join((name, *cells, str(tally.by_model), str(tally.noted))))
    total = sum((t.counts for t in tallies.values()), Counter[str]())
    print(" | ".join(("all", *(str(total[column]) for column in columns))))


def as_json(client: httpx.Client, session: str) -> tuple[str, dict[str, Any]]:
    """What the client was left with, and the buyer's turn as it was told."""
    done = client.post(f"/v1/sessions/{session}/turns", json={"text": SAID})
    assert done.status_code == 200, done.text
    return done.json()["buyer"]["text"], done.json()["buyer"]


def as_events(client: httpx.Client, session: str) -> tuple[str, dict[str, Any]]:
    heard, buyer, ends = "", {}, 0
    asked = {"Accept": "text/event-stream"}
    with client.stream(
        "POST", f"/v1/sessions/{session}/turns", json={"text": SAID}, headers=asked
    ) as stream:
        for name, told in events(stream.iter_lines()):
            heard = "" if name == "reply.reset" else heard
            heard += told["text"] if name == "reply.delta" else ""
            buyer = told["turn"] if name == "reply.completed" else buyer
            ends += name == "turn.completed"
            assert name != "error", told
    assert ends == 1
    return heard.strip(), buyer


@pytest.mark.parametrize("fault", FAULTS)
def test_a_turn_completes_whatever_a_server_does(
    client: httpx.Client,
    built: Built,
    server: Loopback,
    embedded: str,
    table: dict[str, Tally],
    fault: str,
) -> None:
    """Each job in turn meets the fault while the others are well; a hint and suggestions too."""
    tally = table[fault] = Tally()
    for broken in Job:
        for door in (as_json, as_events):
            session = _started(client, built, server, broken, FAULTS[fault])
            heard, buyer = door(client, session)
            stored = client.get(f"/v1/sessions/{session}").json()
            _judge(tally, stored, heard, buyer, embedded)
            assert buyer["text"] in (embedded, WORDED)
        if broken is Job.SUGGEST:
            _advised(client, session)
    counts = tally.counts
    assert counts["completed"] == counts["turns"] == 6
    assert not any(counts[bad] for bad in ("duplicated", "lost", "half-stored", "spliced"))
    assert tally.noted >= 4, "a failing voice and a failing judge are told, at both doors"


def _started(
    client: httpx.Client, built: Built, server: Loopback, broken: Job, fault: Behaviour
) -> str:
    """A session with one model that fails from now on, and with no grudge of earlier turns."""
    server.start()
    for model in built.models:
        model.breaker = Breaker()
    for job in Job:
        server.behave(fault if job is broken else answer(GOOD[job]), model=job.value)
    started = client.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 3})
    assert started.status_code == 201, started.text
    return str(started.json()["id"])


def _judge(
    tally: Tally, stored: dict[str, Any], heard: str, buyer: dict[str, Any], embedded: str
) -> None:
    turns = stored["turns"]
    sent = [turn for turn in turns if turn["speaker"] == "seller" and turn["text"] == SAID]
    whole = len(turns) == 3 and turns[1]["assessment"]["scored"] and turns[2]["text"]
    tally.add(
        turns=1,
        completed=bool(whole and heard == buyer["text"] == turns[2]["text"]),
        duplicated=max(0, len(sent) - 1),
        lost=not sent,
        **{"half-stored": not whole},
        spliced=buyer["text"] not in (embedded, WORDED) or heard != buyer["text"],
    )
    tally.by_model += buyer["text"] == WORDED
    tally.noted += bool(buyer.get("note") or turns[2].get("note"))


def _advised(client: httpx.Client, session: str) -> None:
    """A full hint and suggestions at both doors, while their model fails."""
    for level in (1, 2, 3):  # who does well must climb
        hint = client.post(f"/v1/sessions/{session}/hint", json={"level": level})
    assert hint.json()["suggestions"], hint.text
    asked = {"objection": "We've worked with Meridant for ten years."}
    advice = client.post("/v1/suggestions", json=asked)
    assert advice.json()["suggestions"], advice.text
    streamed = client.post("/v1/suggestions", json=asked, headers={"Accept": "text/event-stream"})
    assert "suggestions" in streamed.text
    assert "event: error" not in streamed.text
