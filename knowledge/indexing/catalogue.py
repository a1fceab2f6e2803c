"""Which collections the database has, which one is searched, and what opens their embedders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from knowledge.indexing.chroma import Chroma, Table
from knowledge.indexing.index import COLLECTIONS, NOTES, collection_of, journal_of
from knowledge.indexing.notes import Notes
from knowledge.vectors.embedding import EMBEDDED, Embedder

SEARCHED = "searched"  # the note that names the collection, by its embedder


class Opened(Embedder, Protocol):
    """An embedder that can be opened again from its ``origin``, by this or another process."""

    origin: str
    dimensions: int | None

    @property
    def trouble(self) -> str | None:
        """What keeps it from working, as far as is known."""
        ...

    def close(self) -> None: ...


class Embedders(Protocol):
    """Opens embedders; ``dimensions`` are those their vectors must have, where they are known."""

    def wanted(self, dimensions: int | None = None) -> Opened:
        """The one that the settings name."""
        ...

    def recorded(self, origin: str, dimensions: int | None = None) -> Opened:
        """The one of an index that was made under other settings."""
        ...


@dataclass(frozen=True)
class Collection:
    """One embedding model's share of the database."""

    model: str
    passages: int
    searched: bool
    wanted: bool


class Catalogue:
    """Notes about the collections in ``chroma``, by the name of their embedder."""

    def __init__(self, chroma: Chroma, embedders: Embedders) -> None:
        self._chroma, self._embedders = chroma, embedders
        self.notes = Notes(Table(chroma, f"{NOTES}collections", space="l2"))
        self.wanted = embedders.wanted().name

    def searched(self) -> str:
        """The name of the embedder whose collection is searched."""
        return self.notes.get(SEARCHED) or self._first()

    def search(self, embedder: Opened) -> None:
        """From now on, every process searches the collection of ``embedder``."""
        self.notes.put_many({embedder.name: _record(embedder), SEARCHED: embedder.name})

    def note(self, embedder: Opened) -> None:
        """Records what opens it, and how long its vectors are once that is known."""
        if self.notes.get(embedder.name) != (record := _record(embedder)):
            self.notes.put(embedder.name, record)

    def opened(self, name: str) -> Opened:
        """The embedder of that name, of which there is a note, or which is wanted."""
        known = json.loads(self.notes.get(name) or "{}")
        if name == self.wanted:
            return self._embedders.wanted(known.get("dimensions"))
        return self._embedders.recorded(known.get("origin", EMBEDDED), known.get("dimensions"))

    def all(self) -> list[Collection]:
        """Those of every model that was ever used here."""
        searched = self.searched()
        found = [name for name in self._chroma.names() if name.startswith(COLLECTIONS)]
        models = [name.removeprefix(COLLECTIONS) for name in found]
        return [
            Collection(model, self._passages(model), model == searched, model == self.wanted)
            for model in models
        ]

    def forget_old(self) -> list[Collection]:
        """Deletes the collections that are neither searched nor wanted; which they were."""
        old = [one for one in self.all() if not (one.searched or one.wanted)]
        there = set(self._chroma.names())
        for one in old:
            collection = collection_of(one.model)
            for name in {collection, f"{NOTES}{journal_of(collection)}"} & there:
                self._chroma.drop(name)
        self.notes.drop([one.model for one in old])
        return old

    def _first(self) -> str:
        """An index of the time before these notes has the embedded model, a new one the wanted."""
        embedded = self._embedders.recorded(EMBEDDED)
        is_old = collection_of(embedded.name) in self._chroma.names()
        if is_old and self._passages(embedded.name):
            self.search(embedded)
            return embedded.name
        self.search(self._embedders.wanted())
        return self.wanted

    def _passages(self, model: str) -> int:
        return Table(self._chroma, collection_of(model)).count()


def _record(embedder: Opened) -> str:
    return json.dumps({"origin": embedder.origin, "dimensions": embedder.dimensions})
