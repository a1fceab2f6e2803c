"""One cell of somebody's file to a value of ours, or a clear line about why not. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from knowledge.errors import InvalidEvidence
from knowledge.evidence import Label, Truth, Visibility

DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%Y-%m", "%B %Y", "%Y")
CHOICES = {
    "truth": {choice.value: choice.value for choice in Truth},
    "visibility": {choice.value: choice.value for choice in Visibility}
    | {"external": "public", "confidential": "internal", "private": "internal"},
    "label": {choice.value: choice.value for choice in Label},
}
_DEEPEST = 4
_PHRASE = 40  # a list of shorter strings is read as an enumeration
_NUMBER = re.compile(
    r"(?<!\d)(\d{1,3}(?:[.,'’\s]\d{3})+(?!\d)|\d{1,12}(?:[.,]\d{1,3})?(?!\d))\s*(k\b)?",
    re.IGNORECASE,
)


def as_text(value: Any, depth: int = 0) -> str:
    """Readable text of any JSON value; HTML entities decoded, what UTF-8 can't hold replaced."""
    if value is None or depth > _DEEPEST:
        return ""
    if isinstance(value, str) and value.isascii() and "&" not in value:  # as nearly all are
        return value.strip()
    if isinstance(value, dict):
        return _record_as_text(value, depth)
    if isinstance(value, list | tuple):
        strings = all(isinstance(part, str) for part in value)
        short = strings and all(len(part) < _PHRASE for part in value)
        between = ", " if short else "\n\n" if strings else "\n"
        return between.join(filter(None, (as_text(part, depth + 1) for part in value)))
    text = html.unescape(str(value)) if isinstance(value, str) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _record_as_text(value: dict[Any, Any], depth: int) -> str:
    """``{stat: 9x, label: releases}`` as "9x releases", ``{by: A, text: B}`` as "B — A"."""
    parts = {str(key).casefold(): as_text(part, depth + 1) for key, part in value.items()}
    author = parts.pop("by", None) or parts.pop("author", None)
    said = " ".join(filter(None, parts.values()))
    return f"{said} — {author}" if author and said else said or (author or "")


def as_number(value: Any) -> int | None:
    """The first whole number in it ("900 Globally", "1,200+", "5k"), or None."""
    if isinstance(value, bool):
        return None
    found = _NUMBER.search(as_text(value))
    if not found:
        return None
    number, thousand = found.groups()
    if re.search(r"\d{1,3}[.,'’\s]\d{3}", number):  # separators of thousands
        return int(re.sub(r"\D", "", number)) * (1_000 if thousand else 1)
    return int(float(number.replace(",", ".")) * (1_000 if thousand else 1))


def as_date(name: str, value: Any) -> date | None:
    """The day it names; a month or a year means its first day.

    Raises ``InvalidEvidence`` for anything else: a misread expiry would let old facts be quoted.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = as_text(value)
    if not text:
        return None
    stamp = re.match(r"\d{4}-\d\d-\d\d(?=[T ])", text)
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(stamp.group() if stamp else text, form).date()
        except ValueError:
            continue
    raise InvalidEvidence(
        f"{name}: {text[:40]!r} is no date that can be read; write it as 2026-11-23"
    )


def as_choice(name: str, value: Any) -> str | None:
    """One of the values of ``truth``, ``visibility`` or ``label``; YAML's ``true`` is one too."""
    text = as_text(value).casefold()
    if not text:
        return None
    known = CHOICES[name].get(text)
    if known is None:
        allowed = ", ".join(dict.fromkeys(CHOICES[name].values()))
        raise InvalidEvidence(f"{name}: {text[:40]!r} is none of {allowed}")
    return known


def as_phrases(value: Any) -> tuple[str, ...]:
    """A list, or text with a phrase a line (or separated by semicolons)."""
    parts: Iterable[Any] = (
        value if isinstance(value, list | tuple) else re.split(r"[;\n]", as_text(value))
    )
    return tuple(phrase for part in parts if (phrase := as_text(part).lstrip("- ")))
