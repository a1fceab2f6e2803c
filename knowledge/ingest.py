"""Bring files into the index, and say per file what went in and what didn't."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.index import Changes, Progress
from knowledge.mapping import Mapping
from knowledge.ports import Index
from knowledge.readers import read_file, read_paths
from knowledge.rows import content_hash

UNFINISHED = "unfinished"  # a note beside the index while the sample is being written


@dataclass(frozen=True)
class FileReport:
    """What became of one file; ``unchanged`` of its ``items`` were in the index already."""

    path: Path
    items: int
    unchanged: int
    problems: tuple[UnreadableFile, ...]


@dataclass(frozen=True)
class Report:
    """What became of each file, in the order read, and of the index."""

    files: tuple[FileReport, ...]
    changes: Changes

    @property
    def items(self) -> int:
        return sum(file.items for file in self.files)

    @property
    def problems(self) -> tuple[tuple[Path, UnreadableFile], ...]:
        return tuple((file.path, problem) for file in self.files for problem in file.problems)


def ingest(
    paths: Iterable[Path],
    index: Index,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read ``paths`` (folders too) and add or replace their items; rerun it after a kill."""
    stored = index.contents().hashes
    wanted: dict[str, Evidence] = {}
    origin: dict[str, Path] = {}
    files: list[FileReport] = []
    for path in read_paths(paths):
        items: list[Evidence] = []
        problems: list[UnreadableFile] = []
        for found in read_file(path, mapping):
            if isinstance(found, UnreadableFile):
                problems.append(found)
            elif wanted.get(found.id, found) != found:
                problems.append(_taken(found, origin[found.id]))
            else:
                items.append(found)
                wanted[found.id] = found
                origin.setdefault(found.id, path)
        unchanged = sum(stored.get(item.id) == content_hash(item) for item in items)
        files.append(FileReport(path, len(items), unchanged, tuple(problems)))
    return Report(tuple(files), index.upsert(wanted.values(), progress))


def _taken(item: Evidence, other: Path) -> UnreadableFile:
    return UnreadableFile(
        f"the id {item.id!r} belongs to another item, in {other}: "
        "give one of them its own `id`, or its file another name"
    )


def sample_paths() -> list[Path]:
    """Where the sample lies that ships with the coach."""
    return [Path(__file__).parent / "sample"]


def ensure_sample(index: Index, progress: Progress | None = None) -> Report | None:
    """Fill an empty index with the sample, or finish that; None when there was nothing to do."""
    notes = index.notes("sample")
    if index.count() and notes.get(UNFINISHED) is None:
        return None
    notes.put(UNFINISHED, "")
    report = ingest(sample_paths(), index, progress=progress)
    notes.drop([UNFINISHED])
    return report
