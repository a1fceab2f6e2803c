"""The verbs about gaps, and the counting of them beside what a rep waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.gaps import Gap, GapsWanted, Sighting
from coach.gaps.drafts import Drafts
from coach.gaps.telling import kind_wanted, told, words_of
from coach.scenario import Scenario
from coach.session import Caller, Session, Turn
from coach.suggestion import Advice
from knowledge.evidence import Kind
from knowledge.reading.templates import template

if TYPE_CHECKING:
    from coach.gaps.counting import GapCounter
    from coach.ports import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenGap:
    """A gap as it stands now: ``covered`` when evidence has come since.

    ``says`` what is lacking in one sentence; ``write`` is the kind of evidence that would do.
    """

    gap: Gap
    covered: bool
    says: str
    write: Kind


class GapBook:
    """Counting never delays or fails what it counts; a failure of it is logged."""

    def __init__(self, counter: GapCounter, store: Store, drafts: Drafts | None = None) -> None:
        self._counter, self._store = counter, store
        self._drafts = drafts or Drafts()
        self._counting: set[asyncio.Task[None]] = set()

    # --- what was met ---

    def met_live(
        self, caller: Caller, objection: str, advice: Advice, draft: str | None = None
    ) -> None:
        """``draft`` names a page on which the words may still be typed: it counts them once."""
        if not advice.missing and draft is None:
            return

        def count(occasion: str) -> None:
            self._count(caller, lambda: self._counter.of_live(objection, advice, occasion))

        if draft is None:
            count("")
        else:
            self._drafts.hold((caller.tenant, caller.user, draft), objection, count)

    def met_in_hint(self, caller: Caller, session: Session, advice: Advice) -> None:
        if advice.missing:
            self._count(caller, lambda: self._counter.of_hint(session, advice))

    def met_in_practice(
        self, caller: Caller, session: Session, scenario: Scenario, turn: Turn
    ) -> None:
        """A buyer's turn that was just stored."""
        if not self._counter.lacks_nothing(session, scenario, turn):
            self._count(caller, lambda: self._counter.of_turn(session, scenario, turn))

    def _count(self, caller: Caller, look: Callable[[], list[Sighting]]) -> None:
        task = asyncio.create_task(asyncio.to_thread(self._counted, caller.tenant, look))
        self._counting.add(task)
        task.add_done_callback(self._counting.discard)

    def _counted(self, tenant: str, look: Callable[[], list[Sighting]]) -> None:
        try:
            self._store.count_gaps(tenant, look())
        except Exception:  # nobody asked for this count, and nobody's answer may fail by it
            log.exception("a gap could not be counted")

    async def settle(self) -> None:
        """Waits until everything met so far is counted, drafts included."""
        self._drafts.settle_all()
        await self._counted_so_far()

    async def _counted_so_far(self) -> None:
        while self._counting:
            await asyncio.gather(*self._counting)

    # --- what there is to write ---

    async def page(
        self, caller: Caller, wanted: GapsWanted, limit: int, cursor: str | None = None
    ) -> tuple[list[OpenGap], str | None]:
        """Most frequent first, live before practice, each as it stands now."""
        await self._counted_so_far()
        return await asyncio.to_thread(self._page, caller.tenant, wanted, limit, cursor)

    def _page(
        self, tenant: str, wanted: GapsWanted, limit: int, cursor: str | None
    ) -> tuple[list[OpenGap], str | None]:
        found, more = self._store.gaps(tenant, wanted, limit, cursor)
        return [self._as_it_stands(gap) for gap in found], more

    def _as_it_stands(self, gap: Gap) -> OpenGap:
        _, concern = self._counter.concern_of(gap)
        says = told(gap, concern)
        return OpenGap(gap, self._counter.is_covered(gap), says, kind_wanted(gap))

    async def dismiss(self, caller: Caller, gap_id: str) -> None:
        await asyncio.to_thread(self._store.dismiss_gap, caller.tenant, gap_id)

    async def template(self, caller: Caller, gap_id: str) -> tuple[str, str]:
        """A name for a file and the Markdown to fill in, begun with what is known."""
        gap = await asyncio.to_thread(self._store.gap, caller.tenant, gap_id)
        _, concern = self._counter.concern_of(gap)
        kind = kind_wanted(gap)
        known = {"competitor": gap.competitor, "sector": gap.sector}
        given = {field: value for field, value in known.items() if value}
        remarks = (told(gap, concern), *(words_of(one) for one in gap.examples))
        return f"{kind.value.replace('_', '-')}-{gap.id[:8]}.md", template(kind, given, remarks)
