"""The verbs that read the evidence: searched, listed, compared, inspected."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.finding import Finder, Found
from coach.governance import Governance, Inspection
from coach.sent_text import checked_text
from coach.session import Caller
from knowledge.checking.compare import Comparison
from knowledge.evidence import Evidence, Filters, Peer

if TYPE_CHECKING:
    from coach.ports import Retriever


class EvidenceVerbs:
    """The service's part about evidence; what changes it is the library's."""

    _retriever: Retriever
    _governance: Governance

    async def search_evidence(
        self,
        query: str | None,
        filters: Filters,
        limit: int,
        near: Peer | None = None,
        cursor: str | None = None,
    ) -> Found:
        """Without a query a listing, of which ``cursor`` gives the next page.

        ``near`` is the customer that references should resemble.
        """
        query = checked_text(query, "q") if query and query.strip() else None
        return await asyncio.to_thread(
            Finder(self._retriever).find, query, filters, limit, near, cursor
        )

    async def evidence_values(self, field: str) -> list[str]:
        """What stands in a field of text, each value once."""
        return await asyncio.to_thread(self._retriever.values, field)

    async def evidence(self, evidence_id: str) -> Evidence:
        item = await asyncio.to_thread(self._retriever.get, evidence_id)
        if item is None:
            raise NotFound(f"there is no evidence {evidence_id[:80]!r}")
        return item

    async def compare(self, competitor: str, *, internal: bool = False) -> Comparison:
        """Us against ``competitor``; ``internal`` adds what no customer may see."""
        competitor = checked_text(competitor, "competitor")
        return await asyncio.to_thread(self._governance.compare, competitor, internal)

    async def inspect_knowledge(self, caller: Caller) -> Inspection:
        """What is wrong, ageing or absent in the knowledge base, for what is practised here."""
        return await asyncio.to_thread(self._governance.check, caller.tenant)
