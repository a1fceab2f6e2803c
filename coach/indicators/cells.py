"""Cells of an export to numbers and days, or a word on why not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from coach.indicators.goal import is_sound
from knowledge.errors import InvalidEvidence
from knowledge.reading.values import as_date

_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[-+−])?\s*[^\w\s().,+−-]?\s*(?P<number>\d[\d.,'’\s]*)(?P<scale>[kKmM])?"
    r"\s*(?:%|[^\W\d_]{3}|[^\w\s().,+-])?(?(open)\))"
)
_CODE = re.compile(r"^([^\W\d_]{3})\s*(?=[\d+−-])")  # EUR 12,000
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T,].*)?")
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_SCALES = {"k": 1e3, "m": 1e6}


def as_amount(text: str) -> float | None:
    """As in "1,204.50", "€ 12 000", "37%", "(1.2k)" (minus 1,200); None for anything else.

    A single comma before three digits separates thousands, a single point decimals.
    """
    match = _AMOUNT.fullmatch(_CODE.sub("", text.strip()))
    if match is None:
        return None
    try:
        value = float(_plain(match["number"])) * _SCALES.get((match["scale"] or "").casefold(), 1)
    except ValueError:
        return None
    minus = bool(match["open"]) or match["sign"] in ("-", "−")
    return (-value if minus else value) if is_sound(value) else None


def _plain(number: str) -> str:
    number = re.sub(r"['’\s]", "", number)
    comma, point = number.rfind(","), number.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
        return number.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    if number.count(".") > 1:
        return number.replace(".", "")
    if number.count(",") > 1 or re.fullmatch(r"\d{1,3},\d{3}", number):
        return number.replace(",", "")
    return number.replace(",", ".")


class Days:
    """Reads the days of one column: which part of 03/04/2026 is the day, the others tell."""

    def __init__(self, column: Iterable[str]) -> None:
        pairs = [
            (int(match[1]), int(match[2]))
            for cell in column
            if (match := _SLASHED.fullmatch(cell.strip()))
        ]
        self._day_first = any(first > 12 for first, _ in pairs)
        self._month_first = any(second > 12 for _, second in pairs)

    def read(self, text: str) -> date | str:
        """The day (of a week or month its first), or why it can't be said."""
        text = text.strip()
        try:
            if match := _SLASHED.fullmatch(text):
                return self._slashed(*map(int, match.groups()))
            if match := _ISO_WEEK.fullmatch(text):
                return date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return as_date("the day", text) or "there is no day in this row"
        except (ValueError, InvalidEvidence):
            return f"{text[:40]!r} is no day that can be read; write it as 2026-11-23"

    def _slashed(self, first: int, second: int, year: int) -> date | str:
        if self._day_first == self._month_first:
            return f"{first}/{second}/{year} may be two days; write the year first: 2026-11-23"
        day, month = (first, second) if self._day_first else (second, first)
        return date(year, month, day)
