"""Progress and overruling in a real browser."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.contrast import too_faint

pytestmark = pytest.mark.browser

DENIED = "There was no outage. That is just a rumour our competitors spread."


@pytest.fixture
def session(address: str) -> str:
    """An ended session in which an outage was denied."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        given = {"scenario": "trust-true-rumour", "seed": 7}
        found = str(client.post("/v1/sessions", json=given).json()["id"])
        assert client.post(f"/v1/sessions/{found}/turns", json={"text": DENIED}).is_success
        assert client.post(f"/v1/sessions/{found}/end").is_success
    return found


def test_a_trainer_overrules_without_scripts_and_all_pages_fit(
    visitor: Visitor, session: str
) -> None:
    """From the debrief to a verdict, a reason, and back; then what comes next is begun."""
    page = visitor.page(width=390, dark=True, script=False)
    page.goto(f"/debrief/{session}")
    page.get_by_role("link", name="Every verdict, reply by reply").click()
    verdict = page.locator(".checks > li").filter(has_text="keep from denying what is true")
    verdict.get_by_text("Overrule").first.click()
    verdict.get_by_label("It should be").select_option("Not seen")
    verdict.get_by_label("Why").fill("She said <b>before</b> that it was.")
    verdict.get_by_role("button", name="Overrule").click()
    expect(page.locator(".remark")).to_contain_text("She said <b>before</b> that it was.")
    for path in (page.url, f"/debrief/{session}", "/progress"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert too_faint(page) == [], path
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
