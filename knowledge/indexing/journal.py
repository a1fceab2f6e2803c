"""What the processes that share a Chroma server tell each other: who changed which items.

Each keeps one note of its own, numbering its changes, so that two never write the same note and
no clocks need agree.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TypedDict
from uuid import uuid4

from knowledge.indexing.notes import Notes

REMEMBERED = 1_000  # ids told in one note: who misses more than that reads everything
KEPT = 7  # days until the note of a process that is silent is cleared away


class _Note(TypedDict):
    day: int  # when it was written, proleptic
    number: int  # of the last change
    told: list[tuple[int, list[str]]]  # the last changes, each with its number


class Journal:
    """One process's part in ``notes``. One thread may tell while another asks for the news."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._me = uuid4().hex
        self._number = 0
        self._told: deque[tuple[int, list[str]]] = deque()
        self._known: dict[str, int] = {}

    def tell(self, ids: Collection[str]) -> None:
        """Tell the others that these items have changed; to be called when it is so."""
        if not self._number:
            self._clear_away()
        self._number += 1
        self._told.append((self._number, sorted(ids)))
        while len(self._told) > 1 and sum(len(told) for _, told in self._told) > REMEMBERED:
            self._told.popleft()
        if len(ids) > REMEMBERED:
            self._told.clear()
        note = _Note(day=_today(), number=self._number, told=list(self._told))
        self._notes.put(self._me, json.dumps(note))

    def start(self) -> None:
        """Whatever was told so far is no news."""
        self._known = {who: note["number"] for who, note in self._others().items()}

    def news(self) -> set[str] | None:
        """The items that others changed since the last time; None when nobody knows which."""
        ids: set[str] = set()
        complete = True
        for who, note in self._others().items():
            known = self._known.get(who, 0)
            new = [told for number, told in note["told"] if number > known]
            complete &= len(new) == note["number"] - known
            ids.update(*new)
            self._known[who] = note["number"]
        return ids if complete else None

    def _others(self) -> dict[str, _Note]:
        found = self._notes.all()
        return {who: json.loads(note) for who, note in found.items() if who != self._me}

    def _clear_away(self) -> None:
        old = _today() - KEPT
        self._notes.drop([who for who, note in self._others().items() if note["day"] < old])


def _today() -> int:
    return datetime.now(UTC).toordinal()
