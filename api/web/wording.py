"""What the pages call things. Templates and scripts both read these, so a word stands once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from coach.session import Engine

#: The main places: what a template calls itself in ``here``, where it is, how it is called.
PLACES = (
    ("practise", "/", "Practise"),
    ("progress", "/progress", "Progress"),
    ("assist", "/assist", "Live assist"),
    ("knowledge", "/knowledge", "Knowledge"),
    ("team", "/goals", "Team"),
)

VERDICTS = {"yes": "Yes", "no": "No", "not_observable": "Not seen"}

CLAIMS = {
    "supported": "Supported",
    "overstated": "Overstated",
    "unsupported": "No evidence",
    "contradicted": "Contradicted",
    "stale": "Out of date",
    "not_a_claim": "Not a claim",
    "unchecked": "Not checked",
}

STYLES = {
    "acknowledge_and_ask": "Acknowledge, then ask",
    "evidence_led": "Lead with evidence",
    "concise": "Keep it short",
}

DIFFICULTIES = {"easy": "Easy", "normal": "Normal", "hard": "Hard"}

#: Headline by session status; ``{name}`` is the buyer.
OUTCOMES = {
    "won": "{name} agreed to the next step",
    "walked_away": "{name} walked away",
    "ended": "The conversation ended",
}

#: How well a check is mastered.
LEVELS = {
    "new": "New",
    "struggling": "Needs work",
    "learning": "Getting there",
    "mastered": "Mastered",
}

#: How far a rep is with a scenario.
STAGES = {"new": "Not tried yet", "going": "Under way", "mastered": "Mostly mastered"}

#: Headline of a debrief by how the talk ended, where that says more than the status.
ENDINGS = {
    "honest_no": "{name} doesn't need it, and you said so: a success",
    "guessed_no": "You let go of {name} without knowing why that was right",
    "need_missed": "You let go of {name}, who has the need",
}

#: What a buyer conceded or took back.
DECISIONS = {
    "settled": "Let go of",
    "told": "Told you about",
    "reopened": "Took up again",
    "agreed": "Agreed to the next step",
    "parted": "Took your no",
}

#: What became of a concern, by its standing, said to the rep.
STANDINGS = {
    "hidden": "You never got to hear this",
    "surfaced": "It came out, and stayed unanswered",
    "explored": "You explored it, and left it unanswered",
    "answered": "You answered it, though not fully",
    "resolved": "You settled it",
    "reopened": "You settled it, and it came back",
}

#: The same in one word, for a picture.
STANDS = {
    "hidden": "Hidden",
    "surfaced": "Said",
    "explored": "Explored",
    "answered": "Answered",
    "resolved": "Settled",
    "reopened": "Open again",
}

#: How close a guess at what is hidden came.
GUESSES = {
    "right": "That’s it",
    "close": "Close",
    "other_concern": "True, but not hidden",
    "no_match": "Not it",
}

#: What became of an attempt, by session status.
FATES = {
    "active": "Still going on",
    "won": "Agreed to the next step",
    "walked_away": "Walked away",
    "ended": "Ended",
}

#: Where a concern stands while it is being talked about.
WORRIES = {
    "surfaced": "open",
    "explored": "explored",
    "answered": "answered, not settled",
    "resolved": "settled",
    "reopened": "open again",
}

MOODS = {"trust": "Trust", "value": "Value seen", "patience": "Patience"}


def signed(change: float) -> str:
    """A change as it is read: +12, −8, ±0."""
    whole = round(change)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole else "±0"


def engine_label(engine: Engine) -> str:
    if engine.voice == "embedded":
        return "Embedded engine: no language model"
    return f"Language model: {engine.voice}"


def initials(name: str) -> str:
    """Up to two letters for an avatar; titles such as "Dr" are left out."""
    words = [w for w in name.split() if w[0].isalpha() and not w.endswith(".") and w != "Dr"]
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if words[1:] else words))


def humanise(slug: str) -> str:
    words = slug.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def mood_cause(line: str) -> str:
    """A line of the buyer's log, "owned it: trust +4.0, value +0.0", as a rep reads it.

    Empty when only time moved the buyer, or when nothing moved.
    """
    cause, separator, moved = line.rpartition(": ")
    changes = [part for part in moved.split(", ") if not part.endswith((" +0.0", " -0.0"))]
    if not separator or cause == "time passes" or not changes:
        return "" if separator else line
    return humanise(cause.removeprefix("seller's move: ")) + ": " + ", ".join(changes)


KINDS = {
    "case_study": "Case study",
    "testimonial": "Testimonial",
    "competitive_fact": "Competitive fact",
    "product_fact": "Product fact",
    "track_record": "Track record",
    "rumour": "Rumour",
    "market_fact": "Market fact",
}

SEVERITIES = {"error": "Errors", "warning": "Warnings", "info": "Notes"}

#: What a check found, by its code.
FINDINGS = {
    "stale": "Out of date",
    "soon_stale": "Running out soon",
    "missing_source": "Without a source",
    "missing_owner": "Without an owner",
    "missing_as_of": "Without a date",
    "as_of_in_future": "Dated in the future",
    "valid_until_before_as_of": "Ends before it begins",
    "rumour_without_position": "Rumours without a position",
    "contradiction": "Contradictions",
    "claim_without_evidence": "Claims without evidence",
    "near_duplicate": "Said twice",
    "no_case_study": "Sectors and regions without a case study",
    "no_competitive_fact": "Competitors without a fact",
    "empty_kind": "Kinds with nothing to show",
    "scenario_without_evidence": "Scenarios without evidence",
    "scenario_without_rumour": "Scenarios without their rumour",
}

LACKS = {"proof": "No proof", "comparison": "No comparison", "reference": "No reference"}

AHEAD = {
    "us": "We lead",
    "them": "They lead",
    "similar": "Even",
    "mixed": "It depends",
    "unstated": "Not stated",
}

FIELDS = {
    "customer": "Customer",
    "sector": "Sector",
    "region": "Region",
    "size": "Employees",
    "competitor": "Competitor",
    "criterion": "Criterion",
    "us": "Us",
    "them": "Them",
    "advantage": "Who is ahead",
    "truth": "Is it so?",
    "source": "Source",
    "owner": "Owner",
    "as_of": "As of",
    "valid_until": "Valid until",
    "label": "Label",
    "kind": "Kind",
    "title": "Title",
    "position": "Position",
    "visibility": "Visibility",
    "text": "Text",
    "do_not_say": "Don’t say",
}


def named(table: dict[str, str], key: str) -> str:
    """The words for ``key``, or the key itself made readable."""
    return table.get(key) or humanise(key)


def segment(value: str) -> str:
    """One segment of a path, whatever signs it holds."""
    return quote(value, safe="")


def readable(text: str) -> str:
    """A stretch of Markdown without the signs of its headings and without empty lines."""
    lines = (line.strip().lstrip("#").strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def with_query(path: str, given: Mapping[str, Any], **changes: Any) -> str:
    """The address of ``path`` with what is asked for; empty values are left out."""
    asked = {key: value for key, value in {**given, **changes}.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


#: For the scripts, in ``<body data-labels>``.
LABELS = {
    "verdicts": VERDICTS,
    "claims": CLAIMS,
    "styles": STYLES,
    "outcomes": OUTCOMES,
    "guesses": GUESSES,
}
