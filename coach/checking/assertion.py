"""Which clauses of a message claim something that can be checked, and which only talk."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from enum import Enum

from coach.checking import talk
from coach.checking.figures import CLOCK, DATE, DURATION
from coach.checking.statement import Statement, stems
from coach.checking.wording import Reach


class Kind(Enum):
    CLAIM = "claim"
    MAYBE = "maybe"  # a claim only if the evidence speaks of it
    TALK = "talk"


MOST_CLAUSES = 4
_SPLIT = re.compile(
    r"\s*(?:;|\s[–—-]\s|—|,?\s+(?:but|whereas|although|though|however|yet)\b,?"
    r"|,\s*(?:and|so|while|because|since|plus)\b)\s*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\W*(?:\w+\s+){1,3}")
_FEWEST_WORDS = 3


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that could each be said alone; the whole when there is one."""
    found = [part for part in _pieces(sentence) if len(part.split()) >= _FEWEST_WORDS]
    return found[:MOST_CLAUSES] or [sentence]


def asks(sentence: str) -> bool:
    return sentence.rstrip(" \"'”’)*_!").endswith("?") and not talk.TAG.search(sentence)


def core_of(text: str) -> str:
    """``text`` without "Did you know that" and its like."""
    return talk.FRAME.sub("", text) or text


def kind_of(clause: Statement, asked: bool, vocabulary: Container[str]) -> Kind:
    """``asked`` says that the clause ends its sentence with a question mark; ``vocabulary``
    holds the stems that the evidence uses."""
    text = clause.text
    if asked and not _told(text):
        return Kind.TALK
    unframed = talk.FRAME.sub("", text)
    core = talk.CONDITION.sub("", unframed)
    if talk.OPEN_CONDITION.match(core) or (core != unframed and talk.UNREAL.search(core)):
        return Kind.TALK
    if talk.TALK.match(core) or talk.TALK.match(text):
        return Kind.TALK
    if _about_the_buyer(clause, core):
        return Kind.MAYBE if talk.OUR_TERMS.match(core) else Kind.TALK
    if not (talk.VERB.search(core) or clause.figures or clause.names.any):
        return Kind.TALK
    return Kind.CLAIM if _plain_fact(clause) or _about_our_things(core, vocabulary) else Kind.MAYBE


def _pieces(sentence: str) -> Iterator[str]:
    start = 0
    for match in _SPLIT.finditer(sentence):
        left, right = sentence[start : match.start()], sentence[match.end() :]
        if _stands_alone(left) and _stands_alone(right):
            yield left
            start = match.end()
    yield sentence[start:]


def _stands_alone(text: str) -> bool:
    enough = len(text.split()) >= _FEWEST_WORDS
    return enough and bool(talk.VERB.search(text) or talk.TALK.match(text))


def _told(text: str) -> bool:
    """A question that tells something: "Did you know that 94% renew?" """
    return bool(talk.TOLD_AS_QUESTION.search(text))


def _about_the_buyer(clause: Statement, core: str) -> bool:
    if not talk.ABOUT_THE_BUYER.match(core) or clause.names.any or talk.OURS.search(core):
        return False
    terms = any(figure.unit not in {DATE, CLOCK} for figure in clause.figures)
    return not (talk.OUR_TERMS.match(core) and (terms or clause.reaches))


def _about_our_things(core: str, vocabulary: Container[str]) -> bool:
    """True for a statement of fact whose subject is a thing that the evidence often names."""
    if talk.ADDRESSED.search(core):
        return False
    subject = _SUBJECT.match(core)
    return bool(subject) and any(
        stem in vocabulary for stem in stems(subject[0] if subject else "")
    )


def _plain_fact(clause: Statement) -> bool:
    hard = any(figure.unit not in {DATE, DURATION, CLOCK} for figure in clause.figures)
    return hard or clause.names.any or clause.us or Reach.BEST in clause.reaches
