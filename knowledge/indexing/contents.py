"""Everything in the index at one moment, as columns: what searches and listings read. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import Evidence, Passage
from knowledge.indexing.columns import Columns
from knowledge.indexing.rows import Entry, Leftovers

Positions = NDArray[np.int32]


def _no_positions(*shape: int) -> Positions:
    return np.zeros(shape, dtype=np.int32)


@dataclass(frozen=True)
class Contents:
    """The items, and their passages numbered from 0.

    Passage ``n`` is row ``rows[n]`` of the collection; it belongs to item number ``owners[n]``
    and is ``text[spans[n, 0]:spans[n, 1]]`` of it. Never changed: ``with_changes`` makes a new
    one, in which every item that didn't change is the same object.
    """

    generation: int = 0
    items: dict[str, Evidence] = field(default_factory=dict)  # by id, in order
    hashes: dict[str, str] = field(default_factory=dict)  # of the items that are complete
    written: dict[str, int] = field(default_factory=dict)  # nanoseconds since 1970, of all items
    rows: list[str] = field(default_factory=list)
    owners: Positions = field(default_factory=lambda: _no_positions(0))  # (passages,)
    spans: Positions = field(default_factory=lambda: _no_positions(0, 2))  # (passages, 2)
    stale: dict[str, Leftovers] = field(default_factory=dict)  # by evidence id

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def item_list(self) -> list[Evidence]:
        return list(self.items.values())

    @cached_property
    def columns(self) -> Columns:
        """The fields of ``item_list``."""
        return Columns(self.item_list)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """From a row of the collection to the number of its passage."""
        return {row: number for number, row in enumerate(self.rows)}

    def item_of(self, number: int) -> Evidence:
        return self.item_list[int(self.owners[number])]

    def same_item(self, evidence_id: str, other: Contents) -> bool:
        """True when both have this item, and with the same content."""
        found = self.hashes.get(evidence_id)
        return found is not None and found == other.hashes.get(evidence_id)

    def passage(self, number: int) -> Passage:
        item = self.item_of(number)
        start, end = map(int, self.spans[number])
        return Passage(item, item.text[start:end], (start, end))

    @cached_property
    def _ids(self) -> list[str]:
        return list(self.items)

    def rows_of(self, evidence_id: str) -> list[str]:
        """The rows of this item, its head first."""
        if evidence_id not in self.items:
            return []
        number = bisect_left(self._ids, evidence_id)
        first, last = np.searchsorted(self.owners, [number, number + 1])
        return self.rows[first:last]

    def has(self, evidence_id: str, entry: Entry | None, leftovers: Leftovers) -> bool:
        """True when this is how the item stands here already."""
        return (
            self.written.get(evidence_id) == (entry.written if entry else None)
            and self.hashes.get(evidence_id) == (entry.hash if entry and entry.complete else None)
            and self.stale.get(evidence_id, {}) == leftovers
        )

    def with_changes(
        self,
        generation: int,
        entries: Mapping[str, Entry | None],
        stale: Mapping[str, Leftovers] = MappingProxyType({}),
    ) -> Contents:
        """These items replaced, added or (None) gone, and these leftovers known (or none left)."""
        items, hashes, written = dict(self.items), dict(self.hashes), dict(self.written)
        for key, entry in entries.items():
            hashes.pop(key, None)
            written.pop(key, None)
            if entry is None:
                items.pop(key, None)
                continue
            if self.hashes.get(key) != entry.hash:  # else it stays the same object
                items[key] = entry.item
            written[key] = entry.written
            if entry.complete:
                hashes[key] = entry.hash
        if any(key not in self.items for key in entries):
            items = {key: items[key] for key in sorted(items)}
        left = {**self.stale, **stale}
        for key in entries.keys() & left.keys():  # a version that was broken off is written again
            entry = entries[key]
            current = entry.rows if entry else ()
            left[key] = {row: at for row, at in left[key].items() if row not in current}
        left = {key: rows for key, rows in left.items() if rows}
        places = {key: number for number, key in enumerate(items)}
        columns = _columns(self, places, entries)
        return Contents(generation, items, hashes, written, *columns, left)


def _columns(
    before: Contents, places: dict[str, int], entries: Mapping[str, Entry | None]
) -> tuple[list[str], Positions, Positions]:
    """Rows, owners and spans when ``entries`` replace what ``before`` has of them.

    ``places`` are the new numbers of the items.
    """
    moved = [-1 if key in entries else places[key] for key in before.items]
    stay = np.array(moved, dtype=np.int32)[before.owners] if moved else before.owners
    kept = np.flatnonzero(stay >= 0)
    new = [(places[key], entry) for key, entry in entries.items() if entry]
    added = [number for number, entry in new for _ in entry.rows]
    owners = np.concatenate([stay[kept], np.array(added, dtype=np.int32)])
    spans = np.array([span for _, entry in new for span in entry.spans], dtype=np.int32)
    rows = [before.rows[at] for at in kept.tolist()] + [
        row for _, entry in new for row in entry.rows
    ]
    order = np.argsort(owners, kind="stable")
    spans = np.concatenate([before.spans[kept], spans.reshape(-1, 2)])
    return [rows[at] for at in order.tolist()], owners[order], spans[order]
