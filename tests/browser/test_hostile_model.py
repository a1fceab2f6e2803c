"""A model that writes markup, in a real browser: nothing of it runs, and nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from api.server import private_server
from coach.model_settings import one_model
from coach.settings import Settings
from tests.browser.conftest import Visitor
from tests.hostile import INVENTED
from tests.loopback import Handler, Loopback, answer, loopback
from tests.obeying import Asked

pytestmark = pytest.mark.browser

SAID = "Yes, it was our failure. What did nine hours without phones mean for you?"


def hostile(to: Handler, body: dict[str, Any]) -> None:
    """Markup in the buyer's words behind a fair sentence, in each verdict, in each suggestion."""
    asked = Asked.of(body)
    if body.get("stream"):
        answer(f"{asked.line} {INVENTED[0]}")(to, body)
        return
    checks = [{"id": "asked", "verdict": "yes", "quote": "Yes", "explanation": INVENTED[0]}]
    sentences = [{"text": f"I see. {text}", "evidence_id": "none"} for text in INVENTED]
    one = {"style": "concise", "sentences": sentences, "question": INVENTED[0]}
    told = {"checks": checks, "suggestions": [{**one, "next_step": INVENTED[3]}]}
    answer(json.dumps(told))(to, body)


@pytest.fixture(scope="module")
def model() -> Iterator[Loopback]:
    with loopback() as running:
        running.behave(hostile)
        yield running


@pytest.fixture(scope="module")
def address(model: Loopback, copy_of_sample: Callable[[], Path]) -> Iterator[str]:
    settings = Settings(home=copy_of_sample(), models=one_model(model.url, timeout=10.0))
    with private_server(settings) as url:
        yield url


def test_what_a_model_writes_is_never_run(browser: Browser, address: str, model: Loopback) -> None:
    """In the talk, the suggestions and the debrief; an error, a dialog or a request to elsewhere
    fails it, and so does a title that was changed."""
    visitor = Visitor(browser, address)
    try:
        page = visitor.page()
        page.goto("/")
        page.get_by_role("button", name="Start The rumour is true").click()
        page.wait_for_url("**/practice/*")
        title = page.title()
        page.get_by_role("textbox", name="Your reply").fill(f"{SAID} {INVENTED[0]}")
        page.keyboard.press("Enter")
        expect(page.locator(".log .note:not(.hint)")).to_have_count(1, timeout=60_000)
        expect(page.locator(".log")).to_contain_text("embedded engine")  # the note of the refusal
        assert (
            page.locator(".log img, .log script, .log iframe, .log form[action^='//']").count() == 0
        )
        assert page.title() == title
        page.goto("/assist")
        page.get_by_role("textbox").first.fill(f"We have Meridant for ten years. {INVENTED[0]}")
        expect(page.locator(".said, .suggestion, article").first).to_be_visible()
        assert page.locator("main img, main script, main iframe").count() == 0
        assert model.calls > 2
        assert visitor.faults == []
    finally:
        visitor.close()
