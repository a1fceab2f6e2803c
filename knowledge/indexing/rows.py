"""How items become the rows of a collection, and back. Pure.

A row is a passage: ``ID#HASH#N``, so that another version of an item has other rows and is
written beside the one that is there. Row 0 is its version's head: it holds the whole record and
how many passages there are, and is written last. A version without its head doesn't count yet;
of several heads the newest one counts. What a killed process left behind is therefore never seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.chunking import passages
from knowledge.evidence import Evidence, as_record

SHAPE = 1  # raise it when rows are cut or written differently: everything is then written anew


def content_hash(item: Evidence) -> str:
    """The same for the same content, whatever file or row order it came in."""
    record = json.dumps([SHAPE, as_record(item)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    embedded: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One item as it stands in the collection: its current version.

    ``rows[n]`` is the passage ``item.text[slice(*spans[n])]``; ``written`` is in nanoseconds
    since 1970. It is incomplete when rows are missing, and then as good as changed.
    """

    item: Evidence
    hash: str
    written: int
    rows: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    complete: bool = True


def rows_of(item: Evidence, digest: str, written: int) -> list[Row]:
    """The rows of ``item``, its head last."""
    spans = passages(item.text) or [(0, len(item.text))]
    rows = []
    for number, (start, end) in enumerate(spans):
        text = item.text[start:end]
        place = {"evidence_id": item.id, "passage": number, "start": start, "end": end}
        rows.append(
            Row(
                id=f"{item.id}#{digest[:12]}#{number}",
                text=text,
                embedded=text if item.title in text else f"{item.title}\n{text}",
                metadata={**place, "hash": digest, "written": written},
            )
        )
    rows[0].metadata.update(passages=len(rows), record=json.dumps(as_record(item)))
    return rows[::-1]


def entry_of(item: Evidence, rows: Sequence[Row]) -> Entry:
    """What is in the collection when ``rows`` (as ``rows_of`` gave them) are written."""
    in_order = rows[::-1]
    return Entry(
        item,
        in_order[0].metadata["hash"],
        in_order[0].metadata["written"],
        tuple(row.id for row in in_order),
        tuple((row.metadata["start"], row.metadata["end"]) for row in in_order),
    )


@dataclass
class _Version:
    hash: str
    written: int = 0  # 0 in an index of an early version, which had one version of each item
    passages: int = 0
    item: Evidence | None = None
    rows: list[tuple[int, str, int, int]] = field(default_factory=list)  # number, id, span

    @property
    def complete(self) -> bool:
        return len(self.rows) == self.passages

    @property
    def rank(self) -> tuple[bool, int, str]:
        return self.complete, self.written, self.hash

    @property
    def left(self) -> Left:
        return Left(self.written, finished=self.item is not None)

    def add(self, row: str, metadata: dict[str, Any]) -> None:
        self.rows.append((metadata["passage"], row, metadata["start"], metadata["end"]))
        self.written = max(self.written, metadata.get("written", 0))
        if "record" in metadata:
            self.item = Evidence.model_validate_json(metadata["record"])
            self.passages = metadata["passages"]


@dataclass(frozen=True)
class Left:
    """A row of no current version: from when it is, and whether its version was ever whole.

    If not, somebody may still be writing that version.
    """

    written: int
    finished: bool


Leftovers = dict[str, Left]  # by row


def entries_of(
    found: Iterable[tuple[str, dict[str, Any]]],
) -> tuple[dict[str, Entry], dict[str, Leftovers]]:
    """The items in these rows, by id, and the rows that belong to none, by evidence id.

    All rows of an item must be among them.
    """
    versions: dict[str, dict[str, _Version]] = {}
    for row, metadata in found:
        of_item = versions.setdefault(metadata["evidence_id"], {})
        of_item.setdefault(metadata["hash"], _Version(metadata["hash"])).add(row, metadata)
    entries: dict[str, Entry] = {}
    stale: dict[str, Leftovers] = {}
    while versions:  # taken apart while the other is built: at 100,000 items it shows
        key, of_item = versions.popitem()
        headed = [version for version in of_item.values() if version.item is not None]
        current = max(headed, key=lambda version: version.rank, default=None)
        if current and current.item:
            entries[key] = _entry(current.item, current)
        left = [version for version in of_item.values() if version is not current]
        if left:
            stale[key] = {row: one.left for one in left for _, row, _, _ in sorted(one.rows)}
    return entries, stale


def _entry(item: Evidence, version: _Version) -> Entry:
    rows = sorted(version.rows)
    return Entry(
        item,
        version.hash,
        version.written,
        tuple(row for _, row, _, _ in rows),
        tuple((start, end) for _, _, start, end in rows),
        version.complete,
    )
