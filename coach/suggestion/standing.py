"""Which sentences of evidence can be said alone, and what they prove by themselves. Pure."""

from __future__ import annotations

import re

from coach.suggestion.grounding import figures
from knowledge.evidence import Evidence, Kind

FEWEST, MOST = 5, 45  # words
OPENING = 6  # words within which a sentence that begins with "The" says whose
_TRAILING = "\"'”’»)]"


def stands_alone(sentence: str, item: Evidence, told_by: str = "") -> bool:
    """True for a whole sentence whose subject is named in it and that refers back to nothing.

    ``told_by`` says who is speaking, where that goes along with the quote.
    """
    words = sentence.split()
    return (
        FEWEST <= len(words) <= MOST
        and not _LEANS.match(sentence)
        and not _REFERS_BACK.search(sentence)
        and not _NOT_PROSE.search(sentence)
        and not (_LOSS.search(sentence) and item.kind is not Kind.RUMOUR)
        and sentence.count("“") == sentence.count("”")
        and (bool(told_by) or not _speaks(sentence))
        and (_ends(sentence) or _is_result(sentence))
        and (bool(told_by) or _names_its_subject(sentence, item))
    )


def strength(sentence: str, item: Evidence, start: int) -> float:
    """How much the sentence at ``start`` of the item proves alone, to add to its likeness.

    A result with its figure proves most, how things were before proves nothing.
    """
    section = section_at(item.text, start)
    gain = _GAIN.search(sentence)
    found = 0.07 if gain and figures(sentence) else 0.03 if gain or figures(sentence) else 0.0
    found += 0.05 if _AFTER.search(section) else 0.0
    found -= 0.08 if _GENERAL.search(section) else 0.0
    return found - (0.0 if _ends(sentence) else 0.08)


def tells_the_time_before(item: Evidence, start: int) -> bool:
    """True where the sentence stands under a heading such as "Situation" or "Challenge"."""
    return bool(_BEFORE.search(section_at(item.text, start)))


def section_at(text: str, position: int) -> str:
    """The heading or label that ``position`` stands under, or ""."""
    heading = ""
    for match in _HEADING.finditer(text):
        if match.start() > position:
            break
        heading = match["heading"] or match["label"]
    return heading


def after_label(text: str) -> int:
    """Where the words begin behind a label such as "Result:", else 0."""
    match = _HEADING.match(text)
    return match.end() if match and match["label"] else 0


def _names_its_subject(sentence: str, item: Evidence) -> bool:
    """A name somewhere, early where it begins with "The"; a figure will do for a market."""
    if item.kind is Kind.MARKET_FACT and figures(sentence):
        return True
    words = sentence.split()
    known = f"{item.customer or ''} {item.competitor or ''} {item.text} {item.title}"
    at = next((n for n, word in enumerate(words) if _is_name(word, n, known)), None)
    if at is None:
        return bool(_ANYBODY.match(sentence))
    return at < OPENING or not sentence.startswith(("The ", "In the "))


def _is_name(word: str, place: int, known: str) -> bool:
    bare = re.sub(r"^\W+|(?:['’]s)?\W+$|['’]s$", "", word)
    if not bare[:1].isupper() or bare in _NO_NAME:
        return False
    inner = any(ch.isupper() for ch in bare[1:])
    return bool(place or inner or re.search(rf"[a-z,] {re.escape(bare)}\b", known))


def _speaks(sentence: str) -> bool:
    """First person, outside words that the sentence itself quotes."""
    return bool(_FIRST_PERSON.search(re.sub(r"“[^”]*”", "", sentence)))


def _ends(sentence: str) -> bool:
    return sentence.rstrip(_TRAILING)[-1:] in (".", "!", "?") or sentence[-1:] in "”"


def _is_result(sentence: str) -> bool:
    """A line without a full stop that still says what was gained, in figures."""
    return bool(figures(sentence) and _GAIN.search(sentence))


_NOT_PROSE = re.compile(r"[\n=÷|]|https?://|\]\(|\*\*")
_LEANS = re.compile(
    r"(?:[#*\-|>•–—]|(?:it|its|they|their|this|that|these|those|he|she|his|her|some|others?)\b"
    r"|(?:but|and|so|also|then|there|however|both|neither|never|instead|still|yet)\b"
    r"|(?:all|each|most|many|none|one|two|three|half) of (?:the|them|these|those)\b"
    r"|(?:after|before|since|for|with|by) (?:that|this|it|these|those)\b|after implementation"
    r"|there is a rumour|what follows)",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:such(?: an?)? |of (?:it|that|those|these|them)\b|also\b|as well\b|the other(?:s)?\b"
    r"|another\b|the same\b|the former\b|the latter\b|these \w+|those \w+|instead\b|this \w+ was"
    r"|that (?:month|year|week|day|time|sale|answer|failure|site|change|test|study|firm)\b)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|my|me|we|We|we['’]\w+|our|Our|us|My)\b")
_ANYBODY = re.compile(
    r"(?:an?|any|every|whoever|anybody|anyone|nobody|customers|buyers) \w+", re.IGNORECASE
)
_NO_NAME = frozenset(
    """I A An The In On At Of For From By With And But Or So To As If When While After Before Since
    Each Every Any No Not Only Most All Both About Up Yes Between During Once Within Without He She
    It They We You Our My Your Their EUR USD GBP AI IT HR CEO CTO CFO""".split()  # noqa: SIM905
)
_GAIN = re.compile(
    r"\b(?:cut|fell|falls|dropped|down|decreas\w+|reduc\w+|sav(?:e|es|ed|ing|ings)|rais\w+|rose"
    r"|grew|grow\w*|increas\w+|improv\w+|halv\w+|doubl\w+|tripl\w+|faster|quicker|fewer|less|more"
    r"|pa(?:id|y|ys) back|payback|renew\w*|without (?:a|an|any|losing)|no call|0 minutes|gained"
    r"|from \d\S* (?:[a-z]+ )?to \d|recover\w*|won|still (?:customers|with)|reach\w+)\b"
    r"|\b\d+(?:\.\d+)?x\b",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\b(?:waited longer|took longer|slipped|failed|went wrong|worse|complained|did not work)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]*(?P<heading>[^\n]+)|(?P<label>[A-Z][A-Za-z]{3,14}(?: [a-z]{2,10}){0,2}):)"
    r"[ \t]*",
    re.MULTILINE,
)
_BEFORE = re.compile(
    r"\b(?:situation|challenge|background|problem|starting point|pain|what is said)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:results?|outcomes?|benefits?|impact|stats)\b", re.IGNORECASE)
_GENERAL = re.compile(r"\b(?:overview|about|who they are|customer|profile)\b", re.IGNORECASE)
