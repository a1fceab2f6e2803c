"""What the rest of the house needs of an index, whichever collection stands behind it."""

from __future__ import annotations

from typing import Protocol

from knowledge.index import KnowledgeIndex
from knowledge.shelf import Shelf


class Index(Shelf, Protocol):
    """A shelf to search: evidence in the collection that is searched at the moment."""

    def current(self) -> KnowledgeIndex:
        """That collection, for several steps that must see the same one."""
        ...

    def condition(self) -> str:
        """ "ok", or what is missing or going on, in few words."""
        ...

    def count(self) -> int: ...
