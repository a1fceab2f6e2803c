"""A sentence as it can be held against what the same person says before and after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from coach.perception.cues import language, offering
from coach.perception.sentence import Sentence, content_words

I = re.IGNORECASE  # noqa: E741  # read in the patterns below

AFFIRMS = re.compile(
    r"^\W*(?:yes|yeah|of course|certainly|absolutely|definitely|sure|indeed|naturally)\b"
    r"|\byou can (?:count|rely|depend) on\b|\bi stand by\b|\bi(?:['’]ll| will) keep\b"
    r"|\b(?:it|that|this|my word|the promise|what i (?:said|promised))"
    r" (?:still )?(?:stands|holds)\b"
    r"|\bas (?:i )?promised\b|\bi haven['’]t forgotten\b"
    r"|\byou(?:['’]ll| will) (?:have|get) (?:it|them|that)\b",
    I,
)
TAKES_BACK = re.compile(
    r"\btak(?:e|ing) (?:that|it|this|those|the \w+) back\b|\bi was wrong\b|\bmy mistake\b"
    r"|\bi (?:shouldn['’]t|should not) have (?:said|claimed|used|given)\b|\bi misspoke\b"
    r"|\bi (?:got|had) (?:that|it) wrong\b|\b(?:withdraw|correct) (?:that|it|myself)\b"
    r"|\b(?:leave|strike|cross) (?:that|it)(?: \w+)? out\b"
    r"|\bforget (?:that|the) (?:figure|number)\b"
    r"|\bi (?:can['’]t|cannot) (?:prove|show|back)\b|\bi (?:don['’]t|do not) have a source\b",
    I,
)
GOES_BACK = re.compile(
    r"\b(?:i|we) (?:never|didn['’]t|did not)"
    r" (?:say|said|promised?|offer(?:ed)?|agreed?|mean|meant)\b"
    r"|\b(?:i|we)(?:['’]m| am|['’]re| are) not going to\b|\bafter all\b|\bout of the question\b",
    I,
)
CONDITIONAL = re.compile(r"\b(?:if|whether|unless|would|could|might|may|suppose)\b|['’]d\b", I)


@dataclass(frozen=True)
class Remark:
    """One statement or question. ``words`` are those that carry meaning, in lower case.

    ``promises`` needs no date; ``goes_back`` is said of one's own word, ``takes_back`` of a claim.
    """

    text: str
    words: frozenset[str]
    question: bool = False
    negated: bool = False
    conditional: bool = False
    affirms: bool = False
    promises: bool = False
    goes_back: bool = False
    takes_back: bool = False


@lru_cache(maxsize=4_096)  # what settled a concern is held against each later message
def remark(text: str, question: bool = False) -> Remark:
    """What ``text``, one sentence, can be held to."""
    goes_back = bool(GOES_BACK.search(text) or offering.REFUSES.search(text))
    return Remark(
        text,
        content_words(text),
        question,
        negated=bool(language.NEGATED.search(text)),
        conditional=bool(CONDITIONAL.search(text)),
        affirms=bool(AFFIRMS.search(text)),
        promises=bool(offering.PROMISE.search(text)) and not question and not goes_back,
        goes_back=goes_back,
        takes_back=bool(TAKES_BACK.search(text)),
    )


def remarks(heard: Sequence[Sentence]) -> tuple[Remark, ...]:
    return tuple(remark(s.text, s.question) for s in heard)
