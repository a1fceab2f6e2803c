"""The figures of a sentence by what they count, and whether two sentences differ in one. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from knowledge.searching.lexical import content_words

Quantities = Mapping[str, frozenset[float]]

_CURRENCIES = {"€": "eur", "$": "usd", "£": "gbp"}
_CODES = "EUR|USD|GBP|CHF|SEK|DKK|NOK"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_FIGURE = re.compile(
    rf"(?:\b(?P<code>{_CODES})\s?|(?P<sign>[€$£])\s?)?"
    rf"(?<![\w.,:/-])(?P<number>{_NUMBER})(?![\d:/])"
    rf"(?:\s?(?P<share>%|percent\b|per cent\b)|\s?(?P<after>(?:{_CODES})\b|[€$£])"
    r"|[\s-](?P<word>[^\W\d_]+))?"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_SPELLED = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905  a word list
        range(2, 13),
        strict=True,
    )
)
_SPELLED_OUT = re.compile(rf"\b({'|'.join(_SPELLED)})\b", re.IGNORECASE)
_MONTHS = frozenset(
    """january february march april may june july august september october november
    december""".split()  # noqa: SIM905  a word list
)


def quantities(text: str) -> Quantities:
    """Values by unit: ``%``, a currency, or the stem of the word after the figure.

    Years and days of a month are left out: they date a fact and aren't what it says.
    """
    found: defaultdict[str, set[float]] = defaultdict(set)
    for hours, minutes in _CLOCK.findall(text):
        found["clock"].add(int(hours) + int(minutes) / 60)
    text = _SPELLED_OUT.sub(lambda match: str(_SPELLED[match[1].casefold()]), text)
    for match in _FIGURE.finditer(text):
        unit = _unit(match)
        if unit is not None:
            found[unit].add(_value(match["number"]))
    return {unit: frozenset(values) for unit, values in found.items()}


def differing(some: str, other: str) -> list[tuple[str, frozenset[float], frozenset[float]]]:
    """Units of which each text has a figure that the other lacks, with the figures of both.

    One text saying more than the other is no difference: "11.50 EUR" agrees with "11.50 EUR, or
    12 EUR with support".
    """
    ours, theirs = quantities(some), quantities(other)
    return [
        (unit, ours[unit], theirs[unit])
        for unit in sorted(ours.keys() & theirs.keys())
        if not (ours[unit] <= theirs[unit] or theirs[unit] <= ours[unit])
    ]


def _unit(match: re.Match[str]) -> str | None:
    """What the figure counts, or None for a date."""
    if match["share"]:
        return "%"
    if money := match["code"] or match["sign"] or match["after"]:
        return _CURRENCIES.get(money, money.casefold())
    word = (match["word"] or "").casefold()
    is_year = re.fullmatch(r"(?:19|20)\d\d", match["number"]) is not None
    if is_year or word in _MONTHS:
        return None
    return next(iter(content_words(word)), "")


def _value(number: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        return float(number.replace(",", ""))
    return float(number.replace(",", "."))
