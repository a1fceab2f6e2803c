"""What one clause says, read the same way for the seller's words and for the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise, takewhile

from coach.claims import wording
from coach.claims.figures import Figure, figures
from coach.claims.naming import Mentions, Names, words_of
from coach.claims.number_words import SMALL
from coach.claims.opposites import stances, undenied, without
from coach.claims.patterns import either, opening
from coach.claims.ranking import WE_OR_OUR, Side, who_is_ahead
from coach.claims.wording import Reach
from coach.perception.cues.language import GLUE
from knowledge.searching.lexical import content_words


@dataclass(frozen=True, eq=False)
class Part:
    """A stretch of a statement between two of its joints."""

    words: frozenset[str]
    negative: bool
    stances: Mapping[str, int]
    names: Mentions


@dataclass(frozen=True, eq=False)
class Statement:
    """``normal`` is the text with "we" and "our" replaced by the vendor's name; ``words`` are
    its stems, ``topic`` those of them that name nobody."""

    text: str
    normal: str
    figures: tuple[Figure, ...]
    names: Mentions
    words: frozenset[str]
    topic: frozenset[str]
    us: bool
    others: bool  # somebody not named: "they", "theirs"
    negative: bool
    untrue: bool  # says that something told is not so
    ahead: Side | None
    reaches: Mapping[Reach, frozenset[str]] = field(default_factory=dict)  # with what is meant
    stances: Mapping[str, int] = field(default_factory=dict)  # 1 or -1 by opposites
    none: frozenset[str] = frozenset()  # what there is none of, as stems
    places: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()  # the whole first
    rest: frozenset[str] = frozenset()  # of the topic, what stands for no end


_JOINT = re.compile(
    r"[;:](?=\s)|,?\s+(?:and|but|so|while|yet|because|although|which|who)\s+|,\s|\s(?=(?:without|where|unless|until|if)\s)",
    re.I,
)
_WE = re.compile(r"\bwe(?:['’](?:ve|re|d|ll))?\b|\bus\b|\bourselves\b", re.IGNORECASE)
_OUR = re.compile(r"\bours?\b", re.IGNORECASE)
_THEY = either("they", "them", "their", "theirs", r"they['’]\w+")
_HE, _HIS = (
    opening(rf"{words}(?=\W)") for words in ("(?:they|it|she|he)", "(?:their|its|her|his)")
)
_SUFFIX = re.compile(
    r"(?:ations?|ions?|ings?|ab(?:le|ly|ility)|ments?|ness|ities|ity|ers?|ed|ly|es|s|e|y)$",
    re.IGNORECASE,
)


_NONE_OF = re.compile(
    r"\b(?:no|not a single|not one|zero|without (?:any|an?)(?: single)?|none of (?:the|its|our))"
    r"\s+((?:[^\W\d_]+\s?){1,3})",
    re.IGNORECASE,
)
WHEN = "when "  # before the names of those ends that are times
_WHEN = re.compile(r"\b(before|until|after|following)\s+((?:[\w’'-]+\s?){1,3})", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:nobody|no one|none of them)\b", re.IGNORECASE)
_CAPITALS = r"(?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*"
_PLACED = re.compile(
    rf"\b(?:[Ii]n|[Ff]rom|at|into|across|to) ({_CAPITALS}(?:(?:, ?| and | or ){_CAPITALS})*)"
)
NO_PLACE = frozenset(
    """the and or january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday english german french dutch
    spanish portuguese swedish norwegian danish japanese polish italian christmas easter iso eur
    gbp wav csv sap""".split()  # noqa: SIM905  a word list
)
_OPEN_ANY = re.compile(
    rf"{wording.NEGATION.pattern}|\b(?:before|if|whether|than|have|had|has|needs?)\b", re.IGNORECASE
)


def read(text: str, names: Names, context: Mentions | None = None) -> Statement:
    """What ``text`` says; ``context`` holds whom a leading "they" stands for."""
    whole = _part(text, names)
    found, ends, words = whole.names, whole.stances, whole.words
    told = text
    if context and not (found.customers or found.competitors):
        found = replace(found, customers=context.customers, competitors=context.competitors)
        told = _with_subject(text, found, names)
        words |= stems(told)
    named = stems(" ".join((names.vendor, *found.customers, *found.competitors)))
    return Statement(
        text=text,
        normal=_OUR.sub(f"{names.short}'s", _WE.sub(names.short, told)),
        figures=figures(text),
        names=found,
        words=words,
        topic=words - named,
        us=bool(WE_OR_OUR.search(text)) or found.vendor,
        others=bool(_THEY.search(text)),
        negative=whole.negative,
        untrue=bool(wording.UNTRUE.search(text)),
        ahead=who_is_ahead(text, found, names),
        reaches=_reaches(text),
        stances=ends,
        none=_none(text),
        places=_places(text, found, names),
        parts=_parts_of(whole, text, names),
        rest=stems(without(text)) - named,
    )


def _with_subject(text: str, found: Mentions, names: Names) -> str:
    """``text`` with the name for which its first pronoun stands, or that it leaves out."""
    who = min(found.customers or found.competitors, default=names.short)
    named = _HIS.sub(f"{who}'s", text, count=1)
    named = _HE.sub(who, named, count=1)
    return named if named != text else f"{who} {text}"


def _parts_of(whole: Part, text: str, names: Names) -> tuple[Part, ...]:
    """``text`` cut at its joints; the whole comes first."""
    pieces = _JOINT.split(text)
    if len(pieces) == 1:
        return (whole, whole)
    return (whole, *(_part(piece, names) for piece in pieces))


def _part(text: str, names: Names) -> Part:
    ends = _moved(figures(text)) | stances(text) | _when(text)
    words = stems(text) | {f"~{name}" for name in ends if not name.startswith(WHEN)}
    return Part(words, negative(text), ends, names.find(text))


def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut to stems; words for the same thing become one."""
    words = map(_meant_by, content_words(_in_a_word(text)))
    return frozenset(word for word in words if word)


def _in_a_word(text: str) -> str:
    """``text`` with one word for "was down", and for a service level."""
    return wording.SERVICE_LEVEL.sub("sla", wording.DOWN.sub("outage", text))


@lru_cache(maxsize=16_384)
def _meant_by(word: str) -> str:
    """What a word counts as; "" for one that carries no meaning."""
    if word in wording.BLAND or word in SMALL or _number(word):
        return ""
    stem = _stem(word)
    return "" if stem in wording.BLAND else wording.CANONICAL.get(stem, stem)


def _number(word: str) -> bool:
    return word[0].isdigit() and word not in {"4g", "5g"}


def negative(text: str) -> bool:
    """True when the clause denies something: an odd number of negations."""
    text = undenied(wording.EMPTY_NEGATION.sub(" ", wording.CONTRAST.sub("", text)))
    return len(wording.NEGATION.findall(text)) % 2 == 1


def _stem(word: str) -> str:
    if word in wording.CANONICAL or len(word) < 5:
        return word
    cut = _SUFFIX.sub("", word)
    return cut if len(cut) >= 3 else word


def _moved(found: Sequence[Figure]) -> dict[str, int]:
    """Up or down by the figures of "from A to B"; what went from one to another took its course."""
    changes = [(old.value, new.value) for old, new in pairwise(found) if new.became]
    signs = {1 if new > old else -1 for old, new in changes if new != old}
    return {"size": signs.pop()} if len(signs) == 1 else {}


def _when(text: str) -> dict[str, int]:
    """By what it was before or after, 1 or -1."""
    return {
        f"{WHEN}{stem}": 1 if match[1].lower() in {"before", "until"} else -1
        for match in _WHEN.finditer(text)
        for stem in stems(match[2])
    }


def _none(text: str) -> frozenset[str]:
    """What the text says there is none of; "nobody" stands for customers."""
    found = {"customer"} if _NOBODY.search(text) else set()
    for match in _NONE_OF.finditer(text):
        counted = takewhile(lambda word: word.lower() not in GLUE, match[1].split())
        found |= stems(" ".join(counted))
    return frozenset(found)


def _places(text: str, names: Mentions, known: Names) -> frozenset[str]:
    """Where something is said to be: capitals after "in" and its like that name no party."""
    parties = words_of(" ".join((*names.customers, *names.competitors))) | known.tokens
    found = (word for match in _PLACED.finditer(text) for word in words_of(match[1]))
    return frozenset(found) - parties - NO_PLACE


def _reaches(text: str) -> dict[Reach, frozenset[str]]:
    found: dict[Reach, frozenset[str]] = {}
    for reach, pattern in wording.REACHES.items():
        matches = [m for m in pattern.finditer(text) if not _plain_any(text, m)]
        if matches:
            nouns = (match.groupdict().get("noun") or "" for match in matches)
            found[reach] = frozenset(stem for noun in nouns for stem in stems(noun))
    return found


def _plain_any(text: str, match: re.Match[str]) -> bool:
    """True for the "any" of a negation or a comparison: "has not got any", "before any"."""
    before = text[: match.start()]
    return match.group().lower().startswith("any") and bool(_OPEN_ANY.search(before))
