"""Which words of evidence may be put in front of a customer, and how they must be introduced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from coach.suggestion import CitedClaim
from coach.suggestion.standing import MOST, after_label, stands_alone, tells_the_time_before
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Evidence, Kind, Passage, verbatim_span
from knowledge.searching.peers import REFERENCES

Span = tuple[int, int]

LONGEST_STORY = 4_000  # characters of a case study that is read whole
LONGEST_SIDE = 400  # characters of our side of a comparison that are quoted whole


@dataclass(frozen=True)
class Proof:
    """A quote that may be shown to a customer, and how it must be introduced.

    ``likeness`` is to what a good proof would say, ``to_objection`` to the customer's words;
    ``told_by`` is where the item says whose words they are.
    """

    item: Evidence
    quote: str
    span: Span
    likeness: float
    concedes: bool = False  # the competitor is ahead, or it is even
    to_objection: float = 1.0
    told_by: Span | None = None
    of_peer: bool = False  # a customer of the sector of the one who objects

    @property
    def speaker(self) -> str:
        """Whose words they are, verbatim; "" when the words need nobody."""
        return self.item.text[slice(*self.told_by)] if self.told_by else ""

    @property
    def is_story(self) -> bool:
        """True for the experience of a customer."""
        return self.item.kind in REFERENCES

    @property
    def words(self) -> int:
        return len(self.quote.split())

    def cited(self, sentence: str) -> tuple[CitedClaim, ...]:
        """What ``sentence`` rests on: the quote, and who said it."""
        quote = CitedClaim(sentence, self.item.id, self.quote, self.span)
        if self.told_by is None:
            return (quote,)
        return quote, CitedClaim(sentence, self.item.id, self.speaker, self.told_by)


def whole(item: Evidence) -> Passage:
    return Passage(item, item.text, (0, len(item.text)))


def concedes(item: Evidence) -> bool:
    return item.advantage in (Advantage.THEM, Advantage.SIMILAR, Advantage.MIXED)


def speaker_of(item: Evidence) -> Span | None:
    """Where a testimonial says who speaks, without what stands in brackets behind."""
    if item.kind is not Kind.TESTIMONIAL:
        return None
    match = _SPEAKER.search(item.text)
    return match.span("who") if match else None


def quotable(passage: Passage, today: date) -> list[Span]:
    """Sentences of the passage that can stand alone in front of a customer."""
    item = passage.evidence
    if not item.quotable_on(today):
        return []
    if item.kind is Kind.COMPETITIVE_FACT:
        return _of_comparison(item)
    if item.kind is Kind.TESTIMONIAL:
        return _of_testimonial(item)
    if item.kind is Kind.CASE_STUDY and len(item.text) <= LONGEST_STORY:
        return _standing(item, None)  # its result may stand in another passage
    return _standing(item, passage.span)


def _of_comparison(item: Evidence) -> list[Span]:
    own = item.them if item.advantage is Advantage.THEM else item.us
    span = verbatim_span(item.text, own) if own else None
    if item.advantage in (None, Advantage.UNSTATED) and not own:
        return []  # who is ahead is unknown: nothing to say to a customer
    if span and len(own or "") <= LONGEST_SIDE and len((own or "").split()) <= MOST:
        return [span]
    return _standing(item, span)


def _of_testimonial(item: Evidence) -> list[Span]:
    """Its sentences, and all that was said where that is short."""
    said = (0, len(item.text.split("\n\n")[0]))  # what follows says who said it
    short = speaker_of(item) and len(item.text[: said[1]].split()) <= MOST
    single = _standing(item, said)
    return [said, *single] if short and said not in single else single


def _standing(item: Evidence, within: Span | None) -> list[Span]:
    """Whole sentences inside ``within`` that need no sentence before them."""
    start, end = within or (0, len(item.text))
    told_by = bool(speaker_of(item))
    found = []
    for a, b in sentences(item.text[start:end]):
        at = start + a + after_label(item.text[start + a : start + b])
        sentence = item.text[at : start + b]
        if tells_the_time_before(item, at):
            continue
        if stands_alone(sentence, item, "told" if told_by else ""):
            found.append((at, start + b))
    return found


_SPEAKER = re.compile(r"^[—–-] ?(?P<who>[^\n(]*[^\s(])", re.MULTILINE)
