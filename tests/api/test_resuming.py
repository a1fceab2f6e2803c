"""A stream that broke goes on where it broke, and a request sent twice is one turn."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api import sse
from api.client import open_client
from api.event_ids import unseen
from api.server import private_server
from coach.assessment import Assessment
from coach.events import (
    AssessmentReady,
    ReplyCompleted,
    ReplyDelta,
    ReplyReset,
    TurnCompleted,
    TurnCreated,
    TurnEvent,
)
from coach.session import Exchange, Speaker, Status, Turn
from coach.settings import Settings
from tests.fakes_service import FakeService

AT = datetime(2026, 3, 2, tzinfo=UTC)
STREAM = {"Accept": "text/event-stream"}


def turn_of(pieces: list[str], withdrawn: list[str] | None = None) -> list[TurnEvent]:
    seller = Turn(1, Speaker.SELLER, "Hello", AT)
    buyer = Turn(2, Speaker.BUYER, "".join(pieces), AT)
    before = [*map(ReplyDelta, withdrawn), ReplyReset("it failed")] if withdrawn else []
    return [
        TurnCreated(seller),
        *before,
        *map(ReplyDelta, pieces),
        ReplyCompleted(buyer),
        AssessmentReady(Assessment.unscored("x")),
        TurnCompleted(Exchange(seller, buyer, Status.ACTIVE)),
    ]


def heard(events: list[TurnEvent], mark: str | None = None) -> list[tuple[str, TurnEvent]]:
    async def each() -> AsyncIterator[TurnEvent]:
        for event in events:
            yield event

    async def all_of() -> list[tuple[str, TurnEvent]]:
        return [one async for one in unseen(each(), mark)]

    return asyncio.run(all_of())


def shown(events: list[TurnEvent]) -> str:
    """What a page that follows the events has on it before the reply is completed."""
    words = ""
    for event in events:
        if isinstance(event, ReplyDelta):
            words += event.text
        elif isinstance(event, ReplyReset):
            words = ""
    return words


WORDS = st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=4)


@given(WORDS, st.none() | WORDS, st.integers(0, 12), st.booleans())
def test_wherever_it_broke_the_listener_has_it_all(
    pieces: list[str], withdrawn: list[str] | None, after: int, stored: bool
) -> None:
    """From the same run or from the store, where the words are one piece: nothing is missing,
    nothing told twice."""
    whole = turn_of(pieces, withdrawn)
    first = heard(whole)[: after + 1]
    again = turn_of(["".join(pieces)]) if stored else whole
    rest = heard(again, first[-1][0])
    both = [event for _, event in first + rest]
    assert shown(both) == "".join(pieces)
    for kind in (TurnCreated, ReplyCompleted, AssessmentReady, TurnCompleted):
        assert sum(isinstance(event, kind) for event in both) == 1
    if not stored and not withdrawn:
        assert both == whole
        assert len({mark for mark, _ in first + rest}) == len(whole)


@given(st.text(max_size=30))
def test_an_id_that_is_not_ours_means_from_the_start(mark: str) -> None:
    """Never an error."""
    whole = turn_of(["Who ", "else?"])
    assert [event for _, event in heard(whole, mark)] == whole


def ids(text: str) -> list[str]:
    return [line[4:] for line in text.splitlines() if line.startswith("id:")]


@pytest.fixture(scope="module")
def session(coach: TestClient) -> str:
    told = coach.post("/v1/sessions", json={"scenario": "trust-true-rumour", "seed": 7}).json()
    return str(told["id"])


def test_a_turn_over_http_is_resumed_replayed_and_sent_once(
    coach: TestClient, session: str
) -> None:
    """The same key gives the same events; another body under it is refused; after the last event
    there is nothing (204), and as plain JSON the whole answer comes."""
    url, body = f"/v1/sessions/{session}/turns", {"text": "What did nine hours mean for you?"}
    key = {"Idempotency-Key": "turn-1"}
    first = coach.post(url, json=body, headers=STREAM | key)
    marks = [one.strip() for one in ids(first.text)]
    assert marks[0].startswith("1.0.turn")
    middle = next(mark for mark in marks if ".words." in mark)
    rest = coach.get(f"{url}/1/events", headers=STREAM | {"Last-Event-ID": middle})
    assert "reply.completed" in rest.text
    assert "turn.created" not in rest.text
    assert "reply.reset" not in rest.text
    over = coach.get(f"{url}/1/events", headers=STREAM | {"Last-Event-ID": marks[-1]})
    assert over.status_code == 204
    again = coach.post(url, json=body, headers=STREAM | key)
    assert again.text.count("turn.completed") == 1
    plain = coach.post(url, json=body, headers=key).json()
    assert plain == coach.get(f"{url}/1/events").json()
    assert coach.post(url, json={"text": "Else"}, headers=key).status_code == 422
    told = coach.get(f"/v1/sessions/{session}").json()
    assert told["turn_count"] == 3
    assert "running" not in told
    assert coach.delete(f"{url}/1").status_code == 409
    assert coach.delete(f"{url}/3").status_code == 404
    assert coach.get(f"{url}/2/events").status_code == 404


def test_a_reader_that_never_reads_holds_up_nobody(
    settings: Settings, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """15 MB for who reads; for who doesn't, no more events are written out than its socket
    takes."""
    service.reply = " ".join(["x" * 10_000] * 1_500)
    written: Counter[str] = Counter()
    plain = sse._named

    def counted(event: TurnEvent, session: str, instance: str) -> tuple[str, str]:
        written[instance] += 1
        return plain(event, session, instance)

    monkeypatch.setattr(sse, "_named", counted)
    with private_server(settings) as url, open_client(settings) as client:
        session = client.post("/v1/sessions", {"scenario": "trust-unknown"})["id"]
        place = f"/v1/sessions/{session}/turns"
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as idle:
            body = b'{"text": "Hello"}'
            idle.sendall(
                f"POST {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                f"Idempotency-Key: a\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            until = time.monotonic() + 30
            while client.get(f"/v1/sessions/{session}")["turn_count"] < 3:
                assert time.monotonic() < until
            told = client.get(f"{place}/1/events")  # another listener of the same turn
            assert len(told["buyer"]["text"]) == len(service.reply)
            assert 0 < written[place] < 900
