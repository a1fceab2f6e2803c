"""A real server and a real browser: what a rep gets, on a free port, with a folder of its own."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from api.wiring import build_service
from coach.settings import Settings

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_SECONDS = 60
expect.set_options(timeout=30_000)  # on a busy machine; what holds is seen at once


def chromium() -> str:
    """The path of a Chromium; skips the test where there is none."""
    named = os.environ.get("COACH_CHROMIUM", "")
    for found in (
        named,
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("google-chrome"),
    ):
        if found and Path(found).is_file():
            return found
    pytest.skip("no Chromium found: install Debian's chromium or set COACH_CHROMIUM to its path")


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of ``app`` on a free port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", ws="none", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + START_SECONDS
        while not server.started:
            assert thread.is_alive(), "the server stopped while it started; see the log above"
            assert time.monotonic() < until, f"the server didn't start in {START_SECONDS} s"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def address(copy_of_sample: Callable[[], Path]) -> Iterator[str]:
    """The address of the real application with the sample knowledge base."""
    chromium()
    settings = Settings(home=copy_of_sample())
    with served(create_app(lambda: build_service(settings))) as address:
        yield address


# Not for the whole run: Playwright's loop runs in this thread, and other tests start their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


class Visitor:
    """Opens pages and remembers what went wrong in them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    def page(self, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        """A page of its own; an error in its console, CSP violations included, is a fault."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda said: (
                self.faults.append(f"{page.url}: {said.text}")
                if said.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("dialog", lambda box: self.faults.append(f"{page.url}: dialog {box.message}"))
        page.on(
            "request",
            lambda asked: (
                self.faults.append(f"{page.url}: asked for {asked.url}")
                if not asked.url.startswith((self.address, "about:", "blob:"))
                else None
            ),
        )
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Fails the test on any error in a console and on any request to somewhere else."""
    visiting = Visitor(browser, address)
    yield visiting
    visiting.close()
    assert visiting.faults == []
