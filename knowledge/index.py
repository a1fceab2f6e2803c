"""The index folder: a Chroma collection that one process holds and brings up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock

import numpy as np
from numpy.typing import NDArray

from knowledge.chroma import Chroma, Table
from knowledge.contents import Contents, contents_of
from knowledge.embedding import Embedder, Vectors
from knowledge.evidence import Evidence
from knowledge.notes import Notes
from knowledge.rows import Row, content_hash, rows_of

Progress = Callable[[int, int], None]

BATCH = 64  # rows embedded and written at a time: what a kill can cost


@dataclass(frozen=True)
class Changes:
    """What an ``upsert`` did, counted in items."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class KnowledgeIndex:
    """The evidence in ``folder``, opened at first use and held by this process alone."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.folder = folder
        self.generation = 0
        self._embedder = embedder
        self._guard = RLock()  # held for moments: opening, and the cache of contents
        self._writing = Lock()  # held as long as a change takes; searches go on meanwhile
        self._chroma = Chroma(folder)
        self._table = Table(self._chroma, f"evidence-{embedder.name}"[:500])
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
        """All items and passages, read from Chroma once per generation."""
        with self._guard:
            if self._contents is None:
                self._contents = contents_of(self.generation, self._table.metadatas())
            return self._contents

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Up to ``limit`` row ids with their cosine similarity, nearest first."""
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

        ``progress(done, total)`` counts items. Rerunning after a kill completes the work.
        """
        wanted = {item.id: item for item in items}
        with self._writing:
            before = self.contents()
            hashes = {key: content_hash(item) for key, item in wanted.items()}
            todo = [wanted[key] for key in wanted if before.hashes.get(key) != hashes[key]]
            done = len(wanted) - len(todo)
            try:
                for finished in self._written(todo, hashes):
                    if progress:
                        progress(done + finished, len(wanted))
            finally:
                self._changed(bool(todo))
            self._forget_stale(wanted)
        added = sum(item.id not in before.items for item in todo)
        return Changes(added, len(todo) - added, done)

    def remove(self, ids: Iterable[str]) -> int:
        """Delete these items with all their passages; how many there were."""
        with self._writing:
            contents = self.contents()
            gone = {key for key in ids if key in contents.items}
            rows = [row for n, row in enumerate(contents.rows) if contents.item_of(n).id in gone]
            rows += [row for key in gone for row in contents.stale.get(key, [])]
            self._delete(rows)
        return len(gone)

    def close(self) -> None:
        """Let go of the folder; the index opens again at the next use."""
        with self._writing, self._guard:
            self._chroma.close()
            self._changed(True)  # whoever holds the folder next may change it

    def _written(self, items: Sequence[Evidence], hashes: dict[str, str]) -> Iterator[int]:
        """Write the rows of ``items``; yields how many items are safely stored so far."""
        pending: list[Row] = []
        for number, item in enumerate(items):
            for row in rows_of(item, hashes[item.id]):
                if len(pending) == BATCH:
                    self._write(pending)
                    pending = []
                    yield number
                pending.append(row)
        if pending:
            self._write(pending)
            yield len(items)

    def _write(self, rows: Sequence[Row]) -> None:
        vectors = self._embedder.embed([row.embedded for row in rows])
        self._table.put(
            [row.id for row in rows],
            vectors,
            [row.metadata for row in rows],
            [row.text for row in rows],
        )

    def _forget_stale(self, ids: Iterable[str]) -> None:
        stale = self.contents().stale
        self._delete([row for key in ids for row in stale.get(key, [])])

    def _delete(self, rows: Sequence[str]) -> None:
        self._table.delete(rows)
        self._changed(bool(rows))

    def _changed(self, really: bool) -> None:
        if really:
            with self._guard:
                self.generation += 1
                self._contents = None
