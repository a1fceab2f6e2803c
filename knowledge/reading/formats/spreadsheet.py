"""Excel: the rows of each sheet as CSV's are, with the values that formulas had when saved."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from knowledge.errors import UnreadableFile
from knowledge.reading.fields import Record
from knowledge.reading.located import Located, Rows
from knowledge.reading.office import sound

MOST_EMPTY = 10_000  # rows in succession; a format laid on a whole sheet makes a million

Cells = list[Any]
Line = tuple[int, Cells, list[str]]
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]|t=[\"']e")


def rows(content: bytes, path: Path) -> Rows:
    with sound(content, path) as file, warnings.catch_warnings():
        # openpyxl warns of what it leaves out (drawings, validation): none of it is a value
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        written = book
        if _has_formulas(content):
            written = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        try:
            found = [
                row
                for sheet in book.worksheets
                for row in _sheet(_lines(sheet, written[sheet.title]), sheet.title)
            ]
        finally:
            book.close()
            written.close()
    if not found:
        raise UnreadableFile(f"{path.name} holds no rows below a header")
    yield from found


def _has_formulas(content: bytes) -> bool:
    """Whether any cell is calculated: only then its source must be looked at as well."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = (name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        return any(_FORMULA.search(parts.read(name)) for name in sheets)


def _lines(sheet: Any, formulas: Any) -> Iterator[Line | UnreadableFile]:
    """Each row that isn't empty: its number, its values, and the cells whose value is missing."""
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    formulas.reset_dimensions()
    own = sheet.iter_rows()
    both: Iterable[tuple[Any, Any]] = ((cells, cells) for cells in own)
    if formulas is not sheet:
        both = zip(own, formulas.iter_rows(), strict=False)
    last = 0
    for number, (cells, written) in enumerate(both, 1):
        missing = [
            source.coordinate
            for cell, source in zip(cells, written, strict=False)
            if cell.data_type == "e" or (cell.value is None and source.value is not None)
        ]
        values = [_value(cell) for cell in cells]
        if missing or any(value is not None for value in values):
            last = number
            yield number, values, missing
        elif number - last > MOST_EMPTY:
            yield UnreadableFile(
                f"sheet {sheet.title!r}: {MOST_EMPTY:,} empty rows follow; what may stand below "
                "them isn't read: delete them",
                last + 1,
            )
            return


def _value(cell: Any) -> Any:
    """As a person sees it: 18% and not 0.18, 900 and not 900.0, a day and not its midnight."""
    value = cell.value
    if cell.data_type == "e":
        return None
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.10g}%"
        return int(value) if value == int(value) else value
    return None if isinstance(value, str) and not value.strip() else value


def _sheet(lines: Iterator[Line | UnreadableFile], title: str) -> Rows:
    header: list[str] = []
    number = 0
    for found in lines:
        if isinstance(found, UnreadableFile):
            yield found
            continue
        line, cells, missing = found
        if not header:
            header = ["" if cell is None else str(cell).strip() for cell in cells]
            continue
        number += 1
        record: Record = {}
        for name, value in zip(header, cells, strict=False):
            if name and value is not None:
                record.setdefault(name, value)
        if missing:
            yield UnreadableFile(
                f"sheet {title!r}: no value is stored for {', '.join(missing[:5])} (an error, or "
                "a formula that was never calculated): open the file, mend it and save it",
                line,
            )
        if any(value is not None for value in cells[len(header) :]):
            yield UnreadableFile(f"sheet {title!r}: this row is wider than its header", line)
        elif record:
            yield Located(record, line, number, title)
