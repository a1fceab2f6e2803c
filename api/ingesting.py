"""``coach ingest``: files into the index, file by file what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.client import find_running
from api.terminal import complain, progress_bar, say, show_json
from api.wiring import open_index
from coach.settings import Settings
from knowledge.errors import IndexInUse

if TYPE_CHECKING:
    from knowledge.ingest import FileReport, Report


def run(settings: Settings, paths: Sequence[Path], map_file: Path | None, as_json: bool) -> bool:
    """True when everything could be read; what can be read goes in either way."""
    report = _ingested(settings, paths, map_file)
    if as_json:
        show_json(as_record(report))
    else:
        _show(report)
    return not report.problems


def _ingested(settings: Settings, paths: Sequence[Path], map_file: Path | None) -> Report:
    from knowledge.ingest import ingest  # noqa: PLC0415  # after the quick checks
    from knowledge.mapping import Mapping  # noqa: PLC0415

    if url := find_running(settings):
        raise IndexInUse(
            f"the coach at {url} holds the index of this home: stop it, ingest, and start it again"
        )
    mapping = Mapping.load(map_file) if map_file else None
    _, index = open_index(settings)
    try:
        with progress_bar("Ingesting") as progress:
            return ingest(paths, index, mapping, progress)
    finally:
        index.close()


def as_record(report: Report) -> dict[str, Any]:
    """JSON-ready, with the totals."""
    changes = report.changes
    return {
        "items": report.items,
        "added": changes.added,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
        "files": [_file_record(file) for file in report.files],
    }


def _file_record(file: FileReport) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "items": file.items,
        "unchanged": file.unchanged,
        "problems": [{"line": problem.line, "msg": str(problem)} for problem in file.problems],
    }


def _show(report: Report) -> None:
    for file in report.files:
        same = f", {file.unchanged} of them unchanged" if file.unchanged else ""
        say(f"{file.path}: {file.items} items{same}")
        for problem in file.problems:
            place = f"{file.path} line {problem.line}: " if problem.line else ""
            complain(f"{place}{problem}")
    changes = report.changes
    say(f"{changes.added} added, {changes.changed} changed, {changes.unchanged} unchanged.")
    if report.problems:
        complain(f"{len(report.problems)} could not be read; the rest is in")
