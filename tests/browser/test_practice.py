"""A rep in a real browser: practises by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

RUMOUR = "The rumour is true"
REPLIES = (
    "Yes, it happened, and it was our fault: on 12 March 2024 our Frankfurt platform failed. "
    "What would nine hours without phones have meant for your clinics?",
    "So what worries you is a patient who can't get through at night. Have I got that right?",
    "We now run two active sites, and Keller Voss audited them in January 2025. "
    "You can read the audit summary yourself. Does that answer your concern?",
)
SCRIPT = """<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>"""


def composer_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your reply")


def tips(page: Page) -> Locator:
    return page.locator(".log .note:not(.hint)")


def start(page: Page, title: str = RUMOUR) -> None:
    page.goto("/")
    page.get_by_role("button", name=f"Start {title}").click()
    page.wait_for_url("**/practice/*")


def reply(page: Page, text: str, number: int = 1) -> None:
    composer_of(page).fill(text)
    page.keyboard.press("Enter")
    expect(tips(page)).to_have_count(number)


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"Tab never reaches {wanted}")


def overflow(page: Page) -> int:
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


def test_a_whole_session_needs_no_mouse(visitor: Visitor) -> None:
    page = visitor.page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab_to(page, page.get_by_role("button", name=f"Start {RUMOUR}"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/practice/*")
    expect(page.locator(".log .turn.buyer")).to_have_count(1)
    expect(page.get_by_text("Embedded engine: no language model")).to_be_visible()

    composer = composer_of(page)
    expect(composer).to_be_focused()
    for number, text in enumerate(REPLIES, start=1):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator(".turn.seller").last).to_contain_text(text)
        expect(composer).to_have_value("")
        expect(tips(page)).to_have_count(number)
        expect(tips(page).last.locator(".tip")).not_to_be_empty()
        expect(page.locator(".log .turn.buyer")).to_have_count(number + 1)

    checked = tips(page).last.locator("summary")
    tab_back_to(page, checked)
    page.keyboard.press("Enter")
    expect(tips(page).last.locator(".checks li").first).to_be_visible()

    for level in (1, 2, 3):
        page.keyboard.press("Alt+h")
        expect(page.locator(".log .hint").nth(level - 1)).to_contain_text(f"Hint {level} of 3")
    suggested = page.locator(".hint .suggestion").first
    words = suggested.locator(".said").inner_text()
    tab_to(page, suggested.get_by_role("button", name="Use this"))
    page.keyboard.press("Enter")
    expect(composer).to_have_value(words)
    expect(composer).to_be_focused()

    tab_back_to(page, page.get_by_role("button", name="End the conversation"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/debrief/*")
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    expect(page.get_by_role("img", name="Score")).to_be_visible()
    expect(page.get_by_role("heading", name="really worried about").first).to_be_visible()
    expect(page.get_by_role("img", name="Trust went from")).to_be_visible()
    expect(page.locator(".checklist li").first).to_be_visible()


def tab_back_to(page: Page, wanted: Locator) -> None:
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"Shift+Tab never reaches {wanted}")


def test_the_reply_streams_outside_the_log_and_ends_in_it(visitor: Visitor) -> None:
    page = visitor.page()
    start(page)
    page.evaluate(
        """() => {
          window.seen = [];
          const live = document.getElementById("live");
          const note = () => window.seen.push(live.querySelector(".buyer .said")?.textContent);
          new MutationObserver(note).observe(live, {childList: true, subtree: true});
        }"""
    )
    reply(page, REPLIES[0])
    said = page.locator(".log .turn.buyer .said").last.inner_text()
    seen = [text for text in page.evaluate("window.seen") if text]
    assert seen, "no words were shown before the reply was complete"
    assert all(said.startswith(text.strip()) for text in seen)
    expect(page.locator("#live")).to_be_empty()
    expect(page.get_by_role("log")).to_contain_text(said)


def test_a_reload_shows_the_same_conversation(visitor: Visitor) -> None:
    page = visitor.page()
    start(page)
    reply(page, REPLIES[0])
    turns = page.locator(".log .turn").all_inner_texts()
    tip = tips(page).locator(".tip").inner_text()
    page.reload()
    assert page.locator(".log .turn").all_inner_texts() == turns
    assert tips(page).locator(".tip").inner_text() == tip
    reply(page, REPLIES[1], number=2)


def test_shift_enter_starts_a_line_and_the_limit_is_told_when_it_is_near(visitor: Visitor) -> None:
    page = visitor.page()
    start(page)
    composer = composer_of(page)
    composer.fill("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(composer).to_have_value("one\ntwo")
    expect(page.locator("#count")).to_be_hidden()
    composer.fill("😀" * 7_990)
    expect(page.locator("#count")).to_have_text("10 characters left")
    composer.fill("x" * 8_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("8,000")
    expect(composer).to_have_value("x" * 8_001)


def test_a_message_that_was_refused_stays_in_the_composer(visitor: Visitor) -> None:
    page = visitor.page()
    start(page)
    page.route(
        "**/turns",
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body='event: error\ndata: {"detail": "The store is busy. Send it again."}\n\n',
        ),
    )
    composer_of(page).fill(REPLIES[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The store is busy. Send it again.")
    expect(composer_of(page)).to_have_value(REPLIES[0])
    expect(page.locator(".turn.seller")).to_have_count(0)
    page.unroute("**/turns")
    page.keyboard.press("Enter")
    expect(tips(page)).to_have_count(1)


def test_a_stream_that_breaks_shows_the_turn_that_was_stored(visitor: Visitor) -> None:
    page = visitor.page()
    start(page)

    def cut(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        whole = answer.text()
        route.fulfill(response=answer, body=whole[: whole.index("reply.completed")])  # type: ignore[attr-defined]

    page.route("**/turns", cut)
    composer_of(page).fill(REPLIES[0])
    page.keyboard.press("Enter")
    expect(tips(page)).to_have_count(1)
    expect(page.locator(".log .turn")).to_have_count(3)
    expect(composer_of(page)).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_markup_in_a_reply_is_text_on_every_page(visitor: Visitor, script: bool) -> None:
    page = visitor.page(script=script)
    start(page)
    if script:
        reply(page, SCRIPT)
        page.reload()
    else:
        composer_of(page).fill(SCRIPT)
        page.get_by_role("button", name="Send").click()
    expect(page.locator(".turn.seller .said")).to_have_text(SCRIPT)
    page.get_by_role("button", name="End the conversation").click()
    page.wait_for_url("**/debrief/*")
    page.goto("/assist")
    page.get_by_label("The customer’s words").fill(SCRIPT)
    page.get_by_role("button", name="Suggest replies").click()
    page.locator("#answers .about").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert "owned" not in page.title()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_wider_than_a_phone(visitor: Visitor, dark: bool) -> None:
    page = visitor.page(width=390, dark=dark)
    page.goto("/")
    assert overflow(page) == 0
    start(page)
    reply(page, "Yes, it happened. " + "W" * 300)
    for level in (1, 2, 3):
        page.get_by_role("button", name=f"Hint {level} of 3").click()
        expect(page.locator(".log .hint")).to_have_count(level)
    tips(page).locator("summary").click()
    assert overflow(page) == 0
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    page.get_by_role("button", name="End the conversation").click()
    page.wait_for_url("**/debrief/*")
    for summary in page.locator("summary").all():
        summary.click()
    assert overflow(page) == 0
    page.goto("/assist")
    page.get_by_label("The customer’s words").fill("How do I know you won't be down again?")
    page.locator(".suggestion").first.wait_for()
    assert overflow(page) == 0


def test_a_session_works_without_javascript(visitor: Visitor) -> None:
    page = visitor.page(script=False)
    start(page)
    composer_of(page).fill(REPLIES[0])
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".log .turn")).to_have_count(3)
    expect(tips(page)).to_have_count(1)
    composer_of(page).fill("a draft")
    for level in (1, 2, 3):
        page.get_by_role("button", name=f"Hint {level} of 3").click()
        expect(page.locator(".log .hint").last).to_contain_text(f"Hint {level} of 3")
    expect(composer_of(page)).to_have_value("a draft")
    expect(page.locator(".hint .suggestion").first).to_be_visible()
    page.get_by_role("button", name="End the conversation").click()
    page.wait_for_url("**/debrief/*")
    expect(page.get_by_role("heading", name="Check by check")).to_be_visible()
    page.get_by_role("link", name="read it here").click()
    expect(page.get_by_text("The conversation ended")).to_be_visible()
    expect(composer_of(page)).to_have_count(0)


def test_live_assist_answers_in_the_pause_of_typing(visitor: Visitor) -> None:
    page = visitor.page()
    page.goto("/assist")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("The customer’s words").press_sequentially(
        "We have been with Meridant for ten years. Why change?"
    )
    suggestion = page.locator(".suggestion").first
    expect(suggestion).to_be_visible()
    expect(page.locator(".proof q").first).not_to_be_empty()
    suggestion.get_by_role("button", name="Copy").click()
    expect(suggestion.get_by_role("button")).to_have_text("Copied")
    assert (
        page.evaluate("navigator.clipboard.readText()") == suggestion.locator(".said").inner_text()
    )


def test_live_assist_drops_stale_answers_and_keeps_who_the_customer_is(visitor: Visitor) -> None:
    page = visitor.page(width=390)
    page.goto("/assist")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Sector").fill("retail")
    page.get_by_label("Employees").fill("400")
    words = page.get_by_label("The customer’s words")
    words.fill("It is far too expensive for us.")
    page.wait_for_timeout(500)  # asked, and overtaken at once
    words.fill("We have been with Meridant for ten years. Why change?")
    expect(page.locator(".about")).to_contain_text("what is in place today")
    expect(page.locator(".suggestion")).to_have_count(3)
    page.keyboard.press("Control+2")
    second = page.locator(".suggestion").nth(1)
    expect(second.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == second.locator(".said").inner_text()
    assert overflow(page) == 0
    words.fill("Shall we meet at the station at nine?")
    expect(page.locator(".quiet-note")).to_have_text(
        "That doesn’t read like an objection. Go on listening."
    )
    expect(page.locator(".suggestion")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Sector")).to_have_value("retail")
    expect(page.get_by_label("Employees")).to_have_value("400")
