"""The verbs about progress. Only sessions that changed since the last question are read again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.progress import Choice, Drill, Mastery, Point, Seen
from coach.progress.choosing import Known, choose, due_now
from coach.progress.drills import drills
from coach.progress.mastery import masteries, mastery_of
from coach.progress.practised import Practised
from coach.progress.reading import SessionReader
from coach.progress.seeing import once_each
from coach.session import Caller

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.calibration import Agreement
    from coach.ports import Clock, Store

MOST_READERS = 200  # whose sessions are remembered


@dataclass(frozen=True)
class Progress:
    """``masteries`` the weakest first, ``drills`` the first due first, ``practised`` newest first.

    ``overall`` is how all checks together stood after each session; ``due`` says how to practise
    each drill that is due, what is most likely forgotten first; ``advisory`` are checks that
    count nowhere, because people and the coach agree too little on them.
    """

    masteries: Sequence[Mastery]
    drills: Sequence[Drill]
    practised: Sequence[Practised]
    overall: Sequence[Point]
    due: Sequence[Choice]
    next: Choice
    advisory: Sequence[Agreement] = ()


class ProgressBook:
    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store, self._shelf, self._clock = store, shelf, clock
        self._readers: OrderedDict[tuple[str, str], SessionReader] = OrderedDict()

    async def progress(self, caller: Caller) -> Progress:
        return await asyncio.to_thread(self._progress, caller)

    async def next(self, caller: Caller) -> Choice:
        return (await self.progress(caller)).next

    async def mastery(self, caller: Caller, check: str) -> Mastery | None:
        """Of one check; None where it was never seen, or is advisory."""
        return await asyncio.to_thread(self._mastery, caller, check)

    def _mastery(self, caller: Caller, check: str) -> Mastery | None:
        times = [one for one in self._seen(caller)[1] if one.check == check]
        return mastery_of(times, self._clock()) if times else None

    def _progress(self, caller: Caller) -> Progress:
        practised, seen, advisory = self._seen(caller)
        now = self._clock()
        found, due = masteries(seen, now), drills(seen, now)
        known = Known(found, due, practised, self._shelf.all(caller.tenant))
        overall = mastery_of(seen, now).over_time if seen else ()
        return Progress(
            found, due, practised, overall, list(due_now(known)), choose(known), advisory
        )

    def _seen(self, caller: Caller) -> tuple[list[Practised], list[Seen], list[Agreement]]:
        """Every session, all that counts in them (oldest first), and what counts nowhere."""
        practised = self._store.practised(caller)
        read = self._reader_of(caller).read(
            practised,
            self._store.overrulings(caller),
            lambda ids: self._store.judged(caller, ids),
        )
        advisory = [one for one in self._store.agreements(caller.tenant) if one.is_advisory]
        left_out = {one.check for one in advisory}
        seen = (one for found in read.values() for one in found if one.check not in left_out)
        return practised, once_each(seen), advisory

    def _reader_of(self, caller: Caller) -> SessionReader:
        key = (caller.tenant, caller.user)
        reader = self._readers.setdefault(key, SessionReader(self._shelf))
        self._readers.move_to_end(key)
        while len(self._readers) > MOST_READERS:
            self._readers.popitem(last=False)
        return reader
