"""One import: files, or items that came as JSON, into the index; and file by file what became
of them. Run again after a kill it comes to the same end: what is in already costs nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.errors import Unavailable
from coach.jobs import Record, Run
from knowledge.errors import KnowledgeError, UnreadableFile
from knowledge.evidence import Evidence
from knowledge.mapping import Mapping
from knowledge.readers import read_content

if TYPE_CHECKING:
    from coach.gate import Gate
    from coach.ports import Index

log = logging.getLogger(__name__)

IMPORT = "import"
ITEMS = "items"  # the form, and the name in the report, of items that came as JSON
BATCH = 256  # items put in at a time: as long as an editor waits
MOST_PROBLEMS = 200  # told of one file

NO_INDEX = "the knowledge index can't be used now; run `coach doctor` on the server"


@dataclass
class FileResult:
    name: str
    items: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def complain(self, problems: Sequence[UnreadableFile]) -> None:
        self.problems = [{"line": one.line, "msg": str(one)} for one in problems[:MOST_PROBLEMS]]
        if (more := len(problems) - MOST_PROBLEMS) > 0:
            self.problems.append({"line": None, "msg": f"and {more:,} more like these"})


class Importer:
    """Runs imports; the ``Handler`` of their jobs."""

    def __init__(self, index: Index, gate: Gate) -> None:
        self._index, self._gate = index, gate

    def run(self, run: Run) -> Record:
        try:
            return _Import(run, self._index, self._gate).done()
        except KnowledgeError as error:  # what the files did wrong is in the result instead
            log.warning("import %s waits: %s", run.job.id, error)
            raise Unavailable(NO_INDEX) from error


class _Import:
    def __init__(self, run: Run, index: Index, gate: Gate) -> None:
        self._run, self._index, self._gate = run, index, gate
        self._finished: list[FileResult] = []
        self._done = self._total = 0
        self._taken: dict[str, tuple[Evidence, str]] = {}

    def done(self) -> Record:
        request = self._run.job.request
        mapping = request.get("mapping")
        parsed = Mapping.parsed(mapping, "the mapping") if mapping else None
        for number, file in enumerate(request["files"]):
            found = self._read(number, file, parsed)
            self._finished.append(self._stored(file["name"], found))
        return self._told()

    def _read(
        self, number: int, file: Record, mapping: Mapping | None
    ) -> list[Evidence | UnreadableFile]:
        content = self._run.content(number)
        if self._run.job.request.get("form") == ITEMS:
            return [Evidence.model_validate(record) for record in json.loads(content)]
        path = Path((file["place"] or file["name"])[-150:])
        return list(read_content(content, path, mapping))

    def _stored(self, name: str, found: Sequence[Evidence | UnreadableFile]) -> FileResult:
        problems = [one for one in found if isinstance(one, UnreadableFile)]
        items: list[Evidence] = []
        for one in found:
            if isinstance(one, UnreadableFile):
                continue
            other, where = self._taken.setdefault(one.id, (one, name))
            if other == one:
                items.append(one)
            else:
                problems.append(_taken(one, where))
        result = FileResult(name, items=len(items))
        result.complain(problems)
        self._total += len(items)
        self._tell()
        rest = iter(items)
        while batch := list(islice(rest, BATCH)):
            with self._gate.importing():
                changes = self._index.upsert(batch, self._beat(self._done))
            result.added += changes.added
            result.changed += changes.changed
            result.unchanged += changes.unchanged
        self._done = self._total
        return result

    def _beat(self, before: int) -> Callable[[int, int], None]:
        def progress(done: int, _total: int) -> None:
            self._done = before + done
            self._tell()

        return progress

    def _tell(self) -> None:
        self._run.tell(self._told())

    def _told(self) -> Record:
        files = [asdict(one) for one in self._finished]
        return {"done": self._done, "total": self._total, "files": files}


def _taken(item: Evidence, other: str) -> UnreadableFile:
    return UnreadableFile(
        f"the id {item.id!r} belongs to another item, in {other}: "
        "give one of them its own `id`, or its file another name"
    )
