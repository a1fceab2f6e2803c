"""What a rep gets beside the words: marks on claims, the mood, voices, and a gallery to narrow."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from coach.scenario_book import load_scenarios
from tests.browser.conftest import Visitor
from tests.browser.test_practice import RUMOUR, composer_of, overflow, reply, start, tips

pytestmark = pytest.mark.browser

CLAIMED = (
    "I’m sorry 😀 that you were left alone. Since September 2024 Corvane runs two active sites. "
    "Our uptime was 99.9999% in 2025."
)
#: A microphone that hears one sentence, and a voice that remembers what it was given to say.
VOICES = """
window.said = [];
window.SpeechRecognition = class {
  start() {
    this.onstart();
    const results = [Object.assign([{ transcript: " what would that mean " }], { isFinal: true })];
    this.onresult({ resultIndex: 0, results });
  }
  stop() { this.onend(); }
};
Object.defineProperty(window, "speechSynthesis",
  { value: { speak: ({ text }) => window.said.push(text), cancel() {} } });
"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_claims_are_marked_in_ones_own_words(visitor: Visitor, script: bool) -> None:
    """On a phone: hover or tap shows what the evidence says; without script the mark leads there.
    The same marks after a reload, at the right letters behind an emoji."""
    page = visitor.page(width=390, script=script)
    start(page)
    composer_of(page).fill(CLAIMED)
    page.get_by_role("button", name="Send").click()
    expect(tips(page)).to_have_count(1, timeout=30_000)
    wrong = page.locator('a.claim[data-state="contradicted"]')
    expect(wrong).to_have_text("Our uptime was 99.9999% in 2025.")
    expect(page.locator(".turn.seller .said")).to_have_text(CLAIMED)
    if not script:
        wrong.click()
        expect(page.locator("li:target")).to_contain_text("99.97%")
        return
    marks = page.locator("a.claim").all_inner_texts()
    page.reload()
    assert page.locator("a.claim").all_inner_texts() == marks
    wrong.click()
    card = page.locator(".claim-card")
    expect(card).to_contain_text("99.97%")
    expect(card).to_contain_text("Contradicted")
    assert overflow(page) == 0
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_spoken_words_are_typed_and_replies_are_read_aloud(visitor: Visitor) -> None:
    """Where a browser offers both; the choice to hear stays. Where it offers none, no button."""
    page = visitor.page()
    page.add_init_script(VOICES)
    start(page)
    composer_of(page).fill("So")
    page.get_by_role("button", name="Dictate").click()
    expect(composer_of(page)).to_have_value("So what would that mean")
    page.get_by_role("button", name="Read replies aloud").click()
    reply(page, "It happened, and it was our fault. What would that mean for you?")
    spoken = page.locator(".log .turn.buyer .said").last.inner_text()
    assert page.evaluate("window.said") == [spoken]
    page.reload()
    expect(page.get_by_role("button", name="Read replies aloud")).to_have_attribute(
        "aria-pressed", "true"
    )
    mute = visitor.page()
    mute.add_init_script(
        "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
        "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
    )
    start(mute)
    expect(mute.get_by_role("button", name="Hint")).to_be_visible()
    expect(mute.get_by_role("button", name="Dictate")).to_be_hidden()
    expect(mute.get_by_role("button", name="Read replies aloud")).to_be_hidden()


def test_the_mood_is_seen_only_where_a_trainer_allows_it(visitor: Visitor, address: str) -> None:
    """Hidden by default, over HTTP too; with `show_mood` it stands in the briefing and follows."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        shipped = load_scenarios().get("trust-true-rumour")
        body = shipped.model_dump(mode="json", exclude_defaults=True)
        body |= {"id": "open-mood", "title": "With an open mood", "show_mood": True}
        assert client.post("/v1/scenarios", json=body).status_code == 201
        hidden = client.post("/v1/sessions", json={"scenario": shipped.id}).json()["id"]
        refused = client.get(f"/v1/sessions/{hidden}/mood")
        assert refused.status_code == 403
        assert "show_mood" in refused.json()["detail"]
        page = visitor.page()
        page.goto(f"/practice/{hidden}")
        expect(page.locator("#mood")).to_have_count(0)
        start(page, "With an open mood")
        trust = page.locator('#mood [data-mood="trust"] b')
        before = trust.inner_text()
        reply(page, "There was no outage. That is just a rumour our competitors spread.")
        expect(trust).not_to_have_text(before)
        session = page.url.rpartition("/")[2].partition("#")[0]
        now = client.get(f"/v1/sessions/{session}/mood").json()
        expect(trust).to_have_text(str(round(now["trust"])))
        client.delete("/v1/scenarios/open-mood")


def test_the_gallery_is_narrowed_and_shows_ones_own_mastery(visitor: Visitor) -> None:
    """By section, time and mastery, without script; what was practised says so on its card."""
    page = visitor.page(script=False)
    start(page)
    page.goto("/")
    page.get_by_label("Section of the guide").select_option("Building Trust")
    page.get_by_label("Your mastery").select_option("Under way")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".scenario h3")).to_have_text([RUMOUR])
    expect(page.locator(".scenario .own")).to_contain_text("practised")
    expect(page.get_by_label("Section of the guide")).to_have_value("Building Trust")
    page.goto("/?minutes=10&difficulty=hard")
    expect(page.get_by_text("No scenario is like that.")).to_be_visible()


def test_live_assist_opens_beside_the_call(visitor: Visitor) -> None:
    """A narrow window with the question alone, which answers like the page does."""
    page = visitor.page()
    page.goto("/assist")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open in a side window").click()
    side = opened.value
    expect(side.get_by_role("navigation")).to_be_hidden()
    expect(side.get_by_role("button", name="Open in a side window")).to_be_hidden()
    side.get_by_label("The customer’s words").fill("We have been with Meridant for ten years.")
    expect(side.locator(".suggestion").first).to_be_visible()
    assert overflow(side) == 0
