"""Finding evidence: by a query, for a customer like the one at hand, or page by page."""

from __future__ import annotations

import sys
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.errors import BadInput
from coach.store.cursor import item_cursor, read_item_cursor
from knowledge.evidence import Filters, Passage, Peer
from knowledge.searching.peers import reference_warning

if TYPE_CHECKING:
    from coach.ports import Retriever


@dataclass(frozen=True)
class Found:
    """``warning`` says when no reference is from a customer like the one that was asked for."""

    passages: tuple[Passage, ...]
    next_cursor: str | None = None
    warning: str | None = None


@dataclass(frozen=True)
class Finder:
    """Synchronous and thread-safe; call it on a thread."""

    retriever: Retriever

    def find(
        self, query: str | None, filters: Filters, limit: int, near: Peer | None, cursor: str | None
    ) -> Found:
        """The best passages; without a query the items by id, a page at a time."""
        if query is None:
            return self._page(filters, limit, cursor)
        if cursor is not None:
            raise BadInput("a search has no pages: raise `limit`, or leave `q` out to list all")
        found = self.retriever.search(query, limit=limit, filters=filters, near=near)
        return Found(tuple(found), warning=reference_warning(found, near) if near else None)

    def _page(self, filters: Filters, limit: int, cursor: str | None) -> Found:
        items = self.retriever.listing(filters, sys.maxsize, 0)
        start = bisect_right(items, read_item_cursor(cursor), key=lambda i: i.id) if cursor else 0
        page = items[start : start + limit]
        more = item_cursor(page[-1].id) if page and len(items) > start + limit else None
        return Found(tuple(Passage(i, i.text, (0, len(i.text))) for i in page), more)
