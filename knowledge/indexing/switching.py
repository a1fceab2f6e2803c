"""The index whichever embedding model it has, and the change from one model to another.

Each model has a collection of its own. One of them is searched and written to: a note beside the
index says which. When another model is wanted, its collection is filled from the records of the
first, and the note is changed when nothing is missing any more. Whatever is killed goes on from
there, and the old collection stays.

Nothing that is written meanwhile is lost. A writer looks at the note again after it wrote, and
writes once more if it has changed; who changes the note looks again at what was written before.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import TypeVar

from knowledge.errors import KnowledgeError
from knowledge.evidence import Evidence
from knowledge.indexing.catalogue import Catalogue, Embedders, Opened
from knowledge.indexing.chroma import Chroma
from knowledge.indexing.contents import Contents
from knowledge.indexing.filling import bring_late, bring_over
from knowledge.indexing.index import Changes, KnowledgeIndex, Progress
from knowledge.indexing.lease import Lease
from knowledge.indexing.notes import Notes

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_EVERY = 1.0  # seconds between two looks at what another process did
TRY_AGAIN = 30.0  # seconds after the embedding server failed
LEAVE_WITHIN = 5.0  # seconds that closing waits for a batch that is being embedded


@dataclass(frozen=True)
class Filling:
    """How far the change to ``model`` is, in items; ``trouble`` is what it waits for."""

    model: str
    done: int = 0
    total: int = 0
    trouble: str | None = None


class _Stopped(Exception):
    """Closing, while a collection was being filled."""


class SwitchingIndex:
    """An ``Index`` in the folder or on the server ``place``; safe from any thread.

    ``prefix`` keeps several of them on one server apart.
    """

    def __init__(self, place: Path | str, embedders: Embedders, prefix: str = "") -> None:
        self.folder = place
        self._chroma = Chroma(place, prefix)
        self.catalogue = Catalogue(self._chroma, embedders)
        self._lease = Lease(self.catalogue.notes, "filling") if self._chroma.shared else None
        self._guard = RLock()
        self._indexes: dict[str, KnowledgeIndex] = {}
        self._embedders: dict[str, Opened] = {}
        self._searched: KnowledgeIndex | None = None
        self._next_look = 0.0
        self._settled = False  # the wanted one was searched once: from then on, follow the note
        self._switching = Lock()
        self._stopping = Event()
        self._filling = Filling(self.catalogue.wanted)
        self._filler: Thread | None = None

    # What an index does

    def current(self) -> KnowledgeIndex:
        """The collection to search now, with its own embedder."""
        with self._guard:
            is_old = self._chroma.shared and self._next_look < time.monotonic()
            return self._looked() if is_old or self._searched is None else self._searched

    def count(self) -> int:
        return self.current().count()

    def get(self, evidence_id: str) -> Evidence | None:
        return self.current().get(evidence_id)

    def all(self) -> list[Evidence]:
        return self.current().all()

    def contents(self) -> Contents:
        return self.current().contents()

    def notes(self, name: str) -> Notes:
        return self.current().notes(name)

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        kept = list(items)
        return self._written(lambda index: index.upsert(kept, progress))

    def remove(self, ids: Iterable[str]) -> int:
        kept = list(ids)
        return self._written(lambda index: index.remove(kept))

    def close(self) -> None:
        """Stops filling, between two batches; the rest is done at the next start."""
        self._stopping.set()
        with self._guard:
            embedders, indexes = list(self._embedders.values()), list(self._indexes.values())
        for embedder in embedders:
            embedder.close()
        if self._filler is not None:
            self._filler.join(LEAVE_WITHIN)
            if self._filler.is_alive():
                return  # it waits for a server, and ends with the process
        for index in indexes:
            index.close()
        self._chroma.close()

    # How it is

    def condition(self) -> str:
        """ "ok", or what keeps the searched model from working, and what is going on."""
        trouble, filling = self.trouble, self.filling
        said = [f"words only: {trouble}"] if trouble else []
        if filling:
            said.append(f"changing to {filling.model}: {filling.done:,} of {filling.total:,} items")
            said += [f"which waits: {filling.trouble}"] if filling.trouble else []
        return "; ".join(said) or "ok"

    @property
    def filling(self) -> Filling | None:
        """The change that is under way or still to be made; None when there is none."""
        return self._filling if self._behind() else None

    @property
    def trouble(self) -> str | None:
        """What keeps the embedder of the searched collection from working."""
        return self._embedders[self.current().embedder.name].trouble

    # Changing to the wanted model

    def switch(self, progress: Progress | None = None) -> bool:
        """Fills the wanted model's collection and searches that from then on.

        False when it is searched already. ``progress(done, total)`` counts items. Raises
        KnowledgeError when it can't go on; what was done stays done.
        """
        with self._switching:
            while self._behind():
                if self._lease is None:
                    return self._switch(progress)
                if self._lease.take():
                    try:
                        return self._switch(progress)
                    finally:
                        self._lease.leave()
                self._tell(*self._lease.told, progress)
                self._stopping.wait(LOOK_EVERY)
        return False

    def switch_in_background(self) -> None:
        """The same on a thread, again and again until it is done."""
        if self._behind():
            self._filler = Thread(target=self._keep_switching, name="filling", daemon=True)
            self._filler.start()

    def _keep_switching(self) -> None:
        while not self._stopping.is_set():
            try:
                self.switch()
                return
            except _Stopped:
                return
            except KnowledgeError as error:
                log.warning("the change of the embedding model waits: %s", error)
                self._filling = replace(self._filling, trouble=str(error))
                self._stopping.wait(TRY_AGAIN)

    def _switch(self, progress: Progress | None) -> bool:
        source, target = self.current(), self._index_of(self.catalogue.wanted)
        embedder = self._embedders[target.embedder.name]

        def tell(done: int, total: int) -> None:
            self.catalogue.note(embedder)
            if self._lease is not None:
                self._lease.renew(done, total)
            self._tell(done, total, progress)

        seen = bring_over(source, target, tell)
        self.catalogue.search(embedder)
        with self._guard:
            self._searched, self._settled = target, True
        source.refresh()
        bring_late(seen, source.contents(), target)
        return True

    def _tell(self, done: int, total: int, progress: Progress | None) -> None:
        if self._stopping.is_set():
            raise _Stopped
        self._filling = Filling(self.catalogue.wanted, done, total)
        if progress and total:
            progress(done, total)

    def _behind(self) -> bool:
        searched = self.current()
        return not self._settled and searched.embedder.name != self.catalogue.wanted

    # Which collection

    def _written(self, change: Callable[[KnowledgeIndex], T]) -> T:
        index = self._fresh()
        told = change(index)
        self.catalogue.note(self._embedders[index.embedder.name])
        while (now := self._fresh()) is not index:
            index = now
            change(index)
        return told

    def _fresh(self) -> KnowledgeIndex:
        with self._guard:
            if self._searched is None or self._chroma.shared:
                return self._looked()
            return self._searched

    def _looked(self) -> KnowledgeIndex:
        name = self.catalogue.searched()
        self._next_look = time.monotonic() + LOOK_EVERY
        self._settled = self._settled or name == self.catalogue.wanted
        if self._searched is None or self._searched.embedder.name != name:
            self._searched = self._index_of(name)
        return self._searched

    def _index_of(self, name: str) -> KnowledgeIndex:
        with self._guard:
            if name not in self._indexes:
                self._embedders[name] = self.catalogue.opened(name)
                embedder = self._embedders[name]
                self._indexes[name] = KnowledgeIndex(self.folder, embedder, self._chroma)
            return self._indexes[name]
