"""Which clauses of a message claim something that can be checked, and which only talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from coach.claims import planning, talk
from coach.claims.figures import CLOCK, COUNT, DATE, DURATION, TIMES
from coach.claims.statement import Statement, stems
from coach.claims.wording import CONTRAST, Reach


class Kind(Enum):
    CLAIM = "claim"
    MAYBE = "maybe"  # a claim only if the evidence speaks of it
    PLAN = "plan"  # what is meant to be: evidence may back it, and none can refute it
    ARGUMENT = "argument"  # of a plan: as MAYBE, and nothing that must have a source
    TALK = "talk"


#: Figures of what was named before can't be looked up by themselves.
_BACKWARDS = re.compile(r"\bof the (?:first|second|former|latter)\b", re.IGNORECASE)
MOST_CLAUSES = 4
FEWEST_TOPIC_WORDS = 2  # of a statement about us that must have a source
_SPLIT = re.compile(
    r"\s*(?:;|\s[–—-]\s|—|,?\s+(?:but|whereas|although|though|however|yet)\b,?"
    r"|,\s*(?:and|so|while|because|since|plus)\b"
    r"|\s+and\s+(?=(?:has|have|is|are|was|were|we|they|it|our|its|their|nobody|nothing|you|your)\b"
    rf"|{talk.PAST}|[a-z]+(?:n['’]t| not)\b))\s*",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3
#: "..., and of those from clinics 21%": has its verb from the part before.
_REST = re.compile(r"\W*(?:and )?of (?:those|the ones|the others?|these)\b", re.IGNORECASE)


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that could each be said alone; the whole when there is one."""
    if asks(sentence) and talk.ASKING.match(sentence):
        return [sentence]
    found = [part for part in _pieces(sentence) if len(part.split()) >= _FEWEST_WORDS]
    return found[:MOST_CLAUSES] or [sentence]


def asks(sentence: str) -> bool:
    return sentence.rstrip(" \"'”’)*_!").endswith("?") and not talk.TAG.search(sentence)


def core_of(text: str) -> str:
    """``text`` without "Did you know that" and its like, and without ", ours doesn't"."""
    return CONTRAST.sub("", talk.FRAME.sub("", text)) or text


def kind_of(clause: Statement, asked: bool, plan: bool = False) -> Kind:
    """``asked`` says that the clause ends its sentence with a question mark, ``plan`` that the
    talk is about a plan."""
    text = clause.text
    unframed = talk.FRAME.sub("", text)
    core = talk.CONDITION.sub("", unframed)
    supposed = core != unframed and talk.UNREAL.search(core)
    if (asked and not _told(text)) or talk.OPEN_CONDITION.match(core) or supposed:
        return Kind.TALK
    if talk.TALK.match(core) or talk.TALK.match(text) or _offers(clause, core):
        return Kind.TALK
    if planning.intends(clause, core, supposed=core != unframed):
        return Kind.PLAN
    return _stated(clause, core, plan)


def _stated(clause: Statement, core: str, plan: bool) -> Kind:
    """Of what is neither asked, offered nor planned."""
    terms = _named(clause) and clause.figures
    if talk.ABOUT_THE_BUYER.match(core) and not terms and not clause.names.unknown:
        ours = talk.OURS.search(core) or talk.OUR_TERMS.match(core) or clause.names.any
        return Kind.MAYBE if ours else Kind.TALK
    if not (talk.VERB.search(core) or clause.figures or clause.names.any):
        return Kind.TALK
    if plan and planning.argues(clause):
        return Kind.ARGUMENT
    return Kind.CLAIM if _plain_fact(clause, core) else Kind.MAYBE


def _pieces(sentence: str) -> Iterator[str]:
    start = 0
    for match in _SPLIT.finditer(sentence):
        left, right = sentence[start : match.start()], sentence[match.end() :]
        if _stands_alone(left) and _stands_alone(right):
            yield left
            start = match.end()
    yield sentence[start:]


def _stands_alone(text: str) -> bool:
    enough = len(text.split()) >= _FEWEST_WORDS and not _REST.match(text)
    return enough and bool(talk.TALK.match(text) or (talk.VERB.search(text) and stems(text)))


def _told(text: str) -> bool:
    """A question that tells something: "Did you know that 94% renew?" """
    return bool(talk.TOLD_AS_QUESTION.search(text))


def _plain_fact(clause: Statement, core: str) -> bool:
    """True for what must have a source: a figure, a name, or a plain statement about us."""
    if _named(clause) or Reach.BEST in clause.reaches:
        return True
    if (talk.ADDRESSED.search(core) and not clause.us) or _BACKWARDS.search(core):
        return False
    if _hard(clause):
        return True
    enough = len(clause.topic) + len(clause.figures) >= FEWEST_TOPIC_WORDS
    plain = enough and not talk.SOFT.search(core)
    return clause.us and plain and not talk.ADDRESSED.match(core.lstrip(" \"'“‘"))


def _offers(clause: Statement, core: str) -> bool:
    return bool(talk.OFFER.match(core)) and not _hard_but_counts(clause)


def _hard_but_counts(clause: Statement) -> bool:
    return any(figure.unit not in {DATE, DURATION, CLOCK, COUNT} for figure in clause.figures)


def _named(clause: Statement) -> bool:
    return bool(clause.names.customers or clause.names.competitors or clause.names.unknown)


def _hard(clause: Statement) -> bool:
    return any(figure.unit not in {DATE, DURATION, CLOCK, TIMES} for figure in clause.figures)
