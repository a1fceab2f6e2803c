"""What holds on every page: no barrier known to axe-core, light weight, no markup from text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.evals.people import DATA

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLOOR = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
OWNED = (
    "Yes, that is true. On 12 March 2024 a storage update failed and 212 customers could not call "
    "for nine hours. Our uptime is 99.9999%. What would that have meant for you?"
)
DENIED = "There was no outage. That is just a rumour our competitors spread."
LARGEST_FIRST_PAGE = 120_000  # bytes over the wire


@dataclass(frozen=True)
class Played:
    """Ids: a talk that goes on, another attempt at its first turn, and one that ended."""

    talk: str
    again: str
    ended: str

    def pages(self) -> list[str]:
        talk, ended = self.talk, self.ended
        return [
            "/",
            "/?section=Building+Trust&mine=new",
            "/?difficulty=hard&minutes=10",
            f"/practice/{talk}",
            f"/practice/{talk}/compare/{self.again}",
            f"/practice/{ended}",
            f"/debrief/{ended}",
            f"/debrief/{ended}/verdicts",
            "/progress",
            "/assist",
            "/assist?window=side",
            "/knowledge",
            "/knowledge/search?q=uptime",
            "/knowledge/gaps",
            "/knowledge/compare/Pellicom",
            "/knowledge/items/rumour-outage-2024",
            "/knowledge/edit/rumour-outage-2024",
            "/goals",
            "/team",
            "/team/people/local",
            "/studio",
            "/studio/new",
            "/answers",
            "/login",
            "/practice/nowhere",
        ]


def played(client: httpx.Client, text: str) -> Played:
    """The same words in every field that a rep can fill."""

    def post(path: str, body: Any) -> Any:
        answered = client.post(path, json=body)
        assert answered.is_success, answered.text
        return answered.json()

    def talk(*texts: str) -> str:
        made = post("/v1/sessions", {"scenario": "trust-true-rumour", "seed": 7})["id"]
        for said in texts:
            post(f"/v1/sessions/{made}/turns", {"text": said})
        return str(made)

    going = talk(OWNED)
    again = post(f"/v1/sessions/{going}/branch", {"turn": 1})["id"]
    post(f"/v1/sessions/{again}/turns", {"text": f"{text} {DENIED}"})
    post(f"/v1/sessions/{going}/hint", {"level": 1})
    ended = talk(f"{DENIED} {text}", text)
    post(f"/v1/sessions/{ended}/diagnosis", {"text": text[:300]})
    post(f"/v1/sessions/{ended}/end", {})
    post("/v1/answers", {"session": ended, "turn": 3, "note": text[:500], "author": text[:80]})
    return Played(going, str(again), ended)


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=90, trust_env=False) as opened:
        yield opened


def barriers(page: Page, options: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {one['id']} {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")


@pytest.mark.slow
def test_axe_finds_no_barrier_on_any_page_light_or_dark(
    visitor: Visitor, client: httpx.Client
) -> None:
    """Every page with all that folds unfolded; what only a mark in the words opens is open, too.
    In the dark only colours are another matter. Motion is off: colours on their way are none."""
    page = visitor.page()
    found: list[str] = []
    for path in played(client, "So what worries you?").pages():
        page.goto(path)
        if path.startswith("/assist"):
            page.get_by_label("The customer’s words").fill("We have Meridant. Why change?")
            page.locator(".suggestion").nth(2).wait_for()
        open_all(page)
        if page.locator("a.claim").count():
            page.locator("a.claim").first.hover()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found += barriers(page, FLOOR)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark {one}" for one in barriers(page, COLOURS)]
    # the page that isn't there is told in the console, as it should be
    visitor.faults = [one for one in visitor.faults if "/practice/nowhere" not in one]
    assert found == []


def test_the_first_page_is_light(visitor: Visitor) -> None:
    """All that a first visit loads, as sent over the wire."""
    page = visitor.page()
    sizes: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    print(f"\nfirst page: {sum(sizes) / 1000:.1f} kB in {len(sizes)} answers")
    assert len(sizes) > 2
    assert sum(sizes) <= LARGEST_FIRST_PAGE


_MARKUP = """() => [...document.querySelectorAll("*")].flatMap((node) => [
  ...(["IFRAME", "OBJECT", "EMBED", "BASE", "META", "STYLE", "MARQUEE", "VIDEO", "AUDIO", "IMG"].includes(node.tagName)
      && !node.closest("head") ? [node.outerHTML] : []),
  ...(node.tagName === "SCRIPT" && !node.src.startsWith(location.origin + "/static/") ? [node.outerHTML] : []),
  ...[...node.attributes].filter(({name, value}) => name.startsWith("on")
      || name === "style" && !node.matches(".claim-card")
      || /^(href|src|action|formaction)$/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value))
      .map(({name}) => `${node.tagName} ${name}`),
])"""  # noqa: E501  a script


def attacks() -> Sequence[str]:
    path = DATA / "security" / "xss_cases.json"
    if not path.is_file():
        pytest.skip(f"no cases at {path}; set COACH_EVAL_DATA")
    return [one["input"] for one in json.loads(path.read_text())]


@pytest.mark.slow
def test_no_attack_through_any_field_becomes_markup(visitor: Visitor, client: httpx.Client) -> None:
    """Each case in replies, guesses, offered answers, goals and evidence, typed into every form,
    and then every page is looked at: nothing ran, and nothing of it became an element."""
    cases = attacks()
    whole = " ".join(cases)
    seen = played(client, whole)
    client.post("/v1/goals", json={"name": cases[0][:80], "unit": cases[1][:80]})
    item = {
        "id": f"attack {cases[0][:40]}",
        "kind": "competitive_fact",
        "title": whole[:290],
        "text": f"{whole} We have one.",
        "competitor": cases[0][:100],
        "source": whole[:1000],
    }
    made = client.post("/v1/evidence", json=item)
    assert made.is_success, made.text
    page = visitor.page()
    page.add_init_script(
        "for (const name of ['alert', 'confirm', 'prompt', 'print']) "
        "window[name] = () => console.error(`ran ${name}`)"
    )
    found: list[str] = []

    def look() -> None:
        open_all(page)
        for mark in page.locator("a.claim").all()[:3]:
            mark.hover()
        found.extend(f"{page.url[:80]}: {one[:200]}" for one in page.evaluate(_MARKUP))

    item_page = f"/knowledge/items/{quote(item['id'], safe='')}"
    searched = f"/knowledge/search?q={quote(cases[0])}"
    narrowed = f"/?section={quote(cases[0][:100])}"
    for path in [*seen.pages()[:-1], item_page, searched, narrowed]:
        page.goto(path)
        look()
    page.goto(f"/practice/{seen.talk}")  # streamed into the page, not by its template
    page.get_by_role("textbox", name="Your reply").fill(f"{OWNED} {whole}")
    page.get_by_role("button", name="Send").click()
    page.locator(".log .note:not(.hint)").nth(1).wait_for()
    look()
    for case in cases:
        page.goto("/assist")
        page.get_by_label("The customer’s words").fill(case)
        page.get_by_role("button", name="Suggest replies").click()
        page.locator("#answers .about").wait_for()
        look()
    assert found == []
