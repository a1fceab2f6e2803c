"""The index: evidence in Chroma, brought up to date without ever showing half an item."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.chroma import Chroma, Table
from knowledge.contents import Contents
from knowledge.embedding import Embedder, Vectors
from knowledge.errors import IndexBroken, IndexUnavailable
from knowledge.evidence import Evidence
from knowledge.notes import Notes
from knowledge.rows import Entry, Leftovers, Row, content_hash, entries_of, entry_of, rows_of
from knowledge.writing import embed_and_store

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Changes:
    """What an ``upsert`` did, counted in items."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class KnowledgeIndex:
    """The evidence at ``place``, opened at first use: a folder that this process alone holds."""

    def __init__(self, place: Path, embedder: Embedder) -> None:
        self.folder = place
        self.generation = 0
        self._embedder = embedder
        self._chroma = Chroma(place)
        self._table = Table(self._chroma, f"evidence-{embedder.name}"[:500])
        self._guard = RLock()  # held for moments: the contents of the present generation
        self._writing = Lock()  # held as long as a change takes; searches go on meanwhile
        self._contents: Contents | None = None

    # Reading

    def count(self) -> int:
        """How many items there are."""
        return len(self.contents().items)

    def get(self, evidence_id: str) -> Evidence | None:
        return self.contents().items.get(evidence_id)

    def all(self) -> list[Evidence]:
        """Every item, by id."""
        return list(self.contents().items.values())

    def contents(self) -> Contents:
        """All items and passages; the same object until something changes."""
        with self._guard:
            if self._contents is None:
                found = entries_of(self._table.metadatas())
                self._contents = Contents().with_changes(self.generation, *found)
            return self._contents

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Up to ``limit`` row ids with their cosine similarity, nearest first.

        While a change is being written, rows may be among them that ``contents`` doesn't know.
        """
        if not len(self.contents()) or limit < 1:
            return []
        return [(row, 1.0 - distance) for row, distance in self._table.nearest(vector, limit)]

    def vectors(self, rows: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of these rows; one that was deleted since is left out."""
        return dict(self._table.vectors(rows))

    def notes(self, name: str) -> Notes:
        """Texts by key that are kept beside the evidence, whatever its embedder."""
        return Notes(Table(self._chroma, f"notes-{name}", space="l2"))

    # Writing

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        """Add or replace ``items`` by id; an item with the same content costs no embedding.

        ``progress(done, total)`` counts items that are stored. Each is to be found as soon as it
        is stored, and until then as it was. Rerunning after a kill completes the work.
        """
        wanted = {item.id: item for item in items}
        with self._writing, self._failure_forgets():
            before = self._tidied()
            hashes = {key: content_hash(item) for key, item in wanted.items()}
            todo = [wanted[key] for key in wanted if before.hashes.get(key) != hashes[key]]
            stored = len(wanted) - len(todo)
            for count in self._stored(todo, hashes):
                if progress:
                    progress(stored + count, len(wanted))
        added = sum(item.id not in before.items for item in todo)
        return Changes(added, len(todo) - added, stored)

    def remove(self, ids: Iterable[str]) -> int:
        """Delete these items with all their passages; how many there were."""
        with self._writing, self._failure_forgets():
            contents = self._tidied()
            gone = {key: contents.rows_of(key) for key in ids if key in contents.items}
            self._table.delete([row for rows in gone.values() for row in rows])  # heads first
            self._publish(dict.fromkeys(gone))
        return len(gone)

    def close(self) -> None:
        """Let go of the folder; the index opens again at the next use."""
        with self._writing:
            self._chroma.close()
            self._forget()  # whoever holds the folder next may change it

    def _stored(self, items: Sequence[Evidence], hashes: dict[str, str]) -> Iterator[int]:
        """Write ``items``; yields how many of them are stored so far."""
        written = self.contents().written
        coming: dict[str, Entry] = {}  # by head row
        done = 0

        def rows() -> Iterator[Row]:
            for item in items:
                stamp = max(time.time_ns(), written.get(item.id, 0) + 1)
                made = rows_of(item, hashes[item.id], stamp)
                coming[made[-1].id] = entry_of(item, made)
                yield from made

        def store(batch: Sequence[Row], vectors: Vectors) -> None:
            nonlocal done
            self._table.put(
                [row.id for row in batch],
                vectors,
                [row.metadata for row in batch],
                [row.text for row in batch],
            )
            heads = [row.id for row in batch if row.id in coming]
            self._replace([coming.pop(head) for head in heads])
            done += len(heads)

        try:
            for _ in embed_and_store(rows(), self._embedder, store):
                yield done
        finally:  # broken off: what there is of these is to be tidied away
            self._publish({}, {e.item.id: dict.fromkeys(e.rows, 0) for e in coming.values()})

    def _replace(self, entries: Sequence[Entry]) -> None:
        """Make these versions, which are written, the current ones."""
        before = self.contents()
        old = {row for entry in entries for row in before.rows_of(entry.item.id)}
        self._publish({entry.item.id: entry for entry in entries})
        self._table.delete(sorted(old - {row for entry in entries for row in entry.rows}))

    def _tidied(self) -> Contents:
        """The contents, after what a broken off change left behind was deleted."""
        stale = self.contents().stale
        self._table.delete([row for rows in stale.values() for row in rows])
        self._publish({}, {key: {} for key in stale})
        return self.contents()

    def _publish(
        self,
        entries: Mapping[str, Entry | None],
        stale: Mapping[str, Leftovers] = MappingProxyType({}),
    ) -> None:
        """From now on searches see these items (None: they are gone)."""
        if not entries and not stale:
            return
        with self._guard:
            before = self.contents()
            self.generation += 1
            self._contents = before.with_changes(self.generation, entries, stale)

    @contextmanager
    def _failure_forgets(self) -> Iterator[None]:
        """After a failure of Chroma nobody knows what is stored: read it anew."""
        try:
            yield
        except (IndexBroken, IndexUnavailable):
            self._forget()
            raise

    def _forget(self) -> None:
        with self._guard:
            self.generation += 1
            self._contents = None
