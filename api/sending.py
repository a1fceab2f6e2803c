"""``coach ingest`` while a coach runs on this home: it holds the index, so the files go to it.

They go over its API in batches, and come to the same end as if they were read here: their paths
are sent along as the names they are known by.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from api.client import ApiClient, open_client
from coach.errors import Unavailable
from coach.settings import Settings
from knowledge.checking.finding import Code, Finding, Severity
from knowledge.errors import UnreadableFile
from knowledge.ingesting.ingest import MOST_ALIKE
from knowledge.ingesting.report import FileReport, Repeats, Report

if TYPE_CHECKING:
    from api.progress import Phased
    from knowledge.ingesting.sources import Source, Walk

MOST_BYTES = 32 * 1024 * 1024  # of one batch; a file that is larger goes by itself
MOST_FILES = 200
LOOK_EVERY = 0.2  # seconds

Batch = list[tuple["Source", bytes]]


def send(
    settings: Settings, found: Walk, map_file: Path | None, prune: bool, progress: Phased
) -> Report:
    """What became of the files, as the coach that runs on this home tells it."""
    mapping = map_file.read_text("utf-8") if map_file else None
    unread: list[FileReport] = []
    answers: list[dict[str, Any]] = []
    with open_client(settings) as client:
        batches = _batches(found.sources, unread)
        batch = next(batches, [])
        while batch or (prune and not answers and (found.seen or found.deleted)):
            following = next(batches, [])
            fields: dict[str, Any] = {"mapping": mapping} if mapping else {}
            if prune and not following:  # only the last knows everything that is there
                fields |= _pruning(found)
            answers.append(_imported(client, batch, fields, progress, len(answers)))
            batch = following
    return _report(found, [*unread, *map(_file, _files(answers))], answers)


def _batches(sources: Iterable[Source], unread: list[FileReport]) -> Iterator[Batch]:
    """A file that can't be read here is told in ``unread`` instead."""
    batch: Batch = []
    size = 0
    for source in sources:
        try:
            content = source.read()
        except UnreadableFile as error:
            unread.append(FileReport(source.name, problems=(error,)))
            continue
        if batch and (size + len(content) > MOST_BYTES or len(batch) == MOST_FILES):
            yield batch
            batch, size = [], 0
        batch.append((source, content))
        size += len(content)
    if batch:
        yield batch


def _pruning(found: Walk) -> dict[str, Any]:
    present = json.dumps([*(source.name for source in found.sources), *found.present])
    looked = {"roots": found.seen, "blind": found.blind, "deleted": found.deleted}
    return {**{name: list(value) for name, value in looked.items() if value}, "present": present}


def _imported(
    client: ApiClient, batch: Batch, fields: dict[str, Any], progress: Phased, before: int
) -> dict[str, Any]:
    """The import of this batch, once it has ended."""
    fields |= {
        "origin": [source.name for source, _ in batch],
        "place": [source.place.as_posix() for source, _ in batch],
    }
    files = [(source.path.name, content) for source, content in batch]
    accepted = client.upload("/v1/evidence", files, fields, key=uuid4().hex)
    part = f" (part {before + 1})" if before else ""
    while True:
        told: dict[str, Any] = client.get(f"/v1/imports/{accepted['import']}")
        if told["status"] == "failed":
            raise Unavailable(f"the coach that runs here gave up: {told['reason']}")
        if told["status"] == "done":
            return told
        if told["status"] == "waiting" and told.get("reason"):
            progress(f"Waiting, since {told['reason']}", 0, 0)
        elif told.get("phase"):
            progress(told["phase"] + part, told["done"], told["total"])
        time.sleep(LOOK_EVERY)


def _files(answers: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        yield from answer["files"]


def _file(told: dict[str, Any]) -> FileReport:
    return FileReport(
        told["name"],
        told["added"],
        told["changed"],
        told["unchanged"],
        told["removed"],
        tuple(UnreadableFile(one["msg"], one["line"]) for one in told["problems"]),
        told.get("copy_of"),
        told.get("gone", False),
    )


def _report(found: Walk, files: Iterable[FileReport], answers: Sequence[dict[str, Any]]) -> Report:
    """In the order in which the files were found; then those that are gone."""
    order = {source.name: number for number, source in enumerate(found.sources)}
    alike = [one["near_duplicates"] for one in answers]
    first = [_alike(pair) for one in alike for pair in one["items"]]
    return Report(
        tuple(sorted(files, key=lambda file: order.get(file.name, len(order)))),
        sum(answer["removed"] for answer in answers),
        Repeats(tuple(first[:MOST_ALIKE]), sum(one["total"] for one in alike)),
    )


def _alike(told: dict[str, Any]) -> Finding:
    return Finding(Code.NEAR_DUPLICATE, Severity.WARNING, told["msg"], tuple(told["ids"]))
