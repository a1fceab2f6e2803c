"""What one clause says, read the same way for the seller's words and for the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from coach.claims import wording
from coach.claims.figures import Figure, figures
from coach.claims.naming import Mentions, Names
from coach.claims.number_words import SMALL
from coach.claims.patterns import either
from coach.claims.wording import Reach
from knowledge.searching.lexical import content_words


@dataclass(frozen=True, eq=False)
class Part:
    """A stretch of a statement between two of its joints."""

    words: frozenset[str]
    negative: bool
    stances: Mapping[str, int]
    names: Mentions


class Side(StrEnum):
    """Who is ahead, when two are compared."""

    US = "us"
    THEM = "them"
    LEVEL = "level"


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
    stances: Mapping[str, int] = field(default_factory=dict)  # 1 or -1 by STANCES


_JOINT = re.compile(r"[;:]|,?\s+(?:and|but|so|while|yet|because|although|which|who)\s+|,\s", re.I)
_WE = re.compile(r"\bwe(?:['’](?:ve|re|d|ll))?\b|\bus\b|\bourselves\b", re.IGNORECASE)
_OUR = re.compile(r"\bours?\b", re.IGNORECASE)
_THEY = either("they", "them", "their", "theirs", r"they['’]\w+")
_WE_OR_OUR = either("we", "us", "our", "ours", "ourselves")
_SUFFIX = re.compile(
    r"(?:ations?|ions?|ings?|ments?|ness|ities|ity|ers?|ed|ly|es|s|e|y)$", re.IGNORECASE
)
_COMPARED_WITH = re.compile(r"\b(?:than|against|over|versus|vs\.?)\s+$", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|cannot)\b|n['’]t\b", re.IGNORECASE)


def read(text: str, names: Names, context: Mentions | None = None) -> Statement:
    """What ``text`` says; ``context`` holds whom a leading "they" stands for."""
    found = names.find(text)
    if context and not (found.customers or found.competitors):
        found = replace(found, customers=context.customers, competitors=context.competitors)
    stances = _stances(text)
    words = stems(text) | {f"~{name}" for name in stances}
    named = stems(" ".join((names.vendor, *found.customers, *found.competitors)))
    return Statement(
        text=text,
        normal=_OUR.sub(f"{names.short}'s", _WE.sub(names.short, text)),
        figures=figures(text),
        names=found,
        words=words,
        topic=words - named,
        us=bool(_WE_OR_OUR.search(text)) or found.vendor,
        others=bool(_THEY.search(text)),
        negative=negative(text),
        untrue=bool(wording.UNTRUE.search(text)),
        ahead=_who_is_ahead(_as_us(text, names), found),
        reaches=_reaches(text),
        stances=stances,
    )


def parts_of(text: str, names: Names) -> tuple[Part, ...]:
    """``text`` cut at its joints; the whole comes first."""
    return tuple(
        Part(stems(piece), negative(piece), _stances(piece), names.find(piece))
        for piece in (text, *_JOINT.split(text))
    )


def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut to stems; words for the same thing become one."""
    return frozenset(
        wording.CANONICAL.get(stem, stem)
        for word in content_words(wording.DOWN.sub("outage", text))
        if word not in wording.BLAND and word not in SMALL and not _number(word)
        for stem in (_stem(word),)
        if stem not in wording.BLAND
    )


def _number(word: str) -> bool:
    return word[0].isdigit() and word not in {"4g", "5g"}


def negative(text: str) -> bool:
    """True when the clause denies something: an odd number of negations."""
    text = wording.EMPTY_NEGATION.sub(" ", wording.CONTRAST.sub("", text))
    return len(wording.NEGATION.findall(text)) % 2 == 1


def _stem(word: str) -> str:
    if word in wording.CANONICAL or len(word) < 5:
        return word
    cut = _SUFFIX.sub("", word)
    return cut if len(cut) >= 3 else word


def _reaches(text: str) -> dict[Reach, frozenset[str]]:
    found: dict[Reach, frozenset[str]] = {}
    for reach, pattern in wording.REACHES.items():
        matches = [m for m in pattern.finditer(text) if not _plain_any(text, m)]
        if matches:
            nouns = (match.groupdict().get("noun") or "" for match in matches)
            found[reach] = frozenset(stem for noun in nouns for stem in stems(noun))
    return found


def _plain_any(text: str, match: re.Match[str]) -> bool:
    """True for the "any" of a negation: "has not got any"."""
    before = text[: match.start()]
    return match.group().lower().startswith("any") and bool(wording.NEGATION.search(before))


def _stances(text: str) -> dict[str, int]:
    found = {}
    for name, (plus, minus) in wording.STANCES.items():
        has_plus, has_minus = bool(plus.search(text)), bool(minus.search(text))
        if has_plus != has_minus:
            found[name] = 1 if has_plus else -1
    return found


def _who_is_ahead(text: str, names: Mentions) -> Side | None:
    """Who is said to be better where a named competitor and we are compared."""
    if not names.competitors:
        return None
    better, worse, level = (
        pattern.search(text) for pattern in (wording.BETTER, wording.WORSE, wording.LEVEL)
    )
    if level and not (better and better.start() < level.start()):
        return Side.THEM if _NOT.search(text[: level.start()]) else Side.LEVEL
    if not better and not worse:
        return None
    good = bool(better) and not (worse and better and worse.start() <= better.start())
    if wording.INVERTED.search(text):
        good = not good
    return Side.US if good is _subject_is_us(text, names) else Side.THEM


def _subject_is_us(text: str, names: Mentions) -> bool:
    if wording.THAN_US.search(text):
        return False
    first_us = _WE_OR_OUR.search(text)
    lower = text.casefold()
    places = [place for name in names.competitors if (place := lower.find(name.casefold())) >= 0]
    competitor = min(places, default=len(text))
    compared = _COMPARED_WITH.search(text[:competitor])
    return bool(first_us and first_us.start() < competitor) or bool(compared)


def _as_us(text: str, names: Names) -> str:
    short = re.escape(names.short)
    text = text.replace(names.vendor, "we")
    text = re.sub(rf"\b{short}['’]s?(?!\w)", "our", text, flags=re.IGNORECASE)
    return re.sub(rf"\b{short}\b", "we", text, flags=re.IGNORECASE)
