"""Every payload is one that Slack takes, whatever was said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.slack import blocks, debrief_blocks, home_blocks, limits, wording
from api.slack.manifest import manifest
from coach.assessment import Assessment, Check, Verdict
from coach.claims import Citation, Claim, ClaimStatus
from coach.debrief import CheckSummary, Debrief
from coach.messenger.people import Person
from coach.messenger.reminding import Cadence
from coach.practice.hinting import Hint
from coach.practice.opening import Wish, opened
from coach.scenario import Scenario
from coach.scenario_book import load_scenarios
from coach.session import LOCAL, Engine, Session
from coach.suggestion import Advice, CitedClaim, ObjectionGuess, Style, Suggestion
from tests.block_kit import faults, length
from tests.canned import AT

BOOK = load_scenarios()
ENGINE = Engine("embedded", "embedded", "minilm")
PERSON = Person("T1", "U1", "local", "anna", "Europe/Berlin", Cadence.DAILY, 7)

#: Anything, of any length: what is escaped grows, what is astral counts twice.
words = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["&", "<", "*_~`", "\U0001f600", "a", "a b. ", "\n", "&amp;"]).flatmap(
        lambda part: st.integers(1, 9000).map(lambda many: part * (many // len(part) + 1))
    ),
)


def began(scenario: Scenario) -> Session:
    return opened(LOCAL, scenario, Wish(seed=1), ENGINE, AT)


def taken(shown: list[blocks.Block], most: int = 50) -> None:
    for part in limits.messages(shown, most):
        assert faults(part, None, most) == []


@pytest.mark.parametrize("scenario", BOOK.all(), ids=lambda one: one.id)
def test_all_scenarios(scenario: Scenario) -> None:
    """The thread's root, the opening, a reminder and a debrief of each."""
    session = began(scenario)
    taken(blocks.root(scenario, session))
    taken(blocks.said(session.turns[0], session))
    taken(home_blocks.reminder(scenario.title, scenario.summary, scenario.id))
    for who in scenario.personas:
        taken(debrief_blocks.debrief(debrief_of("Well done.", scenario), who, "https://c/d"))


def test_the_picker() -> None:
    """Every scenario is in one message."""
    shown = blocks.picker(BOOK.all())
    assert faults(shown, None) == []
    groups = shown[-1]["elements"][0]["option_groups"]
    assert {o["value"] for g in groups for o in g["options"]} == {s.id for s in BOOK.all()}
    taken(blocks.picker([]))


@settings(max_examples=20, deadline=None)
@given(words)
@example("")
@example("<!channel> <@U1> *b*" * 400)
def test_any_text(text: str) -> None:
    """Nothing that anybody says makes a payload that Slack refuses."""
    session = began(BOOK.all()[0])
    said = replace(session.turns[0], text=text, index=2)
    taken(blocks.said(said, session))
    claim = Claim(text, (0, 1), ClaimStatus.SUPPORTED, (Citation("e", text, (0, 1)),), text)
    check = Check("c", text, Verdict.YES, text, (0, 1), text)
    judged = Assessment(True, (), (check,), (claim,), text)
    taken(blocks.why(judged))
    taken(blocks.sources(judged, {}))
    taken(blocks.why(Assessment.unscored(text)))
    cited = (CitedClaim(text, "e", text, (0, 1)),)
    one = Suggestion(Style.CONCISE, text, cited, text, text)
    taken(blocks.hint(Hint(3, text, (one,) * 3)))
    taken(blocks.advice(Advice(ObjectionGuess("unknown", "x", 0.9), (one,) * 3, note=text)))
    taken(debrief_blocks.debrief(debrief_of(text, BOOK.all()[0]), BOOK.all()[0].personas[0]))
    assert length(wording.fallback(text)) <= 2000


def debrief_of(text: str, scenario: Scenario) -> Debrief:
    checks = tuple(
        CheckSummary(item.id, text or item.question, 1, 0, 0, text, None, False, text)
        for item in scenario.checks
    )
    return Debrief(
        session="s" * 32, outcome="ended", outcome_reason=text, score=40, failed=text,
        checks=checks, buyer={}, claims={}, strengths=(text,) * 5, next_drill=text,
        what_if=(), hints_used=0, ending="ended", success=False,
    )  # fmt: skip


@given(st.text(max_size=300))
def test_typed_words_are_no_markup(text: str) -> None:
    """No link, mention or broadcast can be made of what somebody typed."""
    shown = wording.literal(text)
    assert "<" not in shown
    assert wording.plain(shown.replace("\u2060", "")) == text.replace("\u2060", "").strip()


@given(words, st.integers(20, 3000))
def test_pieces_lose_nothing(text: str, most: int) -> None:
    """Split text is the whole text, each part short enough, no escaped sign cut in two."""
    escaped = wording.escaped(text)
    found = list(limits.pieces(escaped, most))
    assert all(0 < length(part) <= most for part in found)
    assert "".join("".join(found).split()) == "".join(escaped.split())
    assert not any(
        part.endswith(("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt")) for part in found
    )


def test_what_slack_wrote_is_read_as_typed() -> None:
    """Links by their label, mentions left out, signs as signs."""
    sent = "See <https://a.example|our page> &amp; <mailto:b@c.example> <@U1|bo>&lt;3 <!here>"
    assert wording.plain(sent) == "See our page & b@c.example bo<3"


def test_the_manifest_names_one_door() -> None:
    """Events, interactions and the command all knock at the same address; it is an agent."""
    made = manifest("https://coach.example")
    door = "https://coach.example/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == door
    assert made["settings"]["interactivity"]["request_url"] == door
    assert made["features"]["slash_commands"][0]["url"] == door
    assert "agent_view" in made["features"]
    assert "request_url" not in str(manifest("", socket=True))
