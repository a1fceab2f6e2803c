"""A server that speaks OpenAI's protocol on loopback, as well or as badly as it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Answers one request; ``body`` is the parsed JSON of a request for chat or embeddings.
Behaviour = Callable[["Handler", dict[str, Any]], None]

MODEL = "loopback-1"


def answer(text: str, *, delay: float = 0.0, finish: str | None = "stop") -> Behaviour:
    """``text`` word by word to a request that streams, whole to one that doesn't."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.words(text, delay)
            if finish:
                to.event(_chunk({}, finish))
            to.event({**_chunk({}, None), "choices": [], "usage": USAGE})
            to.done()
        else:
            to.whole(text, finish)

    return behave


def status(
    code: int, *, error: str = "no", kind: str | None = None, retry_after: str | None = None
) -> Behaviour:
    def behave(to: Handler, body: dict[str, Any]) -> None:
        headers = {"Retry-After": retry_after} if retry_after else {}
        reply = {"error": {"message": error, "type": "error", "code": kind}}
        to.raw(code, json.dumps(reply), headers=headers)

    return behave


def redirect(url: str) -> Behaviour:
    return lambda to, body: to.raw(307, "", headers={"Location": url})


def hang(seconds: float = 30.0) -> Behaviour:
    """Takes the request and says nothing until the client leaves or the server stops."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.owner.stopping.wait(seconds)
        to.close_connection = True

    return behave


def stall(text: str) -> Behaviour:
    """Says ``text``, then nothing more, and notes when the client hangs up."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.begin_events()
        to.words(text)
        while not to.owner.stopping.wait(0.02):
            to.wfile.write(b"4\r\n:\n\n\n\r\n")  # a comment: alive, and no news
            to.wfile.flush()

    return behave


def cut(text: str = "", *, clean: bool = True) -> Behaviour:
    """Ends after ``text``: an orderly end without finish_reason, or a reset connection."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.begin_events()
        to.words(text)
        if clean:
            to.end()
        else:
            to.reset()

    return behave


def drop() -> Behaviour:
    """Resets the connection before a word of an answer."""
    return lambda to, body: to.reset()


def fail_inside(text: str) -> Behaviour:
    """An error event after ``text``, as llama.cpp sends it."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        to.begin_events()
        to.words(text)
        to.event({"error": {"code": 500, "message": "out of memory", "type": "server_error"}})
        to.done()

    return behave


def empty_choices() -> Behaviour:
    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.event({**_chunk({}, None), "choices": []})
            to.done()
        else:
            to.raw(200, json.dumps({**completion("", "stop"), "choices": []}))

    return behave


def garbage(kind: str = "application/json") -> Behaviour:
    """200 with something that isn't JSON, nor an event."""

    def behave(to: Handler, body: dict[str, Any]) -> None:
        if body.get("stream"):
            to.begin_events()
            to.chunk("data: {not json\n\n")
            to.done()
        else:
            to.raw(200, "<html>hello</html>", kind=kind)

    return behave


@dataclass
class Loopback:
    """``url`` is the base for clients. Behaviours are used up in order; the last one stays.

    A model that has behaviours of its own keeps to those.
    """

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)  # of requests for chat or embeddings
    headers: list[dict[str, str]] = field(default_factory=list)  # names in lower case
    models: Sequence[str] = (MODEL,)
    stopping: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)  # a client hung up on us
    _script: list[Behaviour] = field(default_factory=lambda: [answer("Hello there, you.")])
    _own: dict[str, list[Behaviour]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _connections: set[socket.socket] = field(default_factory=set)
    _server: _Server | None = None

    def behave(self, *behaviours: Behaviour, model: str | None = None) -> None:
        if model:
            self._own[model] = list(behaviours)
        else:
            self._script = list(behaviours)

    def start(self) -> None:
        """On the same port as before, if it was killed; does nothing while it runs."""
        if self._server is not None:
            return
        port = int(self.url.rsplit(":", 1)[1].split("/")[0]) if self.url else 0
        bound = _Server(("127.0.0.1", port), type("Bound", (Handler,), {"owner": self}))
        self.url = f"http://127.0.0.1:{bound.server_port}/v1"
        self._server = bound
        threading.Thread(target=bound.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def kill(self) -> None:
        """New connections are refused from now on, and open ones break."""
        bound, self._server = self._server, None
        if bound is not None:
            bound.shutdown()
            bound.server_close()
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.shutdown(socket.SHUT_RDWR)

    def opened(self, connection: socket.socket) -> None:
        self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        self._connections.discard(connection)

    @property
    def calls(self) -> int:
        return len(self.bodies)

    def next_for(self, body: dict[str, Any], headers: dict[str, str]) -> Behaviour:
        with self._lock:
            self.bodies.append(body)
            self.headers.append(headers)
            script = self._own.get(body.get("model", ""), self._script)
            return script.pop(0) if len(script) > 1 else script[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else small events wait 40 ms for an acknowledgement
    owner: Loopback

    def setup(self) -> None:
        super().setup()
        self.owner.opened(self.connection)

    def finish(self) -> None:
        self.owner.closed(self.connection)
        with suppress(OSError):  # one that was killed has nothing left to flush to
            super().finish()

    def do_GET(self) -> None:
        if self.path.rstrip("/").endswith("/models"):
            listed = [{"id": model, "object": "model"} for model in self.owner.models]
            self.raw(200, json.dumps({"object": "list", "data": listed}))
        else:
            self.raw(404, "{}")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if not self.path.endswith(("/chat/completions", "/embeddings")):
            self.raw(404, "{}")
            return
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.owner.next_for(body, headers)(self, body)
        except ConnectionError:
            self.owner.left.set()
            self.close_connection = True

    def raw(
        self,
        code: int,
        text: str,
        *,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        content = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def whole(self, text: str, finish: str | None) -> None:
        self.raw(200, json.dumps(completion(text, finish)))

    def begin_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.event(_chunk({"role": "assistant", "content": ""}, None))

    def words(self, text: str, delay: float = 0.0) -> None:
        for word in text.split(" ") if text else ():
            self.event(_chunk({"content": f"{word} "}, None))
            if delay:
                time.sleep(delay)

    def event(self, payload: dict[str, Any]) -> None:
        self.chunk(f"data: {json.dumps(payload)}\n\n")

    def done(self) -> None:
        self.chunk("data: [DONE]\n\n")
        self.end()

    def chunk(self, text: str) -> None:
        content = text.encode()
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def reset(self) -> None:
        """Lingering for 0 s makes the close a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Silent."""


USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


def _chunk(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
    }


def completion(text: str, finish: str | None) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": USAGE,
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news."""


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A running server, stopped at the end."""
    owner = Loopback()
    owner.start()
    try:
        yield owner
    finally:
        owner.stopping.set()
        owner.kill()
