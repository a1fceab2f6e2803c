"""The verbs of calibration: replies to label, and what the labels say about the coach."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from coach.assessment import Verdict
from coach.calibration import ENOUGH, Agreement, Label, ToLabel
from coach.calibration.sampling import Place, balanced
from coach.errors import NotFound
from coach.overruling.referee import trainers_only
from coach.progress.practised import Practised
from coach.session import Caller, Session

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.calibration.kappa import Pair
    from coach.ports import Clock, Store


@dataclass(frozen=True)
class Fault:
    """A label that can't be used, by its place in the list that came, and why."""

    place: int
    message: str


@dataclass(frozen=True)
class Scored:
    """``agreements`` by check; ``labelled`` counts the labels that were used."""

    agreements: Sequence[Agreement]
    faults: Sequence[Fault]
    labelled: int


@dataclass
class _Judged:
    """What the coach said of a row. ``forbids``: silence keeps the check, see ``_as_kept``."""

    verdict: Verdict
    question: str
    forbids: bool
    labels: dict[str, Verdict] = field(default_factory=dict)


class Kit:
    """Trainers only; over the sessions that the caller may see."""

    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store, self._shelf, self._clock = store, shelf, clock

    async def sheet(self, caller: Caller, count: int, seed: int) -> list[ToLabel]:
        """Replies with a question each, balanced over checks and verdicts."""
        trainers_only(caller)
        return await asyncio.to_thread(self._sheet, caller, count, seed)

    def _sheet(self, caller: Caller, count: int, seed: int) -> list[ToLabel]:
        chosen = balanced(self._places(caller), count, seed)
        sessions = {key: self._store.load(caller, key) for key in {one[0] for one in chosen}}
        return [_to_label(sessions[place[0]], place) for place in chosen]

    def _places(self, caller: Caller) -> Iterator[Place]:
        ids = [one.id for one in self._store.practised(caller)]
        for session_id, turns in self._store.judged(caller, ids).items():
            for turn in turns:
                yield from ((session_id, turn, check) for check in turn.checks)

    async def score(self, caller: Caller, labels: Sequence[Label], *, keep: bool) -> Scored:
        """With ``keep``, checks with enough labels count or are advisory by them from now on."""
        trainers_only(caller)
        return await asyncio.to_thread(self._score, caller, labels, keep)

    def _score(self, caller: Caller, labels: Sequence[Label], keep: bool) -> Scored:
        judged = self._judged(caller, {label.row.partition(":")[0] for label in labels})
        faults = []
        for place, label in enumerate(labels):
            if problem := _taken(judged, label):
                faults.append(Fault(place, problem))
        found = _agreements(judged)
        if keep:
            enough = [one for one in found if one.coach.rows >= ENOUGH]
            self._store.keep_agreements(caller.tenant, enough, self._clock())
        return Scored(found, faults, len(labels) - len(faults))

    async def agreements(self, caller: Caller) -> list[Agreement]:
        """Those that hold now, by check."""
        return await asyncio.to_thread(self._store.agreements, caller.tenant)

    def _judged(self, caller: Caller, ids: set[str]) -> dict[str, _Judged]:
        """What the coach said, by row; a trainer's overruling isn't the coach's."""
        played = {one.id: one for one in self._store.practised(caller) if one.id in ids}
        found: dict[str, _Judged] = {}
        for session_id, turns in self._store.judged(caller, sorted(played)).items():
            silent = self._kept_by_silence(played[session_id])
            for turn in turns:
                for check in turn.checks:
                    row = row_of(session_id, turn.index, check.id)
                    found[row] = _Judged(check.verdict, check.question, check.id in silent)
        return found

    def _kept_by_silence(self, session: Practised) -> set[str]:
        """Checks that only forbid something."""
        try:
            checks = self._shelf.played(session).checks
        except NotFound:
            return set()
        return {item.id for item in checks if not item.yes}


def row_of(session: str, turn: int, check: str) -> str:
    return f"{session}:{turn}:{check}"


def _to_label(session: Session, place: Place) -> ToLabel:
    _, turn, check = place
    texts = {one.index: one.text for one in session.turns}
    return ToLabel(
        row_of(session.id, turn.index, check.id),
        session.scenario,
        texts[turn.index - 1],
        texts[turn.index],
        check.id,
        check.question,
        check.verdict,
        check.quote,
    )


def _taken(judged: Mapping[str, _Judged], label: Label) -> str:
    """Puts the label to its row; why it can't be used, or ""."""
    known = judged.get(label.row)
    if known is None:
        return f"there is no verdict {label.row[:80]!r}; was its session deleted?"
    before = known.labels.setdefault(label.rater, label.verdict)
    if before is not label.verdict:
        return f"{label.rater or 'the same person'} labelled this row before, as {before.value}"
    return ""


def _agreements(judged: Mapping[str, _Judged]) -> list[Agreement]:
    by_check: defaultdict[str, dict[str, _Judged]] = defaultdict(dict)
    for row, one in judged.items():
        if one.labels:
            by_check[row.rpartition(":")[2]][row] = one
    return [_agreement_on(check, rows) for check, rows in sorted(by_check.items())]


def _agreement_on(check: str, rows: Mapping[str, _Judged]) -> Agreement:
    from coach.calibration.kappa import kappa_of  # noqa: PLC0415  # numpy is slow to load

    coach: dict[str, list[Pair]] = {}
    people: dict[str, list[Pair]] = {}
    for row, one in rows.items():
        said = {rater: _as_kept(one, label) for rater, label in sorted(one.labels.items())}
        coach[row] = [(_as_kept(one, one.verdict), label) for label in said.values()]
        people[row] = list(combinations(said.values(), 2))
    found = kappa_of(coach)
    assert found  # noqa: S101  # a row is only here with a label
    raters = {rater for one in rows.values() for rater in one.labels}
    return Agreement(
        check, next(iter(rows.values())).question, found, kappa_of(people), len(raters)
    )


def _as_kept(one: _Judged, verdict: Verdict) -> Verdict:
    """To “Did the reply do without pressure?” people say yes where the coach says nothing of a
    reply: that is the same."""
    return Verdict.YES if one.forbids and verdict is Verdict.NOT_OBSERVABLE else verdict
