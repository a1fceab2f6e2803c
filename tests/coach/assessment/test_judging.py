"""Each verdict rests on words of the reply and says something about this very reply."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.assessment import Assessment, Check, Verdict
from coach.assessment.seen import MYTH_RULES
from coach.fidelity.sellers import lines
from coach.rubric import MYTH_RULES as MYTH_NAMES
from coach.scenario import Act
from tests.coach.assessment.conftest import Judge

LOOSE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def by_id(assessment: Assessment) -> Mapping[str, Check]:
    return {check.id: check for check in assessment.checks}


# --- quotes ---

_ODD = st.sampled_from(
    [
        *("e\u0301", "a\u0308\u0323", "\U0001d54f", "\u0130stanbul", "\ufb01nd", "\u1e9e"),
        *("\u0645\u0631\u062d\u0628\u0627 \u0628\u0643", "\u202eabc\u202c", "\u0e01\u0e33"),
        *(
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f1e9\U0001f1ea",
            "\u6771\u4eac\u3002",
        ),
        *("\r\n", "\r\n\r\n", "\ufeff", "\u200b", "\u00ad", "\u2028", "\x0b", "\u00a0", "\t"),
        *("...", "?!", "\u00bf", "- one\n- two", "> said"),
    ]
)
_SAID = st.sampled_from(
    [
        "I'm sorry about the support centre closing.",
        "I understand that it worries you.",
        "What would it mean for your people?",
        "Our uptime was 99.97% in 2025.",
        "Our uptime has been 100% since 2011.",
        "I'll send it to you by Friday.",
        "This offer ends today.",
        "Support isn't going offshore.",
        *lines()["weak"]["disparage"],
    ]
)
replies = st.lists(st.one_of(_SAID, _ODD, st.text(max_size=30)), min_size=1, max_size=6).map(
    " ".join
)


@LOOSE
@given(text=replies)
def test_every_quote_stands_at_its_span_whatever_the_text_is_made_of(
    judge: Judge, text: str
) -> None:
    """Combining marks, right-to-left, emoji, CRLF and control characters among real sentences."""
    found = judge("trust-false-rumour", text)
    for check in found.checks:
        assert check.quote == text[slice(*check.span)]
        seen = check.verdict is not Verdict.NOT_OBSERVABLE
        assert bool(check.quote) == (seen and bool(text))
    for claim in found.claims:
        assert claim.text == text[slice(*claim.span)]
    assert 0 < len(found.tip) <= 200


# --- why ---


def test_what_was_missed_is_named_in_the_buyers_words(judge: Judge) -> None:
    """No stock line: another point of the buyer gives another reason."""
    text = "Our platform has many modules. Shall we book a demonstration on Monday?"
    said = "Half of our calls come before eleven. Nine hours is the whole day gone."
    found = by_id(judge("trust-true-rumour", text, said))
    why = found["acknowledges-first"].explanation
    assert found["acknowledges-first"].verdict is Verdict.NO
    assert "Half of our calls come before eleven." in why
    other = by_id(judge("trust-true-rumour", text, "We had no phones at all."))
    assert other["acknowledges-first"].explanation != why


def test_what_was_done_is_told_with_what_it_took_up(judge: Judge) -> None:
    text = "Yes, it was our fault. What would nine hours without calls mean on your wards?"
    found = by_id(judge("trust-true-rumour", text, provoked=Act.EXPLAIN))
    assert "outage" in found["asks-before-answering"].explanation
    assert "told you more" in found["asks-before-answering"].explanation
    assert found["owns-it"].verdict is Verdict.YES


def test_a_claim_is_explained_by_the_words_of_its_evidence(judge: Judge) -> None:
    text = "Since September 2024 we run two active sites, Frankfurt and Amsterdam."
    check = by_id(judge("trust-true-rumour", text))["proves-claims"]
    assert check.verdict is Verdict.YES
    assert "Amsterdam" in check.explanation


def test_the_files_that_judged_are_named_with_their_versions(judge: Judge) -> None:
    found = judge("trust-true-rumour", "Yes, that happened.").rubrics
    assert found == ("trust-true-rumour@1", "conversation@1", "hard-rules@1", "rumours@1")


def test_every_rule_about_a_rumours_words_is_known_where_scenarios_are_checked() -> None:
    assert MYTH_RULES.keys() == MYTH_NAMES


# --- the tip ---


def test_the_tip_is_the_most_useful_one_not_the_first(judge: Judge) -> None:
    """A wrong claim comes before a missing question, and a denial before everything."""
    wrong = judge("trust-true-rumour", "Our uptime has been 100% since 2011.").tip
    assert "uptime" in wrong.lower() or "100%" in wrong or "show" in wrong
    denied = judge("trust-true-rumour", "There was no outage. Sign today, the offer ends tonight.")
    assert denied.tip.startswith("Take it back")


def test_a_tip_quotes_only_what_the_buyer_has_said(judge: Judge) -> None:
    """Written tips know the whole scenario; what to take up comes from the buyer's own words."""
    said = "We've looked at your brochure and it leaves me cold. I can't see what we'd gain."
    tip = judge("misunderstood-value", "It has many modules and a modern interface.", said).tip
    quoted = tip[tip.index("“") + 1 : tip.index("”")]
    assert quoted.rstrip("…") in said


def test_a_tip_is_not_given_twice_while_there_is_another(judge: Judge) -> None:
    text = "Our platform has many modules and a modern interface."
    first = judge("trust-unknown", text).tip
    assert judge("trust-unknown", text, tips=(first,)).tip != first


@pytest.mark.parametrize("provoked", [Act.REVEAL, Act.CHALLENGE, Act.WARN])
def test_what_the_buyer_just_did_can_matter_most(judge: Judge, provoked: Act) -> None:
    text = "I hear you. What would it change for you?"
    assert judge("trust-true-rumour", text, provoked=provoked).tip.startswith(
        {
            Act.REVEAL: "That is what it is really about",
            Act.CHALLENGE: "Give the source",
            Act.WARN: "You are about to lose them",
        }[provoked]
    )


# --- marks ---


def test_what_judges_look_for_is_nothing_that_the_buyer_feels(judge: Judge) -> None:
    """Advice on something else is still beside the point, though it is heard as advice."""
    moves = judge("interest", "You should try the new pizza place round the corner.").moves
    assert {"advise", "off_topic"} <= set(moves)
