"""The index: evidence in Chroma, brought up to date without ever showing half an item."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexBroken, IndexUnavailable
from knowledge.evidence import Evidence
from knowledge.indexing.chroma import Chroma, Table
from knowledge.indexing.contents import Contents
from knowledge.indexing.journal import Journal
from knowledge.indexing.notes import Notes
from knowledge.indexing.rows import Entry, Left, Leftovers, Row, content_hash, entry_of, rows_of
from knowledge.indexing.view import View
from knowledge.indexing.writing import embed_and_store
from knowledge.vectors.embedding import Embedder, Vectors

Progress = Callable[[int, int], None]

# On a server, rows without a head are another's unfinished work for so long, in nanoseconds.
LEFT_BEHIND = 3_600 * 10**9
LOOKED_UP = 1_000  # items looked up on a server before they are changed; of more, all are
COLLECTIONS, NOTES = "evidence-", "notes-"  # what the names of ours begin with


def collection_of(embedder: str) -> str:
    """The name of the collection that holds the vectors of the embedder of that name."""
    return f"{COLLECTIONS}{embedder}"[:500]


def journal_of(collection: str) -> str:
    """The name of the notes in which processes tell each other of changes in ``collection``."""
    return f"of-{collection}"


@dataclass(frozen=True)
class Changes:
    """What an ``upsert`` did, counted in items."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class KnowledgeIndex:
    """The evidence at ``place``, opened at first use; safe from any thread.

    A folder is held by this process alone. On a Chroma server, given by its URL, what others
    change is seen about a second later.
    """

    def __init__(self, place: Path | str, embedder: Embedder, chroma: Chroma | None = None) -> None:
        """``chroma`` is the database at ``place`` where other collections of it are open too."""
        self.folder = place
        self.embedder = embedder
        self._chroma = chroma or Chroma(place)
        self._table = Table(self._chroma, collection_of(embedder.name))
        told = self.notes(journal_of(self._table.name))
        self._view = View(self._table, Journal(told) if self._chroma.shared else None)

    @property
    def generation(self) -> int:
        """Grows with every change."""
        return self._view.generation

    def current(self) -> KnowledgeIndex:
        """What to search now."""
        return self

    def condition(self) -> str:
        """ "ok": it is all there, and what keeps it from working is raised."""
        return "ok"

    def refresh(self) -> None:
        """Take in, now, what other processes changed until now."""
        self._view.newest(set())

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
        return self._view.contents()

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
        return Notes(Table(self._chroma, f"{NOTES}{name}", space="l2"))

    # Writing

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        """Add or replace ``items`` by id; an item with the same content costs no embedding.

        ``progress(done, total)`` counts items that are stored. Each is to be found as soon as it
        is stored, and until then as it was. Rerunning after a kill completes the work.
        """
        wanted = {item.id: item for item in items}
        with self._view.writing, self._failure_forgets():
            before = self._tidied(wanted)
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
        wanted = set(ids)
        with self._view.writing, self._failure_forgets():
            contents = self._tidied(wanted)
            gone = {key: contents.rows_of(key) for key in wanted if key in contents.items}
            until = max((contents.written[key] for key in gone), default=0)
            self._delete([row for rows in gone.values() for row in rows], until)  # heads first
            self._view.publish(dict.fromkeys(gone))
            self._view.tell(gone)
        return len(gone)

    def close(self) -> None:
        """Let go of the folder; the index opens again at the next use."""
        with self._view.writing:
            self._view.forget()  # whoever holds the folder next may change it
            self._chroma.close()

    def _stored(self, items: Sequence[Evidence], hashes: dict[str, str]) -> Iterator[int]:
        """Write ``items``; yields how many of them are stored so far."""
        written = self._view.known().written
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
            self._view.tell({row.metadata["evidence_id"] for row in batch})
            done += len(heads)

        try:
            for _ in embed_and_store(rows(), self.embedder, store):
                yield done
        finally:  # broken off: what there is of these is to be tidied away
            left = {
                entry.item.id: dict.fromkeys(entry.rows, Left(entry.written, finished=False))
                for entry in coming.values()
            }
            self._view.publish({}, left)
            self._view.tell(left)

    def _replace(self, entries: Sequence[Entry]) -> None:
        """Make these versions, which are written, the current ones."""
        before = self._view.known()
        ids = [entry.item.id for entry in entries]
        old = {row for key in ids for row in before.rows_of(key)}
        self._view.publish({entry.item.id: entry for entry in entries})
        old -= {row for entry in entries for row in entry.rows}
        self._delete(sorted(old), max((before.written.get(key, 0) for key in ids), default=0))

    def _tidied(self, ids: Collection[str]) -> Contents:
        """The newest contents, after what a broken off change left behind was deleted.

        ``ids`` are the items that are about to change.
        """
        # Killed processes told nobody what they did, so the items themselves are looked up.
        contents = self._view.newest(set(ids) if len(ids) <= LOOKED_UP else None)
        # On a server another process may be writing what isn't finished at this very moment.
        long_ago = time.time_ns() - (LEFT_BEHIND if self._chroma.shared else 0)
        due: dict[str, Left] = {}
        kept: dict[str, Leftovers] = {}
        for key, rows in contents.stale.items():
            old = {row: at for row, at in rows.items() if at.finished or at.written <= long_ago}
            if old:
                due |= old
                kept[key] = {row: at for row, at in rows.items() if row not in old}
        self._delete(list(due), max((at.written for at in due.values()), default=0))
        self._view.publish({}, kept)
        self._view.tell(kept)
        return self._view.known()

    def _delete(self, rows: Sequence[str], until: int) -> None:
        """Delete ``rows``, but on a server none that another process has written again since."""
        self._table.delete(rows, {"written": {"$lte": until}} if self._chroma.shared else None)

    @contextmanager
    def _failure_forgets(self) -> Iterator[None]:
        """After a failure of Chroma nobody knows what is stored: read it anew."""
        try:
            yield
        except (IndexBroken, IndexUnavailable):
            self._view.forget()
            raise
