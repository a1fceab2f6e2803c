"""A turn over HTTP to its end, however often the connection breaks on the way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from coach.errors import CoachError, Unavailable

TRIES = 8  # to get a turn back: a server that is started again needs some seconds
PAUSE_SECONDS = 1.0
STREAM = {"Accept": "text/event-stream"}
ENDS = ("turn.completed", "error")


class Problem(CoachError):
    """The server answered with a problem; ``status`` and ``body`` are what it sent."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body.get("detail") or body.get("title") or f"HTTP {status}"))
        self.status = status
        self.body = dict(body)


@dataclass(frozen=True)
class Event:
    """One server-sent event; ``content`` is its JSON."""

    name: str
    content: Any
    id: str = ""


def events_of(lines: Iterable[str]) -> Iterator[Event]:
    """Server-sent events; comments are skipped."""
    name, mark, data = "message", "", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Event(name, json.loads("\n".join(data)), mark)
            name, data = "message", []
        elif field == "event":
            name = value
        elif field == "id":
            mark = value
        elif field == "data":
            data.append(value)


def problem_in(response: httpx.Response) -> Problem:
    """What an answer says that is an error."""
    response.read()
    try:
        body = response.json()
    except ValueError:
        body = {}
    return Problem(response.status_code, body if isinstance(body, dict) else {})


class Following:
    """The events of one turn. ``connect`` gives the client to use, again after a break."""

    def __init__(self, connect: Callable[[], httpx.Client], session_id: str) -> None:
        self._connect, self._path = connect, f"/v1/sessions/{session_id}/turns"
        self._index: int | None = None
        self._seen = ""
        self._key = uuid4().hex  # sent again before anything came, it is still one turn

    def take(self, text: str) -> Iterator[Event]:
        """Sends the seller's words. An ``error`` event is raised as a Problem."""
        return self._to_the_end({"text": text})

    def rest(self, index: int, seen: str = "") -> Iterator[Event]:
        """The turn whose seller's words are at ``index``, from after the event ``seen``."""
        self._index, self._seen = index, seen
        return self._to_the_end(None)

    def _to_the_end(self, body: Mapping[str, Any] | None) -> Iterator[Event]:
        for left in range(TRIES, -1, -1):
            try:
                yield from self._stream(body)
                return
            except (httpx.HTTPError, Unavailable, Problem) as error:
                if isinstance(error, Problem) and not _passes(error, again=left < TRIES):
                    raise
                if not left:
                    reason = str(error) or type(error).__name__
                    raise Unavailable(
                        f"the connection to the coach's server broke ({reason}); the turn is "
                        "kept: load the session again to see it"
                    ) from error
                time.sleep(PAUSE_SECONDS)

    def _stream(self, body: Mapping[str, Any] | None) -> Iterator[Event]:
        http = self._connect()
        if self._index is None:
            headers = STREAM | {"Idempotency-Key": self._key}
            asked = http.stream("POST", self._path, json=body, headers=headers)
        else:
            headers = STREAM | ({"Last-Event-ID": self._seen} if self._seen else {})
            asked = http.stream("GET", f"{self._path}/{self._index}/events", headers=headers)
        with asked as response:
            if response.is_error:
                raise problem_in(response)
            if response.status_code == httpx.codes.NO_CONTENT:
                return
            for event in events_of(response.iter_lines()):
                if event.name == "error":
                    raise Problem(event.content.get("status", 500), event.content)
                self._seen = event.id
                if event.name == "turn.created":
                    self._index = event.content["turn"]["index"]
                yield event
                if event.name in ENDS:
                    return
        raise httpx.RemoteProtocolError("the stream ended early")


def _passes(problem: Problem, *, again: bool) -> bool:
    """Whether it is over soon: a server that stops, or one that still holds our first request."""
    stopping = "taken up again" in problem.message
    return stopping or (again and problem.status == httpx.codes.CONFLICT)
