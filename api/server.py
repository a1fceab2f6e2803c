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

from api.access.origin import is_loopback
from api.announcement import announce, withdraw
from api.app import create_app
from api.observing.logs import log_open
from api.terminal import say
from api.wiring import Built, Progress, assemble, lend, open_accounts
from coach.errors import CoachError, Misconfigured, Refused
from coach.settings import Settings
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.indexing.switching import SwitchingIndex

GRACEFUL_SECONDS = 5  # for requests; then the service has as long: 10 s in all
KEPT_SECONDS = 75  # an idle connection: longer than clients and proxies keep theirs, else they
# send into one that is being closed
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


def listen(host: str, port: int, anywhere: bool = False) -> socket.socket:
    """A socket bound to a loopback address, or with ``anywhere`` to any other one too.

    Refused for what isn't allowed, Misconfigured for what is in use or isn't this machine's.
    """
    if not anywhere and not is_loopback(host):
        raise Refused(
            f"no user exists yet, so the coach only listens on this machine: "
            f"use --host 127.0.0.1 instead of {host}, or first make an admin: "
            "coach user add NAME --role admin"
        )
    address = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    bound = socket.socket(_family(address), socket.SOCK_STREAM)
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


def _family(address: str) -> socket.AddressFamily:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return socket.AF_INET  # a name: bind looks it up
    return socket.AF_INET6 if version == 6 else socket.AF_INET


def _has_users(settings: Settings) -> bool:
    with open_accounts(settings) as accounts:
        return accounts.in_use()


#: What listens on every address of this machine is reached on it by this one.
EVERY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # compared with, not bound


def address_of(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    host = EVERY.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(
    built: Built,
    settings: Settings,
    instance: str,
    on_ready: Callable[[], None],
    log_level: str,
    collector: str | None = None,
) -> TellingServer:
    sign_on, address = settings.sign_on, settings.public_url
    config = uvicorn.Config(
        create_app(lambda: lend(built), instance, sign_on, address, collector, settings.slack),
        log_config=None,
        log_level=log_level,
        access_log=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_keep_alive=KEPT_SECONDS,
        server_header=False,
    )
    return TellingServer(config, on_ready)


def serve(
    settings: Settings, host: str, port: int, progress: Progress, ready: Callable[[str], None]
) -> None:
    """Serves until told to stop; ``ready`` gets the address once requests are taken."""
    anywhere = not is_loopback(host) and _has_users(settings)
    with log_open(settings), listen(host, port, anywhere) as bound:
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
            server = _server(built, settings, instance, on_ready, "warning", settings.collector)
            server.run(sockets=[bound])
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
        server = _server(built, settings, instance, is_ready.set, "error")
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
