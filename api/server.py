"""Running the HTTP server: for people (``coach serve``), or hidden for one command of the CLI."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING
from uuid import uuid4

import uvicorn

from api.announcement import announce, withdraw
from api.app import create_app
from api.dependencies import is_loopback
from api.terminal import say
from api.wiring import Built, Progress, assemble, lend
from coach.errors import CoachError, Misconfigured, Refused
from coach.settings import Settings
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.indexing.switching import SwitchingIndex

GRACEFUL_SECONDS = 10
WARM_AFTER = 1.0  # seconds: the first page comes first


class TellingServer(uvicorn.Server):
    """Says when it takes requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self.on_ready()


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to a loopback address; Refused for any other, Misconfigured if in use."""
    if not is_loopback(host):
        raise Refused(
            f"no user exists yet, so the coach only listens on this machine: "
            f"use --host 127.0.0.1 instead of {host}"
        )
    address = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere that option would share a port that is in use
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Misconfigured(
            f"can't listen on {host} port {port} ({reason}); choose another with --port"
        ) from error
    return bound


def address_of(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(
    built: Built, instance: str, on_ready: Callable[[], None], log_level: str
) -> TellingServer:
    config = uvicorn.Config(
        create_app(lambda: lend(built), instance),
        log_config=None,
        log_level=log_level,
        access_log=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        server_header=False,
    )
    return TellingServer(config, on_ready)


def serve(
    settings: Settings, host: str, port: int, progress: Progress, ready: Callable[[str], None]
) -> None:
    """Serves until told to stop; ``ready`` gets the address once requests are taken."""
    _log_warnings()
    with listen(host, port) as bound:
        built, instance, url = assemble(settings, progress), uuid4().hex, address_of(bound)
        warming = threading.Timer(WARM_AFTER, _warm, args=(built,))
        warming.daemon = True

        def on_ready() -> None:
            announce(settings.home, url, instance)
            ready(url)
            warming.start()

        # uvicorn shuts down gracefully and then raises the signal again: this ends the process
        # after the `finally` below instead of before it.
        signal.signal(signal.SIGTERM, _leave)
        try:
            _server(built, instance, on_ready, "warning").run(sockets=[bound])
        finally:
            withdraw(settings.home, instance)
            warming.cancel()
            if warming.is_alive():  # it stops soon: the service is closed
                warming.join(GRACEFUL_SECONDS)


def _warm(built: Built) -> None:
    """What the first turn would have to wait for, while the first person still reads the page."""
    try:
        if built.index is not None:
            _change_model(built.index)
        built.warm()
    except (CoachError, KnowledgeError) as error:
        logging.getLogger(__name__).warning("not warmed up: %s", error)


def _change_model(index: SwitchingIndex) -> None:
    """To the embedding model that the settings name, if another one is searched."""
    if filling := index.filling:
        say(f"Changing to the embedding model {filling.model}; /readyz says how far it is.")
        sys.stdout.flush()
        index.switch_in_background()


def _log_warnings() -> None:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # on the handler: bm25s opens its own logger to DEBUG
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@contextmanager
def private_server(settings: Settings, progress: Progress | None = None) -> Iterator[str]:
    """A server for one command, on a free port of this machine, in a thread; its address.

    It announces itself too: a second command on the same home may use it meanwhile.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # errors reach the command as problems
    with listen("127.0.0.1", 0) as bound:
        built, instance, url = assemble(settings, progress), uuid4().hex, address_of(bound)
        warming = threading.Timer(WARM_AFTER, _warm, args=(built,))
        warming.daemon = True
        is_ready = threading.Event()
        server = _server(built, instance, is_ready.set, "error")
        thread = threading.Thread(target=_run_quietly, args=(server, bound), daemon=True)
        thread.start()
        try:
            while not is_ready.wait(0.05):
                if not thread.is_alive():
                    raise Misconfigured("the coach's own server didn't start; run `coach doctor`")
            announce(settings.home, url, instance)
            yield url
        finally:
            withdraw(settings.home, instance)
            server.should_exit = True
            thread.join(GRACEFUL_SECONDS + 5)


def _run_quietly(server: uvicorn.Server, bound: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[bound]))
