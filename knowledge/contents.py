"""Everything in the index at one moment, as columns: what searches and listings read. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import Evidence, Passage

Positions = NDArray[np.int32]


@dataclass(frozen=True)
class Contents:
    """The items, and their passages numbered from 0.

    Passage ``n`` is row ``rows[n]`` of the collection; it belongs to item number ``owners[n]``
    and is ``text[spans[n, 0]:spans[n, 1]]`` of it. Never changed: a change makes a new one.
    """

    generation: int
    items: dict[str, Evidence]  # by id, in order
    hashes: dict[str, str]  # of the items that are complete
    rows: list[str]
    owners: Positions  # (passages,)
    spans: Positions  # (passages, 2)
    stale: dict[str, list[str]]  # rows that belong to no current version, by evidence id

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def item_list(self) -> list[Evidence]:
        return list(self.items.values())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """From a row of the collection to the number of its passage."""
        return {row: number for number, row in enumerate(self.rows)}

    def item_of(self, number: int) -> Evidence:
        return self.item_list[int(self.owners[number])]

    def passage(self, number: int) -> Passage:
        item = self.item_of(number)
        start, end = map(int, self.spans[number])
        return Passage(item, item.text[start:end], (start, end))


def contents_of(generation: int, found: Iterable[tuple[str, dict[str, Any]]]) -> Contents:
    """From the ids and metadata of all rows."""
    rows = list(found)
    heads = {data["evidence_id"]: data for _, data in rows if "record" in data}
    items = {key: Evidence.model_validate_json(heads[key]["record"]) for key in sorted(heads)}
    places = {key: number for number, key in enumerate(items)}
    current: list[tuple[str, int, int, int]] = []
    stale: dict[str, list[str]] = {}
    counted: dict[str, int] = dict.fromkeys(items, 0)
    for row, data in sorted(rows, key=lambda pair: (pair[1]["evidence_id"], pair[1]["passage"])):
        key, head = data["evidence_id"], heads.get(data["evidence_id"])
        if head is None or head["hash"] != data["hash"]:
            stale.setdefault(key, []).append(row)
            continue
        current.append((row, places[key], data["start"], data["end"]))
        counted[key] += 1
    hashes = {  # an item with rows missing is as good as changed
        key: head["hash"] for key, head in heads.items() if counted[key] == head["passages"]
    }
    return Contents(
        generation,
        items,
        hashes,
        [row for row, *_ in current],
        np.array([owner for _, owner, *_ in current], dtype=np.int32),
        np.array(
            [span for *_, start, end in current for span in (start, end)], dtype=np.int32
        ).reshape(-1, 2),
        stale,
    )
