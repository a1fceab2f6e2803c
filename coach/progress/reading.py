"""Sessions read for what counts in them; only those that changed are read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from coach.errors import NotFound
from coach.overruling import Overruling
from coach.progress import Seen
from coach.progress.practised import JudgedTurn, Practised
from coach.progress.seeing import seen_in
from coach.scenario import Scenario
from coach.session import Status

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf

#: What a session's reading rests on: when none of it changed, the reading holds.
Mark = tuple[int, Status, tuple[Overruling, ...]]
Judged = Callable[[list[str]], Mapping[str, tuple[JudgedTurn, ...]]]


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


class SessionReader:
    """Thread-safe. ``spare`` is how many sessions are remembered beyond those of the last call."""

    def __init__(self, shelf: Shelf, spare: int = 0) -> None:
        self._shelf, self._spare = shelf, spare
        self._found: dict[str, tuple[Mark, tuple[Seen, ...]]] = {}
        self._reading = Lock()

    def read(
        self, practised: Sequence[Practised], rulings: Sequence[Overruling], judged: Judged
    ) -> dict[str, tuple[Seen, ...]]:
        """By session, in the order of ``practised``; ``judged`` is asked once, for what changed."""
        marks = _marks(practised, rulings)
        with self._reading:
            known = {key: self._found[key] for key in marks if key in self._found}
            changed = [one for one in practised if known.get(one.id, (None,))[0] != marks[one.id]]
            turns = judged([one.id for one in changed])
            scenarios = _Scenarios(self._shelf)
            for one in changed:
                ruled = {(r.turn, r.check): r for r in marks[one.id][2]}
                read = seen_in(one, scenarios.of(one), turns.get(one.id, ()), ruled)
                known[one.id] = marks[one.id], read
            others = [key for key in self._found if key not in known]
            kept = {key: self._found[key] for key in others[: self._spare]}
            self._found = known | kept
        return {one.id: known[one.id][1] for one in practised}


def _marks(practised: Sequence[Practised], found: Sequence[Overruling]) -> dict[str, Mark]:
    rulings: dict[str, list[Overruling]] = {}
    for one in found:
        rulings.setdefault(one.session, []).append(one)
    return {
        one.id: (one.turn_count, one.status, tuple(rulings.get(one.id, ()))) for one in practised
    }
