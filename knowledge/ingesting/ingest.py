"""Bring files into the index, and say per file what went in and what didn't.

In this order, so that a killed run can be run again: what is planned is noted, items are stored,
the files they came from are noted as done, and only then is removed what no file has any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from knowledge.checking.duplicates import alike
from knowledge.checking.finding import Finding
from knowledge.errors import UnreadableFile
from knowledge.indexing.index import Progress as Counted
from knowledge.ingesting.manifest import Entry, Manifest, unfinished
from knowledge.ingesting.planning import Plan, Planner, few
from knowledge.ingesting.sources import Walk, walk
from knowledge.ports import Index, Shelf
from knowledge.reading.mapping import Mapping as Columns

Progress = Callable[[str, int, int], None]

READING, STORING = "Reading files", "Storing items"  # what Progress is told, with done and total
MOST_ALIKE = 20  # pairs that are named
BATCH = 2_000  # items stored before their files are noted as done
UNFINISHED = "unfinished"  # a note beside the index while the sample is being written
SAMPLE = "sample:"  # what the names of its files begin with: they lie below nobody's folder


@dataclass(frozen=True)
class FileReport:
    """What became of one file, counted in items; ``gone`` when there is no such file any more."""

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[UnreadableFile, ...] = ()
    copy_of: str | None = None
    gone: bool = False

    @property
    def items(self) -> int:
        return self.added + self.changed + self.unchanged


@dataclass(frozen=True)
class Repeats:
    """The first of what now says nearly the same as something else, and how many there are."""

    first: tuple[Finding, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Report:
    """What became of each file, in the order given, then of those that are gone."""

    files: tuple[FileReport, ...]
    removed: int = 0
    alike: Repeats = Repeats()

    @property
    def items(self) -> int:
        return sum(file.items for file in self.files)

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files)

    @property
    def changed(self) -> int:
        return sum(file.changed for file in self.files)

    @property
    def unchanged(self) -> int:
        return sum(file.unchanged for file in self.files)

    @property
    def problems(self) -> tuple[tuple[str, UnreadableFile], ...]:
        return tuple((file.name, problem) for file in self.files for problem in file.problems)


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
    manifest = Manifest(index.notes("files"))
    gone = found.gone(manifest.entries) if prune else []
    names = {source.name for source in found.sources}
    planner = Planner(index.contents(), dict(manifest.entries), names, gone, mapping)
    plans: dict[str, Plan] = {}
    for number, plan in enumerate(planner.plan(found.sources), 1):
        plans[plan.source.name] = plan
        told(READING, number, len(found.sources))
    new = {item.id for plan in plans.values() for item in plan.items}
    _store(list(plans.values()), index, manifest, told)
    if index.contents().stale:
        index.upsert(())  # tidies away what a killed run left
    freed = {key for name in gone for key in manifest.entries[name].all_ids}
    freed = freed.union(*(plan.leaves for plan in plans.values())) - planner.claimed
    early = _early(plans.values(), index)
    files = [
        _reported(plans[name], freed, early)
        for name in dict.fromkeys(s.name for s in found.sources)
    ]
    files += [_gone(name, manifest, freed) for name in gone]
    if prune:
        files += _spared(found, manifest)
    removed = index.remove(freed) if freed else 0
    manifest.put({name: plan.after for name, plan in plans.items() if plan.after})
    manifest.drop(gone)
    return Report(tuple(files), removed, _repeats(index, new))


def _repeats(index: Shelf, new: Collection[str]) -> Repeats:
    first: list[Finding] = []
    total = 0
    for total, found in enumerate(alike(index.all(), new) if new else (), 1):
        if total <= MOST_ALIKE:
            first.append(found.finding)
    return Repeats(tuple(first), total)


def _silent(phase: str, done: int, total: int) -> None:
    """Nobody watches."""


def _store(plans: Sequence[Plan], index: Shelf, manifest: Manifest, told: Progress) -> None:
    total, done = sum(len(plan.items) for plan in plans), 0
    for batch in _batches(plans):
        items = [item for plan in batch for item in plan.items]
        if items:
            manifest.put(dict(_unfinished(batch)))
            index.upsert(items, _counting(told, done, total))
            done += len(items)
        manifest.put({p.source.name: p.after for p in batch if p.after and not p.leaves})
        for plan in batch:
            plan.items = []


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


def _unfinished(batch: Iterable[Plan]) -> Iterator[tuple[str, Entry]]:
    for plan in batch:
        if plan.items and plan.after:
            yield plan.source.name, unfinished(plan.before, plan.after)


def _counting(told: Progress, done: int, total: int) -> Counted:
    return lambda stored, _: told(STORING, done + stored, total)


def _early(plans: Iterable[Plan], index: Shelf) -> dict[str, date]:
    """Items of these files with a date that is still to come; judged anew at every run."""
    items, today = index.contents().items, datetime.now(UTC).date()
    ids = (key for plan in plans if plan.after for key in plan.after.ids if key in items)
    dates = ((key, items[key].as_of) for key in ids)
    return {key: day for key, day in dates if day and day > today + timedelta(1)}


def _reported(plan: Plan, freed: set[str], early: Mapping[str, date]) -> FileReport:
    ids = plan.after.ids if plan.after else ()
    dated = [
        UnreadableFile(f"{key} is in, but its date {early[key]} is still to come: mend it")
        for key in ids
        if key in early
    ]
    return FileReport(
        plan.source.name,
        plan.added,
        plan.changed,
        plan.unchanged,
        len(plan.leaves & freed),
        (*plan.problems, *few(dated)),
        plan.after.of if plan.after else None,
    )


def _gone(name: str, manifest: Manifest, freed: set[str]) -> FileReport:
    return FileReport(
        name, removed=len(freed.intersection(manifest.entries[name].all_ids)), gone=True
    )


def _spared(found: Walk, manifest: Manifest) -> Iterator[FileReport]:
    for folder, number in found.out_of_sight(manifest.entries).items():
        why = UnreadableFile(
            f"{folder} is absent, empty or closed (is its drive not mounted?): what was ingested "
            f"from {number} files below it is kept"
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
