"""The knowledge pages in a real browser: whatever evidence holds, by keyboard, without script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.contrast import too_faint

if TYPE_CHECKING:
    from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

HOSTILE = (
    """"><script>document.title='owned'</script>"""
    """<img src=x onerror="document.title='owned'">"""
)
TURNED = "\u202egnorw eht yaw dnuor"
LONG = "W" * 5_000
RIVAL = f"Rival {HOSTILE}{'w' * 90}"
PAGES = (
    "/knowledge",
    "/knowledge?severity=warning",
    "/knowledge?code=stale",
    "/knowledge/search",
    "/knowledge/search?q=uptime&peer_sector=mining",
    "/knowledge/search?size_from=9&size_to=3",
    "/knowledge/gaps",
    "/knowledge/compare/Pellicom?internal=true",
    "/knowledge/items/rumour-outage-2024",
)


def overflow(page: Page) -> int:
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


@pytest.fixture(scope="module", autouse=True)
def looked_at(address: str) -> None:
    """The first check embeds what every scenario is about: `coach serve` does that at start."""
    httpx.get(f"{address}/knowledge", timeout=90).raise_for_status()


@pytest.fixture(scope="module")
def hostile(address: str) -> Iterator[str]:
    """The id of an item whose every field is an attack, and gaps with such words."""
    item = {
        "id": f"hostile {HOSTILE[:60]}",
        "kind": "competitive_fact",
        "title": f"{HOSTILE} {TURNED}"[:290],
        "text": f"{HOSTILE} {TURNED} {LONG} We have one. They have none.",
        "us": "We have one.",
        "them": "They have none.",
        "advantage": "us",
        "competitor": RIVAL,
        "criterion": f"{HOSTILE} {LONG}",
        "sector": f"Sector {HOSTILE} {'s' * 300}",
        "source": f"{HOSTILE} {LONG}",
        "do_not_say": [HOSTILE, LONG],
    }
    url = f"/v1/evidence/{quote(item['id'], safe='')}"
    with httpx.Client(base_url=address, timeout=60) as client:
        assert client.put(url, json=item).status_code in (200, 201)
        context = {"sector": f"mining {HOSTILE[:90]}", "competitor": f"Zen {HOSTILE[:90]}"}
        words = f"I've never heard of you. {HOSTILE} {TURNED} {'z' * 100}"
        asked = {"objection": words, "context": context}
        assert client.post("/v1/suggestions", json=asked).status_code == 200
        assert client.get("/v1/evidence/gaps").json()["items"]
        yield str(item["id"])
        assert client.delete(url).status_code == 204


@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False)])
def test_pages_fit_and_can_be_read(visitor: Visitor, width: int, dark: bool) -> None:
    """Nothing sticks out at the side, and no words are too faint for their ground."""
    page = visitor.page(width=width, dark=dark)
    for path in PAGES:
        if "size_to" in path:
            continue  # answers 422, which the console tells as an error
        page.goto(path)
        assert overflow(page) <= 0, path
        assert too_faint(page) == [], path
        expect(page.locator("h1")).to_have_count(1)


def test_evidence_never_becomes_markup(visitor: Visitor, hostile: str) -> None:
    """Nor does it turn the page's direction or break its layout, on a phone and on a desk."""
    for width in (390, 1280):
        page = visitor.page(width=width)
        for path in (
            "/knowledge",
            f"/knowledge/items/{quote(hostile, safe='')}",
            f"/knowledge/compare/{quote(RIVAL, safe='')}",
            "/knowledge/search?q=rival",
            f"/knowledge/search?competitor={quote(RIVAL)}",
            "/knowledge/gaps",
        ):
            page.goto(path)
            assert page.title() != "owned"
            assert page.locator("main script, main img").count() == 0
            assert overflow(page) <= 0, (path, width)
        page.goto("/knowledge/gaps")
        direction = "getComputedStyle(document.querySelector('.words q')).unicodeBidi"
        assert "isolate" in page.evaluate(direction)


def test_without_script_everything_can_be_done(visitor: Visitor, hostile: str) -> None:
    """Search with filters, narrow the findings, follow a finding, dismiss a gap."""
    page = visitor.page(script=False)
    page.goto("/knowledge")
    page.get_by_role("link", name="Warnings (").click()
    expect(page.locator(".group[data-severity=info]")).to_have_count(0)
    page.locator(".finding a").first.click()
    expect(page.get_by_role("heading", name="What the check says")).to_be_visible()
    page.get_by_role("link", name="Search").click()
    page.get_by_label("What to look for").fill("missed calls")
    page.get_by_label("Case study").check()
    page.get_by_label("Sector", exact=True).fill("healthcare")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".result").first).to_contain_text("healthcare")
    expect(page.get_by_label("Case study")).to_be_checked()
    page.get_by_role("link", name="Gaps").click()
    gaps = page.locator(".gap")
    before = gaps.count()
    assert before >= 1
    page.get_by_role("button", name="Dismiss").first.click()
    expect(gaps).to_have_count(before - 1)


def test_a_search_can_be_made_by_keyboard(visitor: Visitor) -> None:
    """And a table that is wider than a phone can be moved by keyboard."""
    page = visitor.page(width=390)
    page.goto("/knowledge")
    region = page.get_by_role("region", name="Coverage by sector")
    region.focus()
    page.keyboard.press("ArrowRight")
    deadline = time.monotonic() + 5
    while not (moved := page.evaluate("document.querySelector('.scroll').scrollLeft")):
        if time.monotonic() > deadline:
            break
        page.wait_for_timeout(50)
    assert moved > 0
    page.goto("/knowledge/search")
    page.get_by_label("What to look for").press_sequentially("uptime")
    page.keyboard.press("Enter")
    expect(page.locator(".result").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_files_are_added_and_told_one_by_one(
    visitor: Visitor, address: str, tmp_path: Path, script: bool
) -> None:
    """What is wrong with one stands beside it; the others are in."""
    good, bad = tmp_path / f"yard-{script}.md", tmp_path / "broken <b>.pdf"
    good.write_text(
        f"---\nkind: case_study\ntitle: Halvik Yard {script}\ncustomer: Halvik Yard {script}\n"
        "source: Interview\nas_of: 2026-01-01\n---\n\nHalvik Yard moved two docks in a week.\n"
    )
    bad.write_bytes(b"%PDF-1.7 this is none")
    page = visitor.page(script=script)
    page.goto("/knowledge")
    page.get_by_label("Files").set_input_files([good, bad])
    page.get_by_role("button", name="Add").click()
    shown = page.locator(".imported")
    expect(shown.locator("> li")).to_have_count(2, timeout=30_000)
    expect(shown).to_contain_text(f"yard-{script}.md 1 added")
    expect(shown.locator(".lack")).to_have_count(1)
    with httpx.Client(base_url=address, timeout=30) as client:
        found = client.get("/v1/evidence", params={"customer": f"Halvik Yard {script}"}).json()
        assert len(found["items"]) == 1
        for item in found["items"]:
            client.delete(f"/v1/evidence/{quote(item['evidence_id'], safe='')}")
