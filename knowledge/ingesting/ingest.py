"""Bring files into the index, and say per file what went in and what didn't.

In this order, so that a killed run can be run again: everything is planned, the plan is noted,
items are stored, the end is noted, and only then is removed what no file has any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from knowledge.checking.duplicates import alike
from knowledge.checking.finding import Finding
from knowledge.errors import UnreadableFile
from knowledge.indexing.index import Progress as Counted
from knowledge.ingesting.intents import Intents
from knowledge.ingesting.manifest import Entry, Manifest
from knowledge.ingesting.planning import Plan, Planner, few
from knowledge.ingesting.report import FileReport, Repeats, Report
from knowledge.ingesting.sources import Walk, walk
from knowledge.ingesting.statements import Hashes
from knowledge.ports import Index, Shelf
from knowledge.reading.mapping import Mapping as Columns

Progress = Callable[[str, int, int], None]

READING, STORING = "Reading files", "Storing items"  # what Progress is told, with done and total
MOST_ALIKE = 20  # pairs that are named
BATCH = 2_000  # items that are stored, and then let go of
UNFINISHED = "unfinished"  # a note beside the index while the sample is being written
SAMPLE = "sample:"  # what the names of its files begin with: they lie below nobody's folder


def ingest(
    paths: Iterable[Path],
    index: Shelf,
    mapping: Columns | None = None,
    progress: Progress | None = None,
    prune: bool = False,
) -> Report:
    """Read ``paths`` (folders too) and bring the index up to date; rerun it after a kill.

    With ``prune`` what was ingested from below these folders, and is deleted, is removed.
    """
    return take_in(walk(paths), index, mapping, progress, prune)


def take_in(
    found: Walk,
    index: Shelf,
    mapping: Columns | None = None,
    progress: Progress | None = None,
    prune: bool = False,
) -> Report:
    """The same for files that were found already, or came another way."""
    told = progress or _silent
    manifest, intents = Manifest(index.notes("files")), Intents(index.notes("intents"))
    intents.finish(index, manifest)  # a run that was killed at its very end
    before = dict(manifest.entries)
    decided = _decided(found, index, before, intents, mapping, told, prune)
    _carry_out(decided, index, manifest, intents, told)
    files = _reports(decided, before, index)
    if prune:
        files += _spared(found, before)
    new = {key for plan in decided.plans.values() for key in plan.new}
    return Report(tuple(files), len(decided.removed), _repeats(index, new))


@dataclass(frozen=True)
class _Decided:
    """What a run is going to do. No file has the ids ``freed`` after it; of those ``removed`` were
    there before it, and the others are what a killed run stored."""

    plans: dict[str, Plan]
    gone: list[str]
    now: Hashes
    stood: Hashes
    freed: set[str]

    @property
    def removed(self) -> set[str]:
        return self.freed & self.stood.keys()


def _decided(
    found: Walk,
    index: Shelf,
    entries: Mapping[str, Entry],
    intents: Intents,
    mapping: Columns | None,
    told: Progress,
    prune: bool,
) -> _Decided:
    contents = index.contents()
    now = {key: contents.hashes.get(key, "") for key in contents.items}
    stood = intents.stood(now)
    sources = {source.name: source for source in found.sources}
    gone = found.gone(sorted({*entries, *intents.by_name})) if prune else []
    planner = Planner(entries, stood, now, set(gone), mapping)
    plans = planner.plans(sources.values(), _reading(told, len(sources)))
    left = {key for name in gone if name in entries for key in entries[name].ids}
    left = left.union(*(plan.leaves for plan in plans.values()))
    left = left.union(*(intents.stored(name, now) for name in (*gone, *plans)))
    return _Decided(plans, gone, now, stood, left - planner.claimed)


def _carry_out(
    decided: _Decided, index: Shelf, manifest: Manifest, intents: Intents, told: Progress
) -> None:
    wanted: dict[str, tuple[Entry | None, Hashes]] = {
        name: (plan.after, plan.hashes)
        for name, plan in decided.plans.items()
        if plan.after != plan.before or plan.hashes or name in intents.by_name
    }
    wanted |= {name: (None, {}) for name in decided.gone}
    if wanted:
        intents.note(wanted, decided.stood)
        _store(list(decided.plans.values()), index, told)
        intents.end(wanted, decided.freed, decided.now)  # not what is put in meanwhile
        intents.finish(index, manifest)
    if index.contents().stale:
        index.upsert(())  # tidies away what a killed run left


def _reports(decided: _Decided, entries: Mapping[str, Entry], index: Shelf) -> list[FileReport]:
    early = _early(decided.plans.values(), index)
    files = [_reported(plan, decided.removed, early) for plan in decided.plans.values()]
    return files + [
        _gone(name, entries[name], decided.removed) for name in decided.gone if name in entries
    ]


def _repeats(index: Shelf, new: Collection[str]) -> Repeats:
    first: list[Finding] = []
    total = 0
    for total, found in enumerate(alike(index.all(), new) if new else (), 1):
        if total <= MOST_ALIKE:
            first.append(found.finding)
    return Repeats(tuple(first), total)


def _silent(phase: str, done: int, total: int) -> None:
    """Nobody watches."""


def _reading(told: Progress, total: int) -> Callable[[], None]:
    numbers = count(1)
    return lambda: told(READING, next(numbers), total)


def _store(plans: Sequence[Plan], index: Shelf, told: Progress) -> None:
    total, done = sum(len(plan.items) for plan in plans), 0
    for batch in _batches(plans):
        items = [item for plan in batch for item in plan.items.values()]
        if items:
            index.upsert(items, _counting(told, done, total))
            done += len(items)
        for plan in batch:
            plan.items.clear()


def _batches(plans: Sequence[Plan]) -> Iterator[list[Plan]]:
    batch: list[Plan] = []
    items = 0
    for plan in plans:
        batch.append(plan)
        items += len(plan.items)
        if items >= BATCH:
            yield batch
            batch, items = [], 0
    yield batch


def _counting(told: Progress, done: int, total: int) -> Counted:
    return lambda stored, _: told(STORING, done + stored, total)


def _early(plans: Iterable[Plan], index: Shelf) -> dict[str, date]:
    """Items of these files with a date that is still to come; judged anew at every run."""
    items, today = index.contents().items, datetime.now(UTC).date()
    ids = (key for plan in plans if plan.after for key in plan.after.ids if key in items)
    dates = ((key, items[key].as_of) for key in ids)
    return {key: day for key, day in dates if day and day > today + timedelta(1)}


def _reported(plan: Plan, removed: set[str], early: Mapping[str, date]) -> FileReport:
    ids = plan.after.ids if plan.after else ()
    dated = [
        UnreadableFile(f"{key} is in, but its date {early[key]} is still to come: mend it")
        for key in ids
        if key in early
    ]
    return FileReport(
        plan.name,
        plan.added,
        plan.changed,
        plan.unchanged,
        len(plan.leaves & removed),
        (*plan.problems, *few(dated)),
        plan.after.of if plan.after else None,
    )


def _gone(name: str, entry: Entry, removed: set[str]) -> FileReport:
    return FileReport(name, removed=len(removed.intersection(entry.ids)), gone=True)


def _spared(found: Walk, entries: Mapping[str, Entry]) -> Iterator[FileReport]:
    for folder, number in found.out_of_sight(entries).items():
        why = UnreadableFile(
            f"{folder} is absent, empty or closed (is its drive not mounted?): what was ingested "
            f"from {number} {'file' if number == 1 else 'files'} below it is kept"
        )
        yield FileReport(folder, problems=(why,))


def sample_paths() -> list[Path]:
    """Where the sample lies that ships with the coach."""
    return [Path(__file__).parents[1] / "sample"]


def ensure_sample(index: Index, progress: Counted | None = None) -> Report | None:
    """Fill an empty index with the sample, or finish that; None when there was nothing to do."""
    state = index.notes("sample")
    if index.count() and state.get(UNFINISHED) is None:
        return None
    state.put(UNFINISHED, "")
    found = walk(sample_paths())
    named = (replace(one, name=f"{SAMPLE}{one.place.as_posix()}") for one in found.sources)
    report = take_in(Walk(tuple(named)), index, progress=_only_storing(progress))
    state.drop([UNFINISHED])
    return report


def _only_storing(progress: Counted | None) -> Progress | None:
    if progress is None:
        return None
    return lambda phase, done, total: progress(done, total) if phase == STORING else None
