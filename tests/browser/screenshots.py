"""The README's pictures: ``.venv/bin/python -m tests.browser.screenshots docs``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from api.server import private_server
from coach.settings import Settings
from tests.browser.conftest import ARGUMENTS, chromium

REPLIES = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not call "
    "for nine hours. What would that have meant for you?",
    "So you would have stood there without an answer. Since September 2024 Corvane runs two active "
    "sites, Frankfurt and Amsterdam, and you can read the audit summary of Keller Voss.",
)


def practise(page: Page) -> None:
    """Two replies to the buyer of the true rumour."""
    page.goto("/")
    card = page.locator("article, li, form").filter(has_text="The rumour is true").last
    card.get_by_role("button", name="Start").click()
    page.wait_for_url("**/practice/*")
    page.wait_for_load_state()  # nobody types before the script is there
    for n, reply in enumerate(REPLIES, start=1):
        page.get_by_role("textbox").fill(reply)
        page.keyboard.press("Enter")
        page.get_by_text("What I checked").nth(n - 1).wait_for()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as home,
        private_server(Settings(home=Path(home))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(
            base_url=address, viewport={"width": 1280, "height": 860}, color_scheme="light"
        )
        practise(page)
        page.screenshot(path=folder / "practice.png")
        page.get_by_role("button", name="End the conversation").click()
        page.wait_for_url("**/debrief/**")
        page.screenshot(path=folder / "debrief.png")
        page.goto("/knowledge")
        page.screenshot(path=folder / "knowledge.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
