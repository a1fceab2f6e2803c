"""How a workshop goes, read from the store: nothing that isn't stored, so every process shows the
same. A session is read again only when it moved on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.scenario import Scenario
from coach.workshops.board import Board, board_of
from coach.workshops.guide import Point, guide_of
from coach.workshops.keeping import Run, WorkshopStore
from coach.workshops.reading import Reading, read
from coach.workshops.report import Report, report_of
from coach.workshops.workshop import Workshop

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.calibration import AgreementStore
    from coach.ports import Clock
    from coach.session import Session

MOST_WORKSHOPS = 20  # of which readings are remembered
SHARED = 0.5  # seconds in which all who follow a workshop share one look at the store


@dataclass
class _Memory:
    """What was read of one workshop: by session with what the reading rests on, and the board."""

    found: dict[str, tuple[object, Reading]] = field(default_factory=dict)
    board: tuple[str, Board] | None = None
    seen: tuple[float, Workshop, str] | None = None  # when, and what was there
    looking: Lock = field(default_factory=Lock)
    reading: Lock = field(default_factory=Lock)


class Floor:
    """Synchronous and thread-safe; call it on a thread."""

    def __init__(
        self, store: WorkshopStore, agreements: AgreementStore, shelf: Shelf, clock: Clock
    ) -> None:
        self._store, self._agreements = store, agreements
        self._shelf, self._clock = shelf, clock
        self._memories: OrderedDict[str, _Memory] = OrderedDict()

    def mark(self, workshop: Workshop) -> str:
        """Changes with all that the board shows."""
        return f"{workshop.state(self._clock())} {self._store.mark(workshop)}"

    def look(self, workshop: Workshop) -> tuple[Workshop, str]:
        """As it is stored now, or was half a second ago, and its mark: for many who follow."""
        memory = self._memory(workshop)
        with memory.looking:
            if memory.seen is None or monotonic() - memory.seen[0] > SHARED:
                found = self._store.get(workshop.tenant, workshop.id)
                memory.seen = monotonic(), found, self.mark(found)
            return memory.seen[1:]

    def board(self, workshop: Workshop) -> Board:
        memory, mark = self._memory(workshop), self.mark(workshop)
        with memory.reading:
            if memory.board is None or memory.board[0] != mark:
                readings = self._read(workshop, memory)
                members = self._store.members(workshop)
                made = board_of(workshop, members, readings, self._clock())
                memory.board = mark, made
            return memory.board[1]

    def readings(self, workshop: Workshop) -> list[Reading]:
        memory = self._memory(workshop)
        with memory.reading:
            return self._read(workshop, memory)

    def report(self, workshop: Workshop) -> Report:
        members, scenarios = self._store.members(workshop), self._shelf.all(workshop.tenant)
        return report_of(workshop, members, self.readings(workshop), scenarios)

    def guide(self, workshop: Workshop) -> tuple[Point, ...]:
        return guide_of(self.board(workshop).moments)

    def _read(self, workshop: Workshop, memory: _Memory) -> list[Reading]:
        """Oldest first; sessions whose scenario is gone for good are left out."""
        runs = self._store.runs(workshop)
        changed = {
            one.session for one in runs if memory.found.get(one.session, (None,))[0] != one.mark
        }
        played = {one.id: one for one in self._store.played(workshop, changed)}
        known = {one.session: memory.found[one.session] for one in runs
                 if one.session in memory.found}  # fmt: skip
        known |= self._fresh(workshop, [run for run in runs if run.session in played], played)
        memory.found = known
        return [known[one.session][1] for one in runs if one.session in known]

    def _fresh(
        self, workshop: Workshop, runs: Sequence[Run], played: dict[str, Session]
    ) -> dict[str, tuple[object, Reading]]:
        agreements = self._agreements.agreements(workshop.tenant) if runs else ()
        advisory = {one.check for one in agreements if one.is_advisory}
        scenarios: dict[str, Scenario | None] = {}
        found: dict[str, tuple[object, Reading]] = {}
        for run in runs:
            session = played[run.session]
            key = f"{session.scenario} {session.scenario_fingerprint}"
            if key not in scenarios:
                scenarios[key] = self._scenario(session)
            if (scenario := scenarios[key]) is not None:
                found[run.session] = run.mark, read(session, scenario, run.rulings, advisory)
        return found

    def _scenario(self, session: Session) -> Scenario | None:
        try:
            return self._shelf.played(session)
        except NotFound:
            return None

    def _memory(self, workshop: Workshop) -> _Memory:
        memory = self._memories.setdefault(workshop.id, _Memory())
        self._memories.move_to_end(workshop.id)
        while len(self._memories) > MOST_WORKSHOPS:
            self._memories.popitem(last=False)
        return memory
