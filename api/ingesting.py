"""``coach ingest``: files into the index, file by file what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.client import find_running
from api.progress import phases
from api.terminal import complain, say, show_json
from api.wiring import open_index
from coach.settings import Settings

if TYPE_CHECKING:
    from knowledge.ingesting.report import FileReport, Report
    from knowledge.ingesting.sources import Walk

CHANGING = "Embedding what is there by the new model"
MOST_SHOWN = 20  # problems of one file; --json has them all


@dataclass(frozen=True)
class Ingestion:
    """How files are to be taken in; ``run`` may be called again as they change."""

    settings: Settings
    map_file: Path | None = None
    prune: bool = False
    as_json: bool = False

    def run(self, paths: Sequence[Path]) -> bool:
        """True when everything could be read; what can be read goes in either way."""
        from knowledge.ingesting.sources import walk  # noqa: PLC0415  # after the quick checks

        return self.take_in(walk(paths))

    def take_in(self, found: Walk, quiet: bool = False) -> bool:
        """The same for files that were found already; ``quiet`` says nothing about nothing."""
        report = self._taken_in(found)
        if quiet and not any(_became(file) for file in report.files):
            return True
        if self.as_json:
            show_json(as_record(report))
        else:
            _show(report)
        return not report.problems

    def _taken_in(self, found: Walk) -> Report:
        from knowledge.ingesting.ingest import take_in  # noqa: PLC0415  # after the quick checks
        from knowledge.reading.mapping import Mapping  # noqa: PLC0415

        mapping = Mapping.load(self.map_file) if self.map_file else None
        if find_running(self.settings):
            from api.sending import send  # noqa: PLC0415  # only to a coach that runs

            with phases() as progress:
                return send(self.settings, found, self.map_file, self.prune, progress)
        _, index = open_index(self.settings)
        try:
            with phases() as progress:
                index.switch(partial(progress, CHANGING))
                return take_in(found, index, mapping, progress, self.prune)
        finally:
            index.close()


def as_record(report: Report) -> dict[str, Any]:
    """JSON-ready, with the totals."""
    return {
        "items": report.items,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "files": [_file_record(file) for file in report.files],
        "near_duplicates": {
            "total": report.alike.total,
            "items": [{"ids": one.evidence_ids, "msg": one.message} for one in report.alike.first],
        },
    }


def _file_record(file: FileReport) -> dict[str, Any]:
    return {
        "name": file.name,
        "items": file.items,
        "added": file.added,
        "changed": file.changed,
        "unchanged": file.unchanged,
        "removed": file.removed,
        "gone": file.gone,
        "copy_of": file.copy_of,
        "problems": [{"line": problem.line, "msg": str(problem)} for problem in file.problems],
    }


def _show(report: Report) -> None:
    same = 0
    for file in report.files:
        if told := _became(file):
            say(f"{file.name}: {told}")
        same += not told and not file.problems
        _complain(file)
    for finding in report.alike.first:
        say(f"Nearly the same: {finding.message}")
    if more := report.alike.total - len(report.alike.first):
        say(f"and {more:,} more that are nearly the same; the check of the whole names them")
    if same:
        say("1 file is as it was." if same == 1 else f"{same:,} files are as they were.")
    say(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed."
    )
    if problems := len(report.problems):
        counted = "1 problem" if problems == 1 else f"{problems:,} problems"
        complain(f"{counted}; everything else is in")


def _became(file: FileReport) -> str:
    """What happened to a file, in a few words; none when nothing did."""
    if not (file.gone or file.added or file.changed or file.removed or file.problems):
        return ""
    counts = {
        "added": file.added,
        "changed": file.changed,
        "unchanged": file.unchanged,
        "removed": file.removed,
    }
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    copied = f" (a copy of {file.copy_of})" if file.copy_of else ""
    return ("is gone: " if file.gone else "") + (told or "nothing taken in") + copied


def _complain(file: FileReport) -> None:
    for problem in file.problems[:MOST_SHOWN]:
        place = f" line {problem.line}" if problem.line else ""
        complain(f"{file.name}{place}: {problem}")
    if more := len(file.problems) - MOST_SHOWN if len(file.problems) > MOST_SHOWN else 0:
        complain(f"{file.name}: and {more:,} more; --json has them all")
