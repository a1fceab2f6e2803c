"""A webhook's receiver on loopback: verifies signatures; fails, hangs or redirects when told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSByZWNlaXZlciwgMzIgYnl0ZXM="


@dataclass(frozen=True)
class Received:
    message: str
    at: float
    body: dict[str, Any]
    path: str


@dataclass
class Receiver:
    """Answers with ``replies`` one after the other, then with 204; ``hang`` is in seconds."""

    url: str = ""
    replies: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    hang: float = 0
    drip: bool = False
    received: list[Received] = field(default_factory=list)
    forged: int = 0

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        content = handler.rfile.read(int(handler.headers["content-length"]))
        try:
            body = Webhook(SECRET).verify(content, dict(handler.headers))
        except WebhookVerificationError:
            self.forged += 1
            body = json.loads(content)
        seen = Received(handler.headers["webhook-id"], time.monotonic(), body, handler.path)
        self.received.append(seen)
        if self.hang:
            self._hang(handler)
        status, headers = self.replies.pop(0) if self.replies else (204, {})
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    def _hang(self, handler: BaseHTTPRequestHandler) -> None:
        """With ``drip``, a header's letter now and then: each read gets something, and no end."""
        until = time.monotonic() + self.hang
        if self.drip:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        while time.monotonic() < until:
            time.sleep(0.05)
            if self.drip:
                handler.wfile.write(b"z")
                handler.wfile.flush()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                receiver.take(self)
            except (BrokenPipeError, ConnectionResetError):
                return  # whoever asked didn't wait for it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # theirs
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
