"""Who is said to be ahead, where we are compared with a competitor."""

from __future__ import annotations

import re
from enum import StrEnum

from coach.claims import wording
from coach.claims.naming import Mentions, Names
from coach.claims.patterns import either

WE_OR_OUR = either("we", "us", "our", "ours", "ourselves")
_COMPARED_WITH = re.compile(r"\b(?:than|against|over|versus|vs\.?)\s+$", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|cannot)\b|n['’]t\b", re.IGNORECASE)


class Side(StrEnum):
    """Who is ahead, when two are compared."""

    US = "us"
    THEM = "them"
    LEVEL = "level"


def who_is_ahead(text: str, found: Mentions, names: Names) -> Side | None:
    """Who is said to be better where a named competitor and we are compared.

    ``found`` are the names in ``text``, or those that its pronouns stand for.
    """
    return _who_is_ahead(_as_us(text, names), found)


def _who_is_ahead(text: str, names: Mentions) -> Side | None:
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
    first_us = WE_OR_OUR.search(text)
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
