"""Going back in a real browser: a turn again, both attempts side by side, and a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.contrast import too_faint
from tests.browser.test_practice import REPLIES, composer_of, overflow, start, tips

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

DENIED = "There was no outage. That is just a rumour our competitors spread."
HIDDEN = "They vouched for a supplier before the board and were left with a wrong answer"


def say(page: Page, text: str) -> None:
    """One turn, with or without JavaScript; the first of a server may take its time."""
    composer_of(page).fill(text)
    page.get_by_role("button", name="Send").click()
    expect(tips(page)).to_have_count(1, timeout=30_000)


def guess(page: Page, text: str) -> None:
    box = page.locator("#guess")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    page.get_by_role("textbox", name="Your guess").fill(text)
    page.get_by_role("button", name="Guess", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_moment_again_side_by_side_and_guessed(visitor: Visitor, script: bool) -> None:
    """On a phone: a denial taken back, both attempts compared, three guesses, the card at the
    end; nothing is wider than the screen."""
    page = visitor.page(width=390, script=script)
    start(page)
    first = page.url.partition("#")[0]
    say(page, DENIED)
    page.get_by_role("button", name="Try this again (turn 1)").click()
    page.wait_for_url(lambda url: url.partition("#")[0] != first)
    expect(page.locator(".turn.seller")).to_have_count(0)
    expect(page.locator(".crossing")).to_contain_text("Attempt 2 of 2 at turn 1")

    if script:
        composer_of(page).fill("half typed")
    guess(page, HIDDEN)
    expect(page.locator(".guesses li")).to_have_count(1, timeout=30_000)
    expect(page.locator(".guesses li")).to_have_text(f"That’s it {HIDDEN}")
    if script:
        expect(composer_of(page)).to_have_value("half typed")
    for number, text in enumerate(("<b>The price</b>", "A nicer logo"), start=2):
        guess(page, text)
        expect(page.locator(".guesses li")).to_have_count(number)
    expect(page.get_by_text("All 3 guesses are used.")).to_be_visible()
    assert too_faint(page) == []
    assert overflow(page) == 0
    assert page.locator("main b", has_text="The price").count() == 0

    say(page, REPLIES[0])
    page.get_by_role("link", name="attempt 1").click()
    page.wait_for_url("**/compare/*")
    assert overflow(page) == 0
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert too_faint(page) == [], scheme
    sides = page.locator(".side")
    expect(sides.nth(0)).to_contain_text(REPLIES[0])
    expect(sides.nth(1)).to_contain_text(DENIED)
    trust = [int(side.locator(".moods li b").first.inner_text()) for side in sides.all()]
    assert trust[0] > trust[1]

    page.get_by_role("link", name="Go on with attempt 2").click()
    page.wait_for_url("**/practice/*")
    page.get_by_role("button", name="End the conversation").click()
    page.wait_for_url("**/debrief/*")
    expect(page.get_by_role("heading", name="What you took it for")).to_be_visible()
    expect(page.locator(".guesses li")).to_have_count(3)
    page.goto(page.url.replace("/debrief/", "/practice/"))
    guess(page, HIDDEN)
    expect(page.locator("#guess .answer")).to_contain_text("board")
    page.goto(first)
    expect(page.locator(".crossing")).to_contain_text("Attempt 1 of 2 at turn 1")
