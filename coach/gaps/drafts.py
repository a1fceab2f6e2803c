"""Objections that are still being typed: counted once they stand still, and once however edited."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, takewhile
from uuid import uuid4

QUIET_SECONDS = 5.0
MOST_DRAFTS = 1_000

#: Called with the occasion under which the draft counts.
Settle = Callable[[str], None]


@dataclass
class _Draft:
    """``settle`` is None once it was called."""

    words: str
    occasion: str
    settle: Settle | None = None
    timer: asyncio.TimerHandle | None = None


class Drafts:
    """For the event loop only. ``keys`` are whatever tells one person's page from another's."""

    def __init__(self, quiet: float = QUIET_SECONDS) -> None:
        self._quiet = quiet
        self._held: OrderedDict[object, _Draft] = OrderedDict()
        self._number, self._run = count(), uuid4().hex

    def hold(self, key: object, words: str, settle: Settle) -> None:
        """Calls ``settle`` when nothing newer came for a while.

        Newer words that go on from the older replace them; other words let them count first.
        """
        draft = self._held.get(key)
        if draft is None or not _goes_on(draft.words, words):
            self._settled(draft)
            draft = _Draft(words, f"draft:{self._run}:{next(self._number)}")
        elif draft.timer:
            draft.timer.cancel()
        draft.words, draft.settle = words, settle
        loop = asyncio.get_running_loop()
        draft.timer = loop.call_later(self._quiet, self._settled, draft)
        self._held[key] = draft
        self._held.move_to_end(key)
        while len(self._held) > MOST_DRAFTS:
            self._settled(self._held.popitem(last=False)[1])

    def settle_all(self) -> None:
        """Nothing is waited for any longer."""
        for draft in self._held.values():
            self._settled(draft)

    @staticmethod
    def _settled(draft: _Draft | None) -> None:
        if draft is None or draft.settle is None:
            return
        if draft.timer:
            draft.timer.cancel()
        settle, draft.settle = draft.settle, None
        settle(draft.occasion)


def _goes_on(before: str, now: str) -> bool:
    """Whether one is the other, edited: they begin alike for half of the shorter."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, now, strict=False))
    return 2 * sum(1 for _ in alike) >= min(len(before), len(now))
