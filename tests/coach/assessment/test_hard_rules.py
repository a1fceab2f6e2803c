"""What fails a session whatever else went well, said in several ways to real scenarios."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coach.assessment import Check, Verdict
from coach.buyer import opening_state
from coach.rubric import HARD_RULES, rubrics
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import ScenarioBook, load_scenarios
from knowledge.evidence import Truth
from tests.coach.assessment.conftest import Judge

DENIED = (
    "That story is wrong, our phones stayed up throughout March 2024.",
    "There was never any nine-hour outage at our end.",
    "Somebody has misinformed you; nothing of the sort took place.",
    "I can assure you our platform has never been down for nine hours.",
    "I understand the worry, but those reports are made up.",
    "We had no such outage.",
)
OWNED = (
    "I'm sorry about the support centre closing.",
    "Yes, that's true, we're moving support abroad.",
    "We apologise for moving our support offshore.",
    "You heard right, the centre is closing next year.",
    "I'm afraid it is true: support goes offshore.",
)
ASSERTED = (
    "No, that's not true, we don't do that with recordings.",
    "Yes, that's true, recordings are used for that.",
    "That's just gossip, nothing is used for training.",
    "You heard right, we do train software with them.",
    "I can rule that out completely.",
)
SCARCE = (
    "I can't hold this price beyond Friday.",
    "There are just two onboarding slots left this quarter.",
    "Another company is about to take your place on the list.",
    "The offer lapses tonight at midnight.",
    "After Thursday these terms are gone.",
)
RUN_DOWN = (
    "The others are a bunch of crooks.",
    "Your present supplier is incompetent, everybody knows that.",
    "They're cowboys and their service is rubbish.",
    "Those people can't be trusted.",
)
REFUTED = (
    "Our uptime has been 100% since 2011.",
    "Corvane has 25,000 customers in 60 countries.",
)
FINE = (
    "We have no deadline for you; take the time you need.",
    "Could we finish before your notice period ends on 31 March?",
    "I won't say anything bad about them, they do good work.",
    "What would happen here if only two people were left at the desk?",
    "I don't know that, and I'll find out by Friday.",
    "Is there a date by which you'd have to decide?",
    "How many places are left in your team?",
)
GOOD = "That worry makes sense, and I'd ask the same. What would it mean for your people?"


def rule(scenario: str, kind: str) -> str:
    """The id of the check that forbids ``kind`` for good in ``scenario``."""
    checks = load_scenarios().get(scenario).checks
    return next(item.id for item in checks if item.fatal and kind in item.no)


def failed(checks: tuple[Check, ...], check_id: str) -> Check:
    check = next(c for c in checks if c.id == check_id)
    assert check.verdict is Verdict.NO, check
    assert not check.excused
    return check


@pytest.mark.parametrize(
    ("scenario", "kind", "words"),
    [
        *[("trust-true-rumour", "deny", words) for words in DENIED],
        *[("trust-false-rumour", "own", words) for words in OWNED],
        *[("trust-unknown", "deny", words) for words in ASSERTED],
        *[("interest", "scarcity", words) for words in SCARCE],
        *[("interest", "disparage", words) for words in RUN_DOWN],
        *[("interest", "invent", words) for words in REFUTED],
        ("trust-true-rumour", "scarcity", SCARCE[0]),
        ("trust-unknown", "disparage", RUN_DOWN[0]),
        ("trust-false-rumour", "invent", REFUTED[1]),
    ],
)
def test_a_hard_rule_fails_however_it_is_broken(
    judge: Judge, scenario: str, kind: str, words: str
) -> None:
    """Also inside a reply that does everything else well; the reason speaks of these words."""
    text = f"{GOOD} {words}"
    assessment = judge(scenario, text)
    check = failed(assessment.checks, rule(scenario, kind))
    assert check.quote in text
    assert check.quote not in GOOD
    assert check.explanation
    assert assessment.tip in {item.tip for item in load_scenarios().get(scenario).checks}


@pytest.mark.parametrize("words", FINE)
@pytest.mark.parametrize("scenario", ["interest", "trust-true-rumour", "trust-false-rumour"])
def test_what_only_sounds_like_it_fails_nobody(judge: Judge, scenario: str, words: str) -> None:
    fatal = {item.id for item in load_scenarios().get(scenario).checks if item.fatal}
    broken = [
        c
        for c in judge(scenario, words).checks
        if c.id in fatal and c.verdict is Verdict.NO and not c.excused
    ]
    assert not broken


def test_a_customer_nobody_knows_is_asked_about_once_and_fails_the_second_time(
    judge: Judge, book: ScenarioBook
) -> None:
    """It may be true and only not filed; who goes on like that invents."""
    made_up = "Sankt Elsbeth Hospital reduced its lost calls by 97% with us."
    where = book.get("interest")
    fresh = opening_state(where, where.personas[0], Difficulty.NORMAL, 1)
    once, again = (
        next(c for c in judge("interest", made_up, before=state).checks if c.id == "no-invention")
        for state in (fresh, replace(fresh, flags=frozenset({"unsourced"})))
    )
    assert (once.verdict, once.excused) == (Verdict.NO, True)
    assert (again.verdict, again.excused) == (Verdict.NO, False)


@pytest.mark.parametrize("scenario", load_scenarios().all(), ids=lambda s: s.id)
def test_every_scenario_holds_all_hard_rules_that_concern_it(scenario: Scenario) -> None:
    """By a check of its own or by the shared one, and none of them twice."""
    truth = scenario.rumour.truth if scenario.rumour else None
    held = {kind for item in scenario.checks if item.fatal for kind in item.no}
    asked = {"invent", "scarcity", "disparage"}
    asked |= (
        {
            Truth.TRUE: {"deny"},
            Truth.FALSE: {"own", "apologise"},
            Truth.UNKNOWN: {"deny", "own", "correct"},
        }.get(truth, set())
        if truth
        else set()
    )
    assert asked <= held
    ids = [item.id for item in scenario.checks]
    assert len(ids) == len(set(ids))


# --- a false rumour, part by part ---

MYTH = "Our support centre isn't closing and support isn't going offshore."
FACT = "In 2025 our support grew from 61 to 78 people in Ghent and Porto."


@pytest.mark.parametrize(
    ("text", "once", "last"),
    [
        (f"{FACT} {MYTH} So 78 people answer your calls.", Verdict.YES, Verdict.YES),
        (f"{FACT} {MYTH}", Verdict.YES, Verdict.NO),
        (f"{FACT} {MYTH} Support is really not closing. {FACT}", Verdict.NO, Verdict.YES),
        (FACT, Verdict.NOT_OBSERVABLE, Verdict.NOT_OBSERVABLE),
    ],
)
def test_a_false_story_is_named_once_and_is_not_the_last_word(
    judge: Judge, text: str, once: Verdict, last: Verdict
) -> None:
    found = {c.id: c for c in judge("trust-false-rumour", text).checks}
    assert found["names-the-myth-once"].verdict is once
    assert found["ends-on-the-fact"].verdict is last


def test_each_part_of_handling_a_rumour_is_a_check_of_its_own(book: ScenarioBook) -> None:
    """Owned, what changed, how to verify; fact, source of the story, once, fact; a day."""
    parts = {
        "trust-true-rumour": {"owns-it", "shows-what-changed", "lets-the-buyer-check"},
        "trust-false-rumour": {
            "corrects-with-a-fact",
            "says-where-it-comes-from",
            "names-the-myth-once",
            "ends-on-the-fact",
        },
        "trust-unknown": {"commits-to-a-date"},
    }
    for scenario, ids in parts.items():
        assert ids <= {item.id for item in book.get(scenario).checks}


def test_rules_hold_for_the_truth_they_were_written_for() -> None:
    """The shared file names a truth for three of them, and none for the rest."""
    file = rubrics()[HARD_RULES]
    assert set(file.rumour.values()) == set(Truth)
    assert all(re.match(r"no-", check) for check in file.checks if check not in file.rumour)
