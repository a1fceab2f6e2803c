"""Where evidence is put and taken from: what the index is to those who change it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from knowledge.contents import Contents
from knowledge.evidence import Evidence

if TYPE_CHECKING:
    from knowledge.index import Changes, Progress
    from knowledge.notes import Notes


class Shelf(Protocol):
    """Synchronous and thread-safe; KnowledgeError where it fails."""

    def get(self, evidence_id: str) -> Evidence | None: ...

    def all(self) -> list[Evidence]: ...

    def contents(self) -> Contents: ...

    def notes(self, name: str) -> Notes: ...

    def upsert(self, items: Iterable[Evidence], progress: Progress | None = None) -> Changes:
        """Adds or replaces; ``progress(done, of)`` is called between batches, and may raise."""

    def remove(self, ids: Iterable[str]) -> int: ...
