"""A workshop in real browsers: a trainer at the projector and five guests on their phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.app import create_app
from api.wiring import assemble, lend
from coach.settings import Settings
from tests.browser.conftest import Browser, Visitor, chromium, served
from tests.browser.contrast import too_faint

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

NAMES = ("Ana", "Bo", "Chi", "<b>Dov</b>", "Eva")
REPLIES = (
    "Trust us, we are the best.",
    "I understand why you ask. What would you need to see before you trust a new supplier?",
    "You would be taking a risk with a name nobody knows. What worries you most about that?",
    "Corvane has customers in your sector, and you can call two of them before you decide.",
    "Buy today, the price goes up tomorrow.",
)


@pytest.fixture(scope="module")
def place(copy_of_sample: Callable[[], Path]) -> Iterator[tuple[str, str]]:
    """An address with accounts, and the token of a trainer."""
    chromium()
    built = assemble(Settings(home=copy_of_sample()))
    book = built.service.accounts
    assert book is not None
    book.add_user("ada", ["admin"])
    book.add_user("tess", ["trainer", "rep"])
    token = book.create_token("tess")[1]
    with served(create_app(lambda: lend(built))) as address:
        yield address, token


@pytest.fixture
def visiting(browser: Browser, place: tuple[str, str]) -> Iterator[Visitor]:
    here = Visitor(browser, place[0])
    yield here
    here.close()
    refused = [fault for fault in here.faults if "409 (Conflict)" not in fault]
    assert refused == []  # words that were sent while it was paused are refused, and told so


def planned(page: Page, token: str) -> str:
    """Signs in, plans a workshop by its form, and gives its code."""
    page.goto("/login")
    page.get_by_label("token", exact=False).first.fill(token)
    page.get_by_role("button", name="Sign in").first.click()
    page.goto("/workshops/new")
    page.get_by_label("Title").fill("First meetings")
    page.locator("input[value=trust-unknown]").check()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".ws-code")).to_be_visible()
    return page.locator(".ws-code").inner_text()


def joined(page: Page, code: str, name: str) -> None:
    page.goto(f"/join?code={code}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join as a guest").click()
    expect(page.locator("h1")).to_have_text("First meetings")


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url
    assert too_faint(page) == [], page.url


def test_a_workshop_from_the_code_to_the_evidence(
    visiting: Visitor, place: tuple[str, str]
) -> None:
    """The board follows without a reload; a pause reaches every phone; the vote is blind until
    the trainer reveals it; nothing sticks out and no name is markup."""
    board = visiting.page()
    code = planned(board, place[1])
    phones = [visiting.page(width=390, dark=n % 2 == 1) for n in range(5)]
    for phone, name in zip(phones, NAMES, strict=True):
        joined(phone, code, name)
    expect(board.locator(".ws-people li")).to_have_count(5)
    expect(board.get_by_text("<b>Dov</b>")).to_be_visible()
    for phone, reply in zip(phones, REPLIES, strict=True):
        phone.get_by_role("button", name="Start").click()
        phone.wait_for_url("**/practice/*")
        phone.wait_for_load_state()
        phone.get_by_role("textbox", name="Your reply").fill(reply)
        phone.get_by_role("button", name="Send").click()
        expect(phone.locator(".turn.buyer")).to_have_count(2)
    expect(board.get_by_text("1 reply")).to_have_count(5)
    expect(board.locator(".ws-moment")).to_be_visible()
    fits(board)

    phones[0].goto(phones[0].url)
    phones[1].get_by_role("link", name="Back to First meetings").click()
    board.get_by_role("button", name="Pause and discuss").click()
    expect(board.get_by_text("Let’s talk")).to_be_visible()
    expect(phones[1].get_by_text("look up, your trainer is talking")).to_be_visible()
    phones[0].get_by_role("textbox", name="Your reply").fill(REPLIES[1])
    phones[0].get_by_role("button", name="Send").click()
    expect(phones[0].locator("#problem")).to_contain_text("paused the workshop")
    expect(phones[0].get_by_role("textbox", name="Your reply")).to_have_value(REPLIES[1])

    board.get_by_role("link", name="Side by side").click()
    board.get_by_role("button", name="Let them vote").first.click()
    expect(board.locator(".reply")).to_have_count(5)
    for phone in phones:
        phone.goto("/workshops")
        phone.locator(".pick input").first.check()
        fits(phone)
        phone.get_by_role("button", name="Vote").click()
        expect(phone.get_by_text("You voted for")).to_be_visible()
        assert not set(NAMES) & set(re.findall(r"\w+", phone.locator("#vote").inner_text()))
    expect(board.get_by_text("5 voted so far")).to_be_visible()
    board.get_by_role("button", name="Reveal").click()
    expect(board.locator(".judged").first).to_be_visible()
    expect(phones[4].locator(".judged").first).to_be_visible()
    for path in ("votes", "guide", "report", "board"):
        board.goto(re.sub(r"/\w+$", f"/{path}", board.url))
        fits(board)
