"""The picture of a fidelity report: ``python -m tests.browser.fidelity_picture REPORT.html docs``.

It shows the first screen of a report that ``coach fidelity --out`` wrote; playing takes minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, chromium


def main(report: Path, folder: Path, scheme: str = "light") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": 1280, "height": 860}, color_scheme=scheme, offline=True
        )
        page.goto(report.resolve().as_uri())
        page.get_by_role("heading", name="Who wins").scroll_into_view_if_needed()
        page.evaluate("document.querySelectorAll('h2')[1].scrollIntoView()")
        page.screenshot(path=folder / "fidelity.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
