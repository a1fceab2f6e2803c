"""The index folder: a Chroma collection that one process holds and brings up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from knowledge.contents import Contents, contents_of
from knowledge.embedding import Embedder, Vectors
from knowledge.errors import IndexBroken, IndexInUse, KnowledgeError
from knowledge.evidence import Evidence
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
        self._lock = FileLock(folder / ".lock", timeout=0, thread_local=False)
        self._client: Any = None
        self._collection: Any = None
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
                with self._broken_index_named():
                    rows = self._open().get(include=["metadatas"])
                self._contents = contents_of(self.generation, rows)
            return self._contents

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Up to ``limit`` row ids with their cosine similarity, nearest first."""
        if not len(self.contents()) or limit < 1:
            return []
        with self._broken_index_named():
            found = self._open().query(
                query_embeddings=[vector.astype(np.float32)],
                n_results=limit,
                include=["distances"],
            )
        rows = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(row, 1.0 - float(distance)) for row, distance in rows]

    def vectors(self, rows: Sequence[str]) -> dict[str, Vectors]:
        """The stored vectors of these rows; one that was deleted since is left out."""
        with self._broken_index_named():
            found = self._open().get(ids=list(rows), include=["embeddings"])
        return dict(zip(found["ids"], found["embeddings"], strict=True))

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
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None
            self._changed(True)  # whoever holds the folder next may change it
            self._lock.release()

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
        with self._broken_index_named():
            self._open().upsert(
                ids=[row.id for row in rows],
                embeddings=vectors,
                documents=[row.text for row in rows],
                metadatas=[row.metadata for row in rows],
            )

    def _forget_stale(self, ids: Iterable[str]) -> None:
        stale = self.contents().stale
        self._delete([row for key in ids for row in stale.get(key, [])])

    def _delete(self, rows: Sequence[str]) -> None:
        for start in range(0, len(rows), 1_000):
            with self._broken_index_named():
                self._open().delete(ids=list(rows[start : start + 1_000]))
        self._changed(bool(rows))

    def _changed(self, really: bool) -> None:
        if really:
            with self._guard:
                self.generation += 1
                self._contents = None

    # The folder

    def _open(self) -> Any:
        with self._guard:
            if self._collection is None:
                self._hold()
                try:
                    self._client, self._collection = _connected(self.folder, self._embedder)
                except BaseException:
                    self._lock.release()
                    raise
            return self._collection

    def _hold(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise IndexInUse(
                f"another process holds the index in {self.folder}: stop it, "
                "or give this one its own folder (--home or COACH_HOME)"
            ) from error
        except OSError as error:
            raise IndexBroken(
                f"{self.folder} can't be written ({error.strerror or error}): "
                "make it writable, or choose another folder (--home or COACH_HOME)"
            ) from error

    @contextmanager
    def _broken_index_named(self) -> Iterator[None]:
        try:
            yield
        except (KnowledgeError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
            raise
        except BaseException as error:  # Chroma's Rust panics aren't Exceptions
            cause = (str(error).splitlines() or [type(error).__name__])[0]
            raise IndexBroken(
                f"the index can't be read ({cause}): delete {self.folder} and start again: "
                "it is rebuilt from the sample and `coach ingest`"
            ) from error


def _connected(folder: Path, embedder: Embedder) -> tuple[Any, Any]:
    import chromadb  # noqa: PLC0415  0.6 s that `coach --help` need not pay
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    try:
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
    except BaseException:
        # Chroma keeps the half-started system and would hand it out again after a repair.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
    collection = client.get_or_create_collection(
        f"evidence-{embedder.name}"[:500],
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
    )
    return client, collection
