"""How soon the first page is painted, and whether a reply streams smoothly in a long talk.

Print the figures with ``pytest -m bench -s tests/browser/test_swift.py``. They are held as ratios
to a page that is nearly empty, and to the same page while nothing happens.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.browser.test_practice import REPLIES, composer_of, reply, start, tips

pytestmark = [pytest.mark.browser, pytest.mark.bench, pytest.mark.timeout(240)]

SLOWER = 4  # times, as a cheap phone is
TURNS = 1_000

_PAINTED = """() => new Promise((told) => {
  new PerformanceObserver((list) => told(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""
#: Copies what stands in the log until it holds that many turns.
_HISTORY = """(turns) => {
  const log = document.getElementById("log");
  const [said, answered, note] = log.querySelectorAll(".turn.seller, .turn.seller + .turn, .note");
  while (log.querySelectorAll(".turn").length < turns)
    log.prepend(...[said, answered, note].map((node) => node.cloneNode(true)));
  log.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
  scrollTo(0, document.documentElement.scrollHeight);
}"""
_FRAMES = """() => {
  window.frames = [];
  window.long = [];
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map((one) => one.duration)))
    .observe({type: "longtask"});
  let last = performance.now();
  const next = (now) => { window.frames.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""  # noqa: E501  a script


def painted(page: Page, path: str) -> float:
    """Milliseconds to the largest paint with a slow processor; the best of three visits."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times = []
    for _ in range(3):
        page.goto(path, wait_until="networkidle")
        times.append(float(page.evaluate(_PAINTED)))
    return min(times)


def test_the_first_page_is_painted_soon(visitor: Visitor) -> None:
    """The gallery with a processor four times slower, against the page to sign in."""
    first, bare = painted(visitor.page(), "/"), painted(visitor.page(), "/login")
    print(f"\nlargest paint, CPU {SLOWER}x slower: / {first:.0f} ms, /login {bare:.0f} ms")
    assert first < 6 * bare


def test_a_reply_streams_smoothly_behind_a_thousand_turns(visitor: Visitor) -> None:
    """Frames while a reply streams, against frames of the same page while nothing happens."""
    page = visitor.page()
    start(page)
    reply(page, REPLIES[0])
    page.evaluate(_HISTORY, TURNS)
    page.evaluate(_FRAMES)
    page.wait_for_timeout(2_000)
    idle = page.evaluate("window.frames.splice(0)")
    count = tips(page).count()
    composer_of(page).fill(REPLIES[1])
    page.keyboard.press("Enter")
    page.locator(".log .note:not(.hint)").nth(count).wait_for()
    busy = page.evaluate("window.frames.splice(0)")
    long = page.evaluate("window.long")
    assert page.locator(".log .turn").count() >= TURNS
    late = [sum(frame > 50 for frame in frames) for frames in (idle, busy)]
    print(
        f"\n{TURNS} turns: idle {len(idle)} frames, {late[0]} over 50 ms; streaming {len(busy)}, "
        f"{late[1]} over 50 ms, longest {max(busy):.0f} ms; {len(long)} long tasks "
        f"{[round(one) for one in long]} ms"
    )
    assert late[1] / len(busy) <= late[0] / len(idle) + 0.05
