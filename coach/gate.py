"""Who may change the index: one at a time, and a person before a program."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import TYPE_CHECKING

from knowledge.evidence import Evidence
from knowledge.indexing.contents import Contents

if TYPE_CHECKING:
    from knowledge.indexing.index import Changes, Progress
    from knowledge.indexing.notes import Notes
    from knowledge.ports import Shelf

SMALLEST, LARGEST = 8, 512  # items that an import puts in before an editor may go first
PATIENCE = 1.0  # seconds that such a batch should take, so that an editor or a stop waits no longer


class Gate:
    """An import holds it for one batch after the other; an editor goes before the next batch."""

    def __init__(self) -> None:
        self._held = Lock()
        self._queue = Condition()
        self._editors = 0

    @contextmanager
    def editing(self) -> Iterator[None]:
        with self._queue:
            self._editors += 1
        try:
            with self._held:
                yield
        finally:
            with self._queue:
                self._editors -= 1
                self._queue.notify_all()

    @contextmanager
    def importing(self) -> Iterator[None]:
        with self._queue:
            self._queue.wait_for(lambda: not self._editors)
        with self._held:
            yield


class GatedShelf:
    """The ``Shelf`` of an import: its changes pass the gate batch by batch."""

    def __init__(self, shelf: Shelf, gate: Gate) -> None:
        self._shelf, self._gate = shelf, gate
        self._batch = SMALLEST

    def get(self, evidence_id: str) -> Evidence | None:
        return self._shelf.get(evidence_id)

    def all(self) -> list[Evidence]:
        return self._shelf.all()

    def contents(self) -> Contents:
        return self._shelf.contents()

    def notes(self, name: str) -> Notes:
        return self._shelf.notes(name)

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        from knowledge.indexing.index import Changes  # noqa: PLC0415  # chromadb is slow to load

        wanted = list(items)
        done, at = Changes(), 0
        while at < len(wanted):
            batch = wanted[at : at + self._batch]
            with self._gate.importing():
                start = time.monotonic()
                more = self._shelf.upsert(batch, progress and _further(progress, at, len(wanted)))
                self._sized(len(batch), time.monotonic() - start)
            at += len(batch)
            done = Changes(
                done.added + more.added,
                done.changed + more.changed,
                done.unchanged + more.unchanged,
            )
        return done

    def _sized(self, items: int, seconds: float) -> None:
        """The next batch, by how long this one took: at most twice as large."""
        fitting = int(items * PATIENCE / max(seconds, 0.001))
        self._batch = max(SMALLEST, min(LARGEST, 2 * self._batch, fitting))

    def remove(self, ids: Iterable[str]) -> int:
        with self._gate.importing():
            return self._shelf.remove(ids)


def _further(progress: Progress, done: int, total: int) -> Progress:
    return lambda stored, _: progress(done + stored, total)
