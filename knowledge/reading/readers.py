"""Files to Evidence. What can't be read is told by line; everything else still goes in.

A reader is ``rows(content, path)`` of a module in ``knowledge.reading.formats``, imported when the
first file of its kind is met: their libraries are slow to load. A zip is read as the files in it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import cast

from knowledge.errors import InvalidEvidence, UnreadableFile
from knowledge.evidence import Evidence
from knowledge.reading.fields import Record, key_of
from knowledge.reading.located import Located, Rows
from knowledge.reading.mapping import Mapping, Reading
from knowledge.reading.naming import base_of, printable, shortened

LARGEST = 50_000_000  # bytes of a file
LARGEST_ARCHIVE = 200_000_000  # bytes of a zip
LARGEST_PAGE = 10_000_000  # bytes of HTML, which may hold a tag in every few
MOST_RECORDS = 250_000  # of one file

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
PAGES = (".html", ".htm")
HALF = ("~", ".tmp", ".part", ".partial", ".crdownload", ".swp")  # what programs write first
VERSION = 1  # raise it when the same bytes are read differently: every file is then read again


def left_out(name: str) -> bool:
    """True for what no folder's reader wants: hidden and half-written files, README.md."""
    name = name.casefold()
    return name.startswith((".", "~$", "__macosx")) or name.endswith(HALF) or name == "readme.md"


def read_file(path: Path, mapping: Mapping | None = None) -> Iterator[Evidence | UnreadableFile]:
    """Each item of ``path``, and for what can't be read an ``UnreadableFile`` in its place."""
    try:
        content = content_of(path)
    except UnreadableFile as error:
        yield error
        return
    yield from read_content(content, path, mapping)


def read_content(
    content: bytes, path: Path, mapping: Mapping | None = None, base: str | None = None
) -> Iterator[Evidence | UnreadableFile]:
    """The same for bytes that came another way; only the name of ``path`` is used.

    Ids that the file doesn't state begin with ``base``, or else with its name.
    """
    taken: set[str] = set()
    base = base_of(Path(path.name)) if base is None else base
    if path.suffix.casefold() != ARCHIVE:
        yield from _read(content, path, mapping, base, taken)
        return
    from knowledge.reading.archive import Member, members  # noqa: PLC0415  # only for zips

    for member in members(content, path):
        if not isinstance(member, Member):
            yield member
            continue
        inside = path.parent / path.stem / member.name
        own = shortened(f"{base}/{base_of(PurePosixPath(member.name))}")
        for one in _read(member.content, inside, mapping, own, taken):
            yield one if isinstance(one, Evidence) else _in_member(one, member.name)


def _in_member(problem: UnreadableFile, name: str) -> UnreadableFile:
    said = str(problem)
    own = Path(name).name
    rest = said.removeprefix(own) if said.startswith(f"{own} ") else f": {said}"
    return UnreadableFile(name + rest, problem.line)


def _read(
    content: bytes, path: Path, mapping: Mapping | None, base: str, taken: set[str]
) -> Iterator[Evidence | UnreadableFile]:
    try:
        _refuse_large_page(content, path)
        rows = list(islice(_reader(path)(content, path), MOST_RECORDS + 1))
        if len(rows) > MOST_RECORDS:
            raise UnreadableFile(f"{path.name} has over {MOST_RECORDS:,} records: split it")
    except UnreadableFile as error:
        yield error
        return
    located = [row for row in rows if isinstance(row, Located)]
    if mapping and any(row.guesses is not None for row in located):
        mapping = Mapping(kind=mapping.kind, vendor=mapping.vendor)  # a document has no columns
    records = [row.record for row in located]
    missing = _missing(records, mapping)
    if missing:
        yield UnreadableFile(f"{path.name} has no column {missing!r} that the mapping names", 1)
        return
    reading = Reading(records, mapping)
    yield from _once_if_all_the_same(
        row if isinstance(row, UnreadableFile) else _item(row, reading, base, taken) for row in rows
    )


def _once_if_all_the_same(
    found: Iterable[Evidence | UnreadableFile],
) -> Iterator[Evidence | UnreadableFile]:
    """A file of which nothing went in, all for one reason, is one problem and not thousands."""
    held: list[UnreadableFile] = []
    reason = ""
    rest = iter(found)
    for one in rest:
        reason = reason or _reason(one)
        if not isinstance(one, UnreadableFile) or _reason(one) != reason:
            yield from held
            yield one
            yield from rest
            return
        held.append(one)
    same = f"none of the {len(held)} records: {reason}"
    yield from held if len(held) < 2 else [UnreadableFile(same)]


def _reason(one: Evidence | UnreadableFile) -> str:
    return re.sub(r"^record \d+: ", "", str(one)) if isinstance(one, UnreadableFile) else ""


def _missing(records: Sequence[Record], mapping: Mapping | None) -> str | None:
    columns = {column for record in records for column in record}
    return next(iter(mapping.missing(columns)), None) if mapping and records else None


def _item(row: Located, reading: Reading, base: str, taken: set[str]) -> Evidence | UnreadableFile:
    parts = (base, key_of(row.part or ""), str(row.number or ""))
    try:
        item = reading.evidence(row.record, "-".join(filter(None, parts)), row.guesses)
    except InvalidEvidence as error:
        where = f"record {row.number}: " if row.number and row.line is None else ""
        sheet = f"sheet {row.part!r}: " if row.part and row.number else ""
        return UnreadableFile(f"{where}{sheet}{error}", row.line)
    if item.id in taken:  # two rows, one id: neither may push the other out
        number = next(n for n in range(2, len(taken) + 3) if f"{item.id}-{n}" not in taken)
        inferred = tuple(dict.fromkeys(("id", *item.inferred)))
        item = item.model_copy(update={"id": f"{item.id}-{number}", "inferred": inferred})
    taken.add(item.id)
    return item


def content_of(path: Path) -> bytes:
    """The bytes of a file that can be read. Raises ``UnreadableFile``."""
    name = printable(path.name)
    largest = LARGEST_ARCHIVE if path.suffix.casefold() == ARCHIVE else LARGEST
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableFile(f"{name} is no file that can be read (a pipe or a device)")
        if about.st_size > largest:
            raise UnreadableFile(f"{name} is larger than {largest // 1_000_000} MB: split it")
        if path.suffix.casefold() != ARCHIVE:
            _reader(path)  # a kind that isn't read is told before it is opened
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{name} can't be opened: {error.strerror or error}") from error


def _refuse_large_page(content: bytes, path: Path) -> None:
    if path.suffix.casefold() in PAGES and len(content) > LARGEST_PAGE:
        raise UnreadableFile(
            f"{path.name} is larger than the {LARGEST_PAGE // 1_000_000} MB of a page: split it"
        )


def _reader(path: Path) -> Callable[[bytes, Path], Rows]:
    found = READERS.get(path.suffix.casefold())
    if found is None:
        read = ", ".join([*READERS, ARCHIVE])
        raise UnreadableFile(
            f"{printable(path.name)} is of a kind that isn't read (these are: {read})"
        )
    module, function = found.split(":")
    reader = getattr(import_module(f"knowledge.reading.formats.{module}"), function)
    return cast("Callable[[bytes, Path], Rows]", reader)
