"""The scenario studio and the team's pages in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from coach.authoring.starting import started
from tests.browser.conftest import Visitor
from tests.browser.contrast import too_faint

pytestmark = pytest.mark.browser

HOSTILE = """<img src=x onerror="document.title='owned'">"""
YAML = {"content-type": "application/yaml"}


@pytest.fixture(scope="module")
def written(address: str) -> Iterator[str]:
    """A scenario in two versions whose words are an attack, and a session that was judged."""
    text = started("in-browser").replace("Not before the summer", f"Not {HOSTILE}", 1)
    with httpx.Client(base_url=address, timeout=90, trust_env=False) as client:
        for source in (text, text.replace("minutes: 10", "minutes: 12", 1)):
            sent = client.put("/v1/scenarios/in-browser", content=source, headers=YAML)
            assert sent.is_success, sent.text
        given = {"scenario": "in-browser", "seed": 4}
        session = client.post("/v1/sessions", json=given).json()["id"]
        for words in ("What does the date stand for?", "Our tool is simply the best."):
            client.post(f"/v1/sessions/{session}/turns", json={"text": words})
        yield "in-browser"
        client.delete(f"/v1/sessions/{session}")
        client.delete("/v1/scenarios/in-browser")


def overflow(page: Page) -> int:
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


@pytest.mark.slow
@pytest.mark.parametrize(("width", "dark"), [(390, True), (1280, False)])
def test_pages_fit_and_can_be_read(visitor: Visitor, written: str, width: int, dark: bool) -> None:
    """Nothing sticks out, no words are too faint, and what was written is never markup."""
    page = visitor.page(width=width, dark=dark)
    for path in (
        "/studio",
        f"/studio/edit/{written}",
        f"/studio/versions/{written}?one=1&two=2",
        "/team",
        "/team?rows=check&columns=scenario",
        "/team/people/local",
        "/knowledge/edit/rumour-outage-2024",
        "/knowledge/new",
    ):
        page.goto(path)
        assert page.title() != "owned"
        assert page.locator("main script, main img").count() == 0
        assert overflow(page) <= 0, path
        assert too_faint(page) == [], path
        expect(page.locator("h1")).to_have_count(1)


@pytest.mark.slow
def test_a_fault_is_marked_at_its_line_while_it_is_typed(visitor: Visitor, written: str) -> None:
    """The preview follows, stays while the text can't be played, and the fault leads to its line;
    what is tried is played in a tab of its own."""
    page = visitor.page()
    page.goto(f"/studio/edit/{written}")
    source = page.get_by_label("The scenario, as YAML")
    text = source.input_value()
    changed = re.sub(r"^title: .*$", "title: Not before the autumn", text, flags=re.MULTILINE)
    source.fill(changed)
    preview = page.get_by_role("article", name="What a rep meets")
    expect(preview.get_by_role("heading", name="Not before the autumn")).to_be_visible()
    line = (
        changed.splitlines().index(
            "kind: tactical            # or strategic: somebody inside who challenges a plan"
        )
        + 1
    )
    source.fill(changed.replace("kind: tactical ", "kind: tactcal ", 1))
    fault = page.locator(".faults li", has_text="did you mean 'tactical'?")
    expect(fault).to_contain_text("kind")
    expect(page.locator("#gutter b[data-state=no]")).to_have_text(str(line))
    expect(preview).to_be_visible()
    fault.get_by_role("link", name=f"Line {line}").click()
    expect(source).to_be_focused()
    chosen = "(f => f.value.slice(f.selectionStart, f.selectionEnd))"
    assert page.evaluate(f"{chosen}(document.getElementById('source'))").startswith("kind: tactcal")
    source.fill(changed)
    expect(page.locator(".faults[data-state=no]")).to_have_count(0)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Try it").click()
    expect(opened.value.get_by_role("heading", name="Not before the autumn")).to_be_visible()
    opened.value.close()


def test_without_script_a_trainer_sees_who_needs_what(visitor: Visitor, written: str) -> None:
    """From the table to a person to the verdicts of a session, by links alone."""
    page = visitor.page(script=False)
    page.goto("/team")
    page.get_by_role("link", name="Checks over time").click()
    table = page.get_by_role("table").first
    expect(table.get_by_role("columnheader").first).to_have_text("Check")
    expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile(r"\d+ of \d+|\d+%"))
    page.get_by_role("table").nth(1).get_by_role("link", name="local").click()
    page.get_by_role("link", name="Verdicts, to overrule").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/verdicts" in page.url
