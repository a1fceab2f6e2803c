"""Files to Evidence. What can't be read is told by line; everything else still goes in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.decoding import decoded
from knowledge.errors import InvalidEvidence, UnreadableFile
from knowledge.evidence import Evidence
from knowledge.fields import Record
from knowledge.front_matter import front_matter
from knowledge.mapping import Mapping, Reading

LARGEST = 50_000_000  # bytes
LONGEST_CELL = 5_000_000  # characters, instead of the csv module's 131,072


class Located(NamedTuple):
    """A record and where it stands: its line if that is known, and its number in the file."""

    record: Record
    line: int | None
    number: int | None = None  # None: the file holds this one record


Rows = Iterator[Located | UnreadableFile]


def read_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read, in order; folders are walked, without hidden files and README.md."""
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if not _skipped(child))
            yield from read_paths(inside)
        else:
            yield path


def _skipped(path: Path) -> bool:
    return (
        path.name.startswith(".")
        or path.name.casefold() == "readme.md"
        or (path.is_dir() and path.is_symlink())
    )


def read_file(path: Path, mapping: Mapping | None = None) -> Iterator[Evidence | UnreadableFile]:
    """Each item of ``path``, and for what can't be read an ``UnreadableFile`` in its place."""
    try:
        rows = list(_reader(path)(_content(path), path))
    except UnreadableFile as error:
        yield error
        return
    records = [row.record for row in rows if isinstance(row, Located)]
    missing = _missing(records, mapping)
    if missing:
        yield UnreadableFile(f"{path.name} has no column {missing!r} that the mapping names", 1)
        return
    reading = Reading(records, mapping)
    taken: set[str] = set()
    yield from _once_if_all_the_same(
        [
            row if isinstance(row, UnreadableFile) else _item(row, reading, path, taken)
            for row in rows
        ]
    )


def _once_if_all_the_same(
    found: Sequence[Evidence | UnreadableFile],
) -> Sequence[Evidence | UnreadableFile]:
    """A file of which nothing went in, all for one reason, is one problem and not thousands."""
    reasons = {
        re.sub(r"^record \d+: ", "", str(one)) if isinstance(one, UnreadableFile) else ""
        for one in found
    }
    if len(found) < 2 or len(reasons) > 1 or "" in reasons:
        return found
    return [UnreadableFile(f"none of the {len(found)} records: {reasons.pop()}")]


def _missing(records: Sequence[Record], mapping: Mapping | None) -> str | None:
    columns = {column for record in records for column in record}
    return next(iter(mapping.missing(columns)), None) if mapping and records else None


def _item(row: Located, reading: Reading, path: Path, taken: set[str]) -> Evidence | UnreadableFile:
    fallback = path.stem if row.number is None else f"{path.stem}-{row.number}"
    try:
        item = reading.evidence(row.record, fallback)
    except InvalidEvidence as error:
        where = f"record {row.number}: " if row.number and row.line is None else ""
        return UnreadableFile(f"{where}{error}", row.line)
    if item.id in taken:  # two rows, one id: neither may push the other out
        number = next(n for n in range(2, len(taken) + 3) if f"{item.id}-{n}" not in taken)
        inferred = tuple(dict.fromkeys(("id", *item.inferred)))
        item = item.model_copy(update={"id": f"{item.id}-{number}", "inferred": inferred})
    taken.add(item.id)
    return item


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(f"{path.name} is larger than {LARGEST // 1_000_000} MB: split it")
        text = decoded(path.read_bytes(), path.name)
    except OSError as error:
        raise UnreadableFile(f"{path.name} can't be opened: {error.strerror or error}") from error
    if not text.strip():
        raise UnreadableFile(f"{path.name} is empty")
    return text


def _reader(path: Path) -> Callable[[str, Path], Rows]:
    found = READERS.get(path.suffix.casefold())
    if found is None:
        read = ", ".join(READERS)
        raise UnreadableFile(f"{path.name} is of a kind that isn't read (these are: {read})")
    return found


def _markdown(text: str, path: Path) -> Rows:
    lines = text.split("\n")
    record: Record = {}
    if lines[0].rstrip() == "---":
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if end is None:
            raise UnreadableFile("the front matter that --- opens is never closed by ---", 1)
        record = front_matter("\n".join(lines[1:end]))
        lines = lines[end + 1 :]
    body = "\n".join(lines).strip()
    if "title" not in record and body.startswith("# "):
        record["title"] = body.splitlines()[0].removeprefix("# ").strip()
    yield Located({**record, **({"text": body} if body else {})}, 1)


def _plain(text: str, path: Path) -> Rows:
    yield Located({"text": text.strip()}, 1)


def _csv(text: str, path: Path) -> Rows:
    csv.field_size_limit(LONGEST_CELL)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    number, line = 0, 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield UnreadableFile(f"this row can't be read: {error}", line)
            cells = []
        if cells is None:
            return
        start, line = line, rows.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            continue
        number += 1
        if len(cells) > len(header):
            yield UnreadableFile(
                f"this row has {len(cells)} cells and the header {len(header)}: "
                "is a cell with a delimiter in it not quoted?",
                start,
            )
            continue
        record = dict(reversed(list(zip(header, cells, strict=False))))
        yield Located({name: record[name] for name in header if name in record}, start, number)


def _json(text: str, path: Path) -> Rows:
    found = _parsed(text)
    if isinstance(found, dict):
        lists = [part for part in found.values() if isinstance(part, list) and _records(part)]
        found = lists[0] if len(found) == 1 and lists else found
    if isinstance(found, dict):
        yield Located(found, None)
    elif isinstance(found, list) and _records(found):
        for number, record in enumerate(found, 1):
            if isinstance(record, dict):
                yield Located(record, None, number)
            else:
                yield UnreadableFile(f"record {number} isn't an object with named fields")
    else:
        raise UnreadableFile("the file holds neither an object nor a list of objects", 1)


def _records(part: list[Any]) -> bool:
    return any(isinstance(record, dict) for record in part)


def _json_lines(text: str, path: Path) -> Rows:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = _parsed(line)
        except UnreadableFile as error:
            yield UnreadableFile(str(error), number)
            continue
        if isinstance(record, dict):
            yield Located(record, number, number)
        else:
            yield UnreadableFile("the line isn't an object with named fields", number)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"it isn't JSON: {error.msg} at column {error.colno}", error.lineno
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"it isn't JSON that can be read: {_short(error)}") from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


READERS: dict[str, Callable[[str, Path], Rows]] = {
    ".md": _markdown,
    ".csv": _csv,
    ".json": _json,
    ".jsonl": _json_lines,
    ".txt": _plain,
}
