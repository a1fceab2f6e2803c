"""The verbs about progress. Only sessions that changed since the last question are read again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.overruling import Overruling
from coach.progress import Choice, Drill, Mastery, Point, Seen
from coach.progress.choosing import Known, choose, due_now
from coach.progress.drills import drills
from coach.progress.mastery import masteries, mastery_of
from coach.progress.practised import Practised
from coach.progress.seeing import once_each, seen_in
from coach.scenario import Scenario
from coach.session import Caller, Status

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


#: What a session's reading rests on: when none of it changed, the reading holds.
Mark = tuple[int, Status, tuple[Overruling, ...]]


@dataclass
class _Reader:
    """What was read of one person's sessions, by their ids."""

    found: dict[str, tuple[Mark, tuple[Seen, ...]]] = field(default_factory=dict)
    reading: Lock = field(default_factory=Lock)


class _Scenarios:
    """What sessions were played with, each asked for once; None for what is gone."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._found: dict[tuple[str, int, str], Scenario | None] = {}

    def of(self, one: Practised) -> Scenario | None:
        key = (one.scenario, one.scenario_version, one.scenario_fingerprint)
        if key not in self._found:
            try:
                self._found[key] = self._shelf.played(one)
            except NotFound:
                self._found[key] = None
        return self._found[key]


class ProgressBook:
    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store, self._shelf, self._clock = store, shelf, clock
        self._readers: OrderedDict[tuple[str, str], _Reader] = OrderedDict()

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
        marks = self._marks(caller, practised)
        reader = self._reader_of(caller)
        with reader.reading:
            known = {key: reader.found[key] for key in marks if key in reader.found}
            changed = [one for one in practised if known.get(one.id, (None,))[0] != marks[one.id]]
            turns = self._store.judged(caller, [one.id for one in changed])
            scenarios = _Scenarios(self._shelf)
            for one in changed:
                rulings = {(r.turn, r.check): r for r in marks[one.id][2]}
                read = seen_in(one, scenarios.of(one), turns.get(one.id, ()), rulings)
                known[one.id] = marks[one.id], read
            reader.found = known
        advisory = [one for one in self._store.agreements(caller.tenant) if one.is_advisory]
        left_out = {one.check for one in advisory}
        seen = (one for _, read in known.values() for one in read if one.check not in left_out)
        return practised, once_each(seen), advisory

    def _marks(self, caller: Caller, practised: Sequence[Practised]) -> dict[str, Mark]:
        rulings: dict[str, list[Overruling]] = {}
        for one in self._store.overrulings(caller):
            rulings.setdefault(one.session, []).append(one)
        return {
            one.id: (one.turn_count, one.status, tuple(rulings.get(one.id, ())))
            for one in practised
        }

    def _reader_of(self, caller: Caller) -> _Reader:
        key = (caller.tenant, caller.user)
        reader = self._readers.setdefault(key, _Reader())
        self._readers.move_to_end(key)
        while len(self._readers) > MOST_READERS:
            self._readers.popitem(last=False)
        return reader
