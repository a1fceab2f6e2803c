"""One import: files, or items that came as JSON, into the index; and file by file what became
of them. Run again after a kill it comes to the same end: what is in already costs nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import Unavailable
from coach.gate import Gate, GatedShelf
from coach.jobs import Record, Run
from knowledge.errors import KnowledgeError
from knowledge.evidence import Evidence
from knowledge.ingesting.ingest import take_in
from knowledge.ingesting.report import FileReport, Report
from knowledge.ingesting.sources import Source, Walk
from knowledge.reading.mapping import Mapping

if TYPE_CHECKING:
    from knowledge.ports import Shelf

log = logging.getLogger(__name__)

IMPORT = "import"
ITEMS = "items"  # the form, and the name in the report, of items that came as JSON
SENT = "upload:"  # what the name of a file begins with that tells no origin: it lies nowhere

NO_INDEX = "the knowledge index can't be used now; run `coach doctor` on the server"


@dataclass(frozen=True)
class FileResult:
    """What became of one file, counted in items; ``gone`` when its sender has none such now."""

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[Record, ...] = ()
    copy_of: str | None = None
    gone: bool = False

    @classmethod
    def of(cls, name: str, report: FileReport) -> FileResult:
        return cls(
            name,
            report.added,
            report.changed,
            report.unchanged,
            report.removed,
            tuple({"line": one.line, "msg": str(one)} for one in report.problems),
            report.copy_of and report.copy_of.removeprefix(SENT),
            report.gone,
        )


@dataclass
class Told:
    """How far the import is, and in the end what came of it."""

    phase: str = ""
    done: int = 0
    total: int = 0
    files: list[FileResult] = field(default_factory=list)
    removed: int = 0
    near_duplicates: Record = field(default_factory=lambda: {"total": 0, "items": []})


class Importer:
    """Runs imports; the ``Handler`` of their jobs."""

    def __init__(self, shelf: Shelf, gate: Gate, refresh: Callable[[], None]) -> None:
        self._shelf, self._refresh = GatedShelf(shelf, gate), refresh

    def run(self, run: Run) -> Record:
        form = run.job.request.get("form")
        try:
            told = self._items(run) if form == ITEMS else self._files(run)
            self._refresh()
        except KnowledgeError as error:  # what the files did wrong is in the result instead
            log.warning("import %s waits: %s", run.job.id, error)
            raise Unavailable(NO_INDEX) from error
        return asdict(told)

    def _items(self, run: Run) -> Told:
        items = [Evidence.model_validate(record) for record in json.loads(run.content(0))]
        changes = self._shelf.upsert(items, partial(_tell, run, "Storing items"))
        result = FileResult(ITEMS, changes.added, changes.changed, changes.unchanged)
        return Told(done=len(items), total=len(items), files=[result])

    def _files(self, run: Run) -> Told:
        request = run.job.request
        text = request["mapping"]
        mapping = Mapping.parsed(text, "the mapping") if text else None
        sources = list(_sources(run))
        walk = _walk(run, [source for _, source in sources])
        report = take_in(
            walk, self._shelf, mapping, partial(_tell, run), bool(walk.seen or walk.deleted)
        )
        by_name = {file.name: file for file in report.files}
        results = [FileResult.of(label, by_name.pop(one.name)) for label, one in sources]
        results += [FileResult.of(name, file) for name, file in by_name.items()]
        items = sum(one.added + one.changed + one.unchanged for one in results)
        return Told("", items, items, results, report.removed, _repeats(report))


def _tell(run: Run, phase: str, done: int, total: int) -> None:
    run.tell(asdict(Told(phase, done, total)))


def _repeats(report: Report) -> Record:
    first = [{"ids": one.evidence_ids, "msg": one.message} for one in report.alike.first]
    return {"total": report.alike.total, "items": first}


def _sources(run: Run) -> Iterator[tuple[str, Source]]:
    """Each file under the name that its sender knows it by."""
    taken: set[str] = set()
    for number, file in enumerate(run.job.request["files"]):
        place = file["place"] or file["name"]
        name = own = file["origin"] or SENT + place
        again = 1
        while name in taken:  # two files of one name: neither may push the other out
            again += 1
            name = f"{own} ({again})"
        taken.add(name)
        source = Source.sent(name, place, b"")
        path = Path(file["origin"]) if file["origin"] else source.path
        label = file["origin"] or place
        yield label, replace(source, path=path, read=partial(run.content, number))


def _walk(run: Run, sources: Iterable[Source]) -> Walk:
    """What was sent, and what its sender knows of other files."""
    request = run.job.request
    there = json.loads(run.content(len(request["files"])) or b"[]")
    return Walk(
        tuple(sources),
        tuple(request["roots"]),
        tuple(request["blind"]),
        tuple(there),
        tuple(request["deleted"]),
    )
