"""Which words of evidence may be put in front of a customer, and how they must be introduced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from coach.suggestion import CitedClaim
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Evidence, Kind, Passage, verbatim_span

QUOTE_WORDS = (5, 45)


@dataclass(frozen=True)
class Proof:
    """A quote that may be shown to a customer, and how it must be introduced."""

    item: Evidence
    quote: str
    span: tuple[int, int]
    likeness: float
    concedes: bool = False  # the competitor is ahead, or it is even
    to_objection: float = 1.0

    def cited(self, sentence: str) -> CitedClaim:
        return CitedClaim(sentence, self.item.id, self.quote, self.span)


def whole(item: Evidence) -> Passage:
    return Passage(item, item.text, (0, len(item.text)))


def concedes(item: Evidence) -> bool:
    return item.advantage in (Advantage.THEM, Advantage.SIMILAR, Advantage.MIXED)


def quotable(passage: Passage, today: date) -> list[tuple[int, int]]:
    """Sentences of the passage that can stand alone in front of a customer."""
    item = passage.evidence
    if not item.quotable_on(today):
        return []
    if item.kind is Kind.COMPETITIVE_FACT:
        own = item.them if item.advantage is Advantage.THEM else item.us
        span = verbatim_span(item.text, own) if own else None
        if item.advantage in (None, Advantage.UNSTATED) and not own:
            return []  # who is ahead is unknown: nothing to say to a customer
        return [span] if span and len(own or "") <= 400 else _standing(item.text, span)
    if item.kind is Kind.TESTIMONIAL:  # what follows the first paragraph says who said it
        return _standing(item.text, (0, len(item.text.split("\n\n")[0])))
    return _standing(item.text, passage.span)


def _standing(text: str, within: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Whole sentences inside ``within`` that need no sentence before them."""
    start, end = within or (0, len(text))
    least, most = QUOTE_WORDS
    found = []
    for a, b in sentences(text[start:end]):
        sentence = text[start + a : start + b]
        words = sentence.split()
        if (
            least <= len(words) <= most
            and not _LEANS.match(sentence)
            and not _NOT_PROSE.search(sentence)
        ):
            found.append((start + a, start + b))
    return found[:6]


_NOT_PROSE = re.compile(r"[\n=÷|]")
_LEANS = re.compile(
    r"(?:[#*\-|>•–—]|(?:it|its|they|their|this|that|these|those|he|she|his|her)\b"
    r"|(?:but|and|so|also|then|however|both|neither)\b|there is a rumour"
    r"|.*\b(?:such an? |of (?:that|those)\b))",
    re.IGNORECASE,
)
