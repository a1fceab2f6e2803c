"""Files to Evidence. What can't be read is told by line; everything else still goes in.

A reader is ``rows(content, path)`` of a module in ``knowledge.formats``, imported when the first
file of its kind is met: their libraries are slow to load. A zip is read as the files in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from knowledge.errors import InvalidEvidence, UnreadableFile
from knowledge.evidence import Evidence
from knowledge.fields import Record, key_of
from knowledge.located import Located, Rows
from knowledge.mapping import Mapping, Reading

LARGEST = 50_000_000  # bytes of a file
LARGEST_ARCHIVE = 200_000_000  # bytes of a zip

READERS = {
    ".md": "markdown:rows",
    ".csv": "comma_separated:rows",
    ".json": "json_records:rows",
    ".jsonl": "json_records:lines",
    ".txt": "markdown:plain",
    ".xlsx": "spreadsheet:rows",
    ".html": "web_page:rows",
    ".htm": "web_page:rows",
    ".pdf": "pdf:rows",
    ".docx": "word:rows",
    ".pptx": "slides:rows",
}
ARCHIVE = ".zip"


def read_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read, in order; folders are walked, without hidden files and README.md."""
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if not _skipped(child))
            yield from read_paths(inside)
        else:
            yield path


def _skipped(path: Path) -> bool:
    return left_out(path.name) or (path.is_dir() and path.is_symlink())


def left_out(name: str) -> bool:
    """True for what no folder's reader wants: hidden files, locks of Office, README.md."""
    return name.startswith((".", "~$", "__MACOSX")) or name.casefold() == "readme.md"


def read_file(path: Path, mapping: Mapping | None = None) -> Iterator[Evidence | UnreadableFile]:
    """Each item of ``path``, and for what can't be read an ``UnreadableFile`` in its place."""
    try:
        content = _content(path)
    except UnreadableFile as error:
        yield error
        return
    yield from read_content(content, path, mapping)


def read_content(
    content: bytes, path: Path, mapping: Mapping | None = None
) -> Iterator[Evidence | UnreadableFile]:
    """The same for bytes that came another way; only the name of ``path`` is used."""
    taken: set[str] = set()
    if path.suffix.casefold() != ARCHIVE:
        yield from _read(content, path, mapping, taken)
        return
    from knowledge.archive import Member, members  # noqa: PLC0415  # only for zips

    for member in members(content, path):
        if not isinstance(member, Member):
            yield member
            continue
        inside = path.parent / path.stem / member.name
        for one in _read(member.content, inside, mapping, taken):
            yield one if isinstance(one, Evidence) else _in_member(one, member.name)


def _in_member(problem: UnreadableFile, name: str) -> UnreadableFile:
    said = str(problem)
    own = Path(name).name
    rest = said.removeprefix(own) if said.startswith(f"{own} ") else f": {said}"
    return UnreadableFile(name + rest, problem.line)


def _read(
    content: bytes, path: Path, mapping: Mapping | None, taken: set[str]
) -> Sequence[Evidence | UnreadableFile]:
    try:
        rows = list(_reader(path)(content, path))
    except UnreadableFile as error:
        return [error]
    located = [row for row in rows if isinstance(row, Located)]
    if mapping and any(row.guesses is not None for row in located):
        mapping = Mapping(kind=mapping.kind, vendor=mapping.vendor)  # a document has no columns
    records = [row.record for row in located]
    missing = _missing(records, mapping)
    if missing:
        return [UnreadableFile(f"{path.name} has no column {missing!r} that the mapping names", 1)]
    reading = Reading(records, mapping)
    return _once_if_all_the_same(
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
    parts = (path.stem, key_of(row.part or ""), str(row.number or ""))
    try:
        item = reading.evidence(row.record, "-".join(filter(None, parts)), row.guesses)
    except InvalidEvidence as error:
        where = f"record {row.number}: " if row.number and row.line is None else ""
        sheet = f"sheet {row.part!r}: " if row.part else ""
        return UnreadableFile(f"{where}{sheet}{error}", row.line)
    if item.id in taken:  # two rows, one id: neither may push the other out
        number = next(n for n in range(2, len(taken) + 3) if f"{item.id}-{n}" not in taken)
        inferred = tuple(dict.fromkeys(("id", *item.inferred)))
        item = item.model_copy(update={"id": f"{item.id}-{number}", "inferred": inferred})
    taken.add(item.id)
    return item


def _content(path: Path) -> bytes:
    largest = LARGEST_ARCHIVE if path.suffix.casefold() == ARCHIVE else LARGEST
    if path.suffix.casefold() != ARCHIVE:
        _reader(path)  # a kind that isn't read is told before it is opened
    try:
        if path.stat().st_size > largest:
            raise UnreadableFile(f"{path.name} is larger than {largest // 1_000_000} MB: split it")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path.name} can't be opened: {error.strerror or error}") from error


def _reader(path: Path) -> Callable[[bytes, Path], Rows]:
    found = READERS.get(path.suffix.casefold())
    if found is None:
        read = ", ".join([*READERS, ARCHIVE])
        raise UnreadableFile(f"{path.name} is of a kind that isn't read (these are: {read})")
    module, function = found.split(":")
    reader = getattr(import_module(f"knowledge.formats.{module}"), function)
    return cast("Callable[[bytes, Path], Rows]", reader)
