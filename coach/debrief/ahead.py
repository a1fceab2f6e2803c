"""What other replies would have done, played while the session goes on and nobody waits.

The end of a session then needn't play them all. Whatever was not played by then is played at the
end, so that the debrief is the same with it and without.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from coach.buyer import BuyerState, Next
from coach.suggestion import Suggestion
from knowledge.evidence import Filters

if TYPE_CHECKING:
    from coach.ports import Retriever
    from coach.scenario import Scenario
    from coach.session import Session
    from knowledge.evidence import Evidence

QUIET = 2.0  # seconds without a turn of anybody: turns come first
MOST_WAITING, MOST_KNOWN = 32, 256  # moments
_ALL = 1_000_000

log = logging.getLogger(__name__)
Key = tuple[str, int]  # the session, and the seller's turn


class Reply(NamedTuple):
    """A suggestion, and the buyer whom it would have met."""

    suggestion: Suggestion
    state: BuyerState
    planned: Next


#: Plays the suggestions that fit: to the buyer's words, in the state before them.
Play = Callable[[str, BuyerState, "Session", "Scenario"], tuple[Reply, ...]]


class Ahead:
    """``see`` lives in the event loop that it is called in; ``replies`` is for any thread."""

    def __init__(self, play: Play, retriever: Retriever) -> None:
        self._play, self._retriever = play, retriever
        self._waiting: OrderedDict[Key, Callable[[], tuple[Reply, ...]]] = OrderedDict()
        self._known: OrderedDict[Key, tuple[Reply, ...]] = OrderedDict()
        self._evidence: Sequence[Evidence] = ()
        self._quiet: asyncio.Task[None] | None = None

    def see(self, session: Session, scenario: Scenario, turn: int) -> None:
        """``turn`` is the seller's that follows ``session``; the latest is played first."""
        last = session.turns[-1]
        if last.state is None:
            return
        self._waiting[(session.id, turn)] = partial(
            self._play, last.text, last.state, session, scenario
        )
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)

    def wait_for_quiet(self) -> None:
        """Begins anew at each turn."""
        self.close()
        self._quiet = asyncio.create_task(self._when_quiet())

    def replies(self, session_id: str, turn: int) -> tuple[Reply, ...] | None:
        """None for what was not played with the evidence that there is now."""
        self._waiting.pop((session_id, turn), None)
        if self._evidence != self._now():
            return None
        return self._known.get((session_id, turn))

    async def settle(self) -> None:
        """Waits until all that was seen is played."""
        if self._quiet:
            await asyncio.wait([self._quiet])

    def close(self) -> None:
        """Leaves what waits."""
        if self._quiet:
            self._quiet.cancel()

    async def _when_quiet(self) -> None:
        await asyncio.sleep(QUIET)
        while self._waiting:
            await asyncio.to_thread(self._play_one, *self._waiting.popitem())

    def _play_one(self, key: Key, play: Callable[[], tuple[Reply, ...]]) -> None:
        try:
            evidence = self._now()
            found = play()
        except Exception:  # nobody asked for it yet: the end of the session will say so
            log.exception("turn %d of session %s could not be played ahead", key[1], key[0])
            return
        if self._evidence != evidence:
            self._known.clear()
            self._evidence = evidence
        self._known[key] = found
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _now(self) -> Sequence[Evidence]:
        return self._retriever.listing(Filters(), _ALL, 0)
