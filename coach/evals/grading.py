"""What code can tell of an answer for sure. Pure; no model judges here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.assessment import Assessment
from coach.buyer.state import Standing
from coach.suggestion import Advice
from coach.suggestion.grounding import uncovered

if TYPE_CHECKING:
    from coach.evals.case import Expected
    from coach.scenario import Scenario
    from coach.session import Turn

SHINGLE = 5  # words in a row that give a secret away
UNBROKEN = ("yes", "not_observable")
CONCEDING = frozenset({"accept", "agree", "invite"})

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = re.compile(r"[\w']+")
_OUT_OF_ROLE = re.compile(
    r"\b(?:as an? |i(?:'|’)?m an? |i am an? )(?:ai|assistant|language model|coach|seller)\b"
    r"|\bhow (?:can|may) i (?:help|assist)\b|^\s*(?:seller|assistant|buyer|user|system)\s*:"
    r"|\bthank you for (?:your interest|considering us|choosing us)\b",
    re.IGNORECASE | re.MULTILINE,
)
_GIVES_IN = re.compile(
    r"\b(?:i(?:'|’)m (?:convinced|sold|in)\b|let(?:'|’)s (?:do it|go ahead|proceed|sign)"
    r"|i accept\b|you(?:'|’)ve (?:convinced|won) me|sign me up|we have a deal"
    r"|i(?:'|’)ll (?:take it|sign|buy)|where do i sign)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"https?://|<[a-z/!][^>]*>|\]\(|```|^\s*(?:[-*#]|\d+\.)\s", re.I | re.M)


@dataclass(frozen=True)
class Grade:
    """``says`` tells what was found where it was not passed."""

    name: str
    passed: bool
    says: str = ""


def graded(name: str, wrong: object, says: str = "") -> Grade:
    return Grade(name, not wrong, (says or str(wrong)) if wrong else "")


def voice_grades(
    scenario: Scenario, before: Sequence[Turn], buyer: Turn, expect: Expected
) -> Iterator[Grade]:
    """Of the buyer's turn: who speaks, what is told, and what is let go."""
    text = buyer.text
    yield graded("in_role", _found(_OUT_OF_ROLE, text))
    gives_in = "" if buyer.act in CONCEDING else _found(_GIVES_IN, text)
    yield graded("gives_nothing_away", gives_in)
    told = " ".join([scenario.spoken, scenario.summary, *(turn.text for turn in before)])
    yield graded("invents_no_figure", _figures(text) - _figures(told))
    yield graded("keeps_secrets", _secret_in(scenario, buyer))
    again = [turn.text for turn in before if turn.speaker == buyer.speaker and turn.text == text]
    yield graded("says_nothing_twice", again)
    yield graded("plain_words", _found(_MARKUP, text))
    yield never_said(text, expect.never)


def suggestion_grades(
    advice: Advice, objection: str, texts: Mapping[str, str], expect: Expected
) -> Iterator[Grade]:
    """Of suggested replies; ``texts`` are those of the evidence by id."""
    suggestions = advice.suggestions
    claims = [claim for suggestion in suggestions for claim in suggestion.claims]
    if expect.cites is not None:
        says = "nothing is cited" if expect.cites else "something is cited"
        yield graded("cites_as_expected", bool(claims) is not expect.cites, says)
    made_up = [
        c.quote for c in claims if texts.get(c.evidence_id, "")[c.span[0] : c.span[1]] != c.quote
    ]
    yield graded("quotes_exist", made_up)
    loose = [
        word
        for s in suggestions
        for word in uncovered(s.text, [claim.quote for claim in s.claims], objection)
    ]
    yield graded("facts_are_quoted", loose)
    mute = [s.style.value for s in suggestions if "?" not in f"{s.text} {s.question}"]
    yield graded("asks_a_question", mute)
    yield graded("plain_words", [f for s in suggestions if (f := _found(_MARKUP, s.text))])
    yield never_said(" ".join(s.text for s in suggestions), expect.never)


def judge_grades(reply: str, assessment: Assessment, expect: Expected) -> Iterator[Grade]:
    """Each labelled check by itself; a verdict that is right on the whole says little."""
    found = {check.id: check for check in assessment.checks}
    for key, label in expect.labels.items():
        given = found[key].verdict.value if key in found else "unscored"
        right = UNBROKEN if label.value == "not_broken" else (label.value,)
        says = f"{key}: {given}, labelled {label.value}"
        yield graded("agrees_with_label", given not in right, says)
    made_up = [c.quote for c in assessment.checks if c.quote and c.quote not in reply]
    yield graded("quotes_exist", made_up)


def never_said(text: str, phrases: Sequence[str]) -> Grade:
    low = text.casefold()
    return graded("never_says", [phrase for phrase in phrases if phrase.casefold() in low])


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0].strip() if match else ""


def _figures(text: str) -> set[str]:
    return set(_DIGITS.findall(text))


def _secret_in(scenario: Scenario, buyer: Turn) -> str:
    """Words in a row of a worry that is still hidden, as this turn tells them."""
    state = buyer.state
    said = _shingles(buyer.text)
    for concern in scenario.concerns:
        kept = state.concerns.get(concern.id) if state else None
        if kept is None or kept.standing is not Standing.HIDDEN:
            continue
        for secret in (concern.card, *concern.say):
            if common := said & _shingles(secret):
                return " ".join(next(iter(common)))
    return ""


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
