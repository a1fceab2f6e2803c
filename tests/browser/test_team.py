"""Goals and shared answers in a real browser: they fit, can be read, and work without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.contrast import too_faint

pytestmark = pytest.mark.browser

HOSTILE = (
    """"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">"""
)
OBJECTION = "We've worked with Meridant for ten years"
REPLY = "Ten years says a lot. What would have to be true for a change to be worth it to you?"
TODAY = datetime.now(UTC).date()


def overflow(page: Page) -> int:
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


@pytest.fixture(scope="module")
def answer(address: str) -> Iterator[str]:
    """The id of a hostile answer that was approved, beside goals with numbers and such a name."""
    weeks = [TODAY - timedelta(days=7 * n) for n in range(12)]
    sheet = "date,Deals closed,Market share\n"
    sheet += "".join(f"{day},{n % 4},{10 + n}%\n" for n, day in enumerate(weeks))
    with httpx.Client(base_url=address, timeout=90, trust_env=False) as client:
        for goal in (
            {"name": "Deals closed", "target": 20, "due": str(TODAY)},
            {"name": "Market share", "target": 30},
            {"name": HOSTILE[:70] + "w" * 10, "horizon": "long", "unit": HOSTILE[:80]},
        ):
            assert client.post("/v1/goals", json=goal).status_code == 201
        csv = {"content-type": "text/csv"}
        told = client.post("/v1/goals/numbers", content=sheet, headers=csv).json()
        assert (told["changed"], told["faults"]) == (24, [])
        given = {"scenario": "incumbent-competitor", "seed": 4}
        session = client.post("/v1/sessions", json=given).json()["id"]
        client.post(f"/v1/sessions/{session}/turns", json={"text": REPLY})
        client.post(f"/v1/sessions/{session}/end")
        offered = {"session": session, "turn": 1, "author": HOSTILE[:80], "note": HOSTILE}
        made = client.post("/v1/answers", json=offered).json()["id"]
        assert client.post(f"/v1/answers/{made}/approve").status_code == 200
        yield str(made)
        client.post(f"/v1/answers/{made}/withdraw")
        for goal in client.get("/v1/goals").json()["items"]:
            client.delete(f"/v1/goals/{goal['id']}")


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1280, False)])
def test_pages_fit_and_can_be_read(visitor: Visitor, answer: str, width: int, dark: bool) -> None:
    """Nothing sticks out, no words are too faint, and what was typed is never markup."""
    page = visitor.page(width=width, dark=dark)
    for path in ("/goals", "/answers", "/answers?status=approved"):
        page.goto(path)
        assert page.title() != "owned"
        assert page.locator("main script, main img").count() == 0
        assert overflow(page) <= 0, path
        assert too_faint(page) == [], path
        expect(page.locator("h1")).to_have_count(1)


def test_goals_without_script(visitor: Visitor, answer: str) -> None:
    """A goal is set, changed and removed by forms alone, and its table can be opened."""
    page = visitor.page(script=False)
    page.goto("/goals")
    form = page.locator("section[aria-labelledby=set-goal]")
    form.locator("[name=name]").fill("Site visits")
    form.locator("[name=horizon]").select_option("short")
    form.locator("[name=target]").fill("12")
    form.get_by_role("button").click()
    goal = page.locator("article", has=page.get_by_role("heading", name="Site visits"))
    expect(goal).to_contain_text("of 12")
    goal.get_by_text("Change or remove").click()
    goal.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Site visits")).to_have_count(0)
    share = page.locator("article", has=page.get_by_role("heading", name="Market share"))
    share.get_by_text("The same as a table").click()
    expect(share.get_by_role("row")).to_have_count(27)


def test_live_assist_shows_it_apart(visitor: Visitor, answer: str) -> None:
    """As words arrive, a colleague's answer stands below the proved ones and is called no proof."""
    page = visitor.page()
    page.goto("/assist")
    page.get_by_label("The customer’s words").fill(OBJECTION)
    card = page.locator("#answers .shared")
    expect(card).to_contain_text(REPLY)
    expect(card).to_contain_text("no evidence")
    expect(card.locator(".proof")).to_have_count(0)
    assert page.title() != "owned"
    assert page.locator("#answers .suggestion").last.get_attribute("class") == "suggestion shared"
