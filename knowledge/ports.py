"""What the rest of the house needs of an index, whichever collection stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from knowledge.evidence import Evidence
from knowledge.indexing.contents import Contents
from knowledge.indexing.index import Changes, KnowledgeIndex, Progress
from knowledge.indexing.notes import Notes


class Shelf(Protocol):
    """Evidence to read and to change: all that taking files in needs."""

    def get(self, evidence_id: str) -> Evidence | None: ...

    def all(self) -> list[Evidence]: ...

    def contents(self) -> Contents: ...

    def notes(self, name: str) -> Notes: ...

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        """Adds or replaces; ``progress(done, of)`` is called between batches, and may raise."""
        ...

    def remove(self, ids: Iterable[str]) -> int: ...


class Index(Shelf, Protocol):
    """A shelf to be searched, in the collection that is searched at the moment."""

    @property
    def folder(self) -> Path | str:
        """Where it lies: a folder, or the URL of a Chroma server."""
        ...

    def current(self) -> KnowledgeIndex:
        """That collection, for several steps that must see the same one."""
        ...

    def condition(self) -> str:
        """ "ok", or what is missing or going on, in few words."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...
