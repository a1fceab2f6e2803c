"""The fields of all items as arrays, so that a filter is a few comparisons of numbers. Pure.

``Filters.allow`` is the definition of what a filter lets through; ``Columns.allowed`` gives the
same answers, 100,000 at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import (
    CHOICE_FIELDS,
    TEXT_FIELDS,
    Advantage,
    Evidence,
    Filters,
    Kind,
    Label,
    Peer,
    Truth,
    Visibility,
)

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]

UNKNOWN = -1  # of a size or a day; no real one is negative
FOR_EVER = 9_999_999  # later than any date.toordinal()
# Sector before size before region: no two smaller ones outweigh a larger.
SAME_SECTOR, SIMILAR_SIZE, SAME_REGION = 0.10, 0.05, 0.03
SIMILAR_SIZE_FACTOR = 3

_CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "truth": Truth,
    "advantage": Advantage,
    "visibility": Visibility,
    "label": Label,
}


class TextColumn:
    """One field of text: a number for each value as it is written, "" where there is none."""

    def __init__(self, values: Iterable[str | None]) -> None:
        seen: dict[str, int] = {}
        self._codes = np.array(
            [seen.setdefault(value or "", len(seen)) for value in values], dtype=np.int32
        )
        self.values = sorted((value for value in seen if value), key=lambda v: (v.casefold(), v))
        self._spellings: dict[str, list[int]] = {}
        for value, code in seen.items():
            self._spellings.setdefault(value.casefold(), []).append(code)

    def same(self, wanted: str) -> Mask:
        """Where the value is ``wanted``, without case."""
        return np.isin(self._codes, self._spellings.get(wanted.casefold(), []))


class Columns:
    """``items`` field by field; every mask and score is in their order."""

    def __init__(self, items: Sequence[Evidence]) -> None:
        self._size = len(items)
        self._texts = {name: TextColumn(getattr(i, name) for i in items) for name in TEXT_FIELDS}
        self._choices = {
            name: _coded((getattr(item, name) for item in items), kinds)
            for name, kinds in _CHOICES.items()
        }
        self._sizes = _numbers(item.size for item in items)
        self._as_of = _numbers(_day(item.as_of) for item in items)
        self._until = _numbers(_day(item.valid_until, FOR_EVER) for item in items)

    def values(self, field: str) -> list[str]:
        """The distinct values of a field of text, by the alphabet."""
        return self._texts[field].values

    def allowed(self, filters: Filters) -> Mask:
        """Where ``filters.allow(item)``."""
        allowed = np.ones(self._size, dtype=np.bool_)
        if filters.kinds:
            allowed &= np.isin(self._choices["kind"], [_code(kind) for kind in filters.kinds])
        for name in TEXT_FIELDS:
            if (text := getattr(filters, name)) is not None:
                allowed &= self._texts[name].same(text)
        for name in CHOICE_FIELDS:
            if (choice := getattr(filters, name)) is not None:
                allowed &= self._choices[name] == _code(choice)
        _keep_between(allowed, self._sizes, filters.size_from, filters.size_to)
        _keep_between(allowed, self._as_of, _day(filters.as_of_from), _day(filters.as_of_to))
        if filters.quotable_on is not None:
            allowed &= self._choices["visibility"] == _code(Visibility.PUBLIC)
            allowed &= ~self._stale(filters.quotable_on)
        if filters.stale_on is not None:
            allowed &= self._stale(filters.stale_on)
        if filters.current_on is not None:
            allowed &= ~self._stale(filters.current_on)
        return allowed

    def likeness(self, peer: Peer) -> Scores:
        """What each item's customer has in common with ``peer``, from 0 to 0.18."""
        likeness = np.zeros(self._size, dtype=np.float32)
        if peer.sector:
            likeness += SAME_SECTOR * self._texts["sector"].same(peer.sector)
        if peer.region:
            likeness += SAME_REGION * self._texts["region"].same(peer.region)
        if peer.size:
            likeness += SIMILAR_SIZE * (
                (self._sizes > 0)
                & (self._sizes <= SIMILAR_SIZE_FACTOR * peer.size)
                & (self._sizes * SIMILAR_SIZE_FACTOR >= peer.size)
            )
        return likeness

    def _stale(self, day: date) -> Mask:
        return self._until < day.toordinal()


def _keep_between(allowed: Mask, found: Numbers, least: int | None, most: int | None) -> None:
    if least is None and most is None:
        return
    allowed &= found != UNKNOWN
    if least is not None:
        allowed &= found >= least
    if most is not None:
        allowed &= found <= most


def _day(day: date | None, otherwise: int | None = None) -> int | None:
    return otherwise if day is None else day.toordinal()


def _numbers(values: Iterable[int | None]) -> Numbers:
    largest = np.iinfo(np.int64).max // SIMILAR_SIZE_FACTOR
    return np.array([UNKNOWN if v is None else min(v, largest) for v in values], dtype=np.int64)


def _coded(values: Iterable[StrEnum | None], kinds: type[StrEnum]) -> NDArray[np.int8]:
    codes = {kind: place for place, kind in enumerate(kinds)}
    return np.array([UNKNOWN if v is None else codes[v] for v in values], dtype=np.int8)


def _code(value: StrEnum) -> int:
    return list(type(value)).index(value)
