"""What the pages call things. Templates and scripts both read these, so a word stands once."""

from __future__ import annotations

from coach.session import Engine

VERDICTS = {"yes": "Yes", "no": "No", "not_observable": "Not seen"}

CLAIMS = {
    "supported": "Supported",
    "overstated": "Overstated",
    "unsupported": "No evidence",
    "contradicted": "Contradicted",
    "stale": "Out of date",
    "not_a_claim": "Not a claim",
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

#: What became of a concern, by its standing, said to the rep.
STANDINGS = {
    "hidden": "You never got to hear this",
    "surfaced": "It came out, and stayed unanswered",
    "explored": "You explored it, and left it unanswered",
    "answered": "You answered it, though not fully",
    "resolved": "You settled it",
    "reopened": "You settled it, and it came back",
}

MOODS = {"trust": "Trust", "value": "Value seen", "patience": "Patience"}


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


#: For the scripts, in ``<body data-labels>``.
LABELS = {
    "verdicts": VERDICTS,
    "claims": CLAIMS,
    "styles": STYLES,
    "outcomes": OUTCOMES,
}
