"""The verb about a whole team: two queries however many people are in it, and what was read of a
session is read again only when it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coach.progress.practised import Practised
from coach.progress.reading import SessionReader
from coach.progress.seeing import once_each
from coach.progress.team import Axis, Heat, Person, Practice, heat_of, person_of
from coach.session import Caller

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.ports import Clock, Store

WEEKS, MOST_WEEKS = 12, 52
REMEMBERED = 5_000  # sessions that a look at another team doesn't forget


@dataclass(frozen=True)
class Asked:
    """``people`` are names of users; whose sessions the caller may not read, has none here."""

    people: Sequence[str]
    rows: Axis = Axis.PERSON
    columns: Axis = Axis.CHECK
    weeks: int = WEEKS


@dataclass(frozen=True)
class Overview:
    since: datetime
    people: Sequence[Person]
    heat: Heat


class TeamBook:
    """Synchronous inside; the verb runs on a thread."""

    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store, self._shelf, self._clock = store, shelf, clock
        self._reader = SessionReader(shelf, REMEMBERED)

    async def overview(self, caller: Caller, asked: Asked) -> Overview:
        return await asyncio.to_thread(self._overview, caller, asked)

    def _overview(self, caller: Caller, asked: Asked) -> Overview:
        now = self._clock()
        since = now - timedelta(weeks=asked.weeks)
        team = self._practice(caller, asked.people, since)
        scenarios = self._shelf.all(caller.tenant)
        titles = {one.id: one.title for one in scenarios}
        people = [person_of(one, scenarios, now) for one in team]
        return Overview(since, people, heat_of(team, titles, asked.rows, asked.columns))

    def _practice(self, caller: Caller, people: Sequence[str], since: datetime) -> list[Practice]:
        wanted: dict[str, list[Practised]] = {name: [] for name in sorted(people, key=str.casefold)}
        practised = [
            one
            for one in self._store.practised(caller, since, team=True)
            if one.owner.user in wanted
        ]
        for one in practised:
            wanted[one.owner.user].append(one)
        read = self._reader.read(
            practised,
            self._store.overrulings(caller, team=True),
            lambda ids: self._store.judged(caller, ids, team=True),
        )
        left_out = {a.check for a in self._store.agreements(caller.tenant) if a.is_advisory}
        return [
            Practice(
                name,
                own,
                [
                    s
                    for s in once_each(s for one in own for s in read[one.id])
                    if s.check not in left_out
                ],
            )
            for name, own in wanted.items()
        ]
