"""CSV with any delimiter; a bad row is told and the rest goes in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.reading.decoding import text_of
from knowledge.reading.located import Located, Rows

LONGEST_CELL = 5_000_000  # characters, instead of the csv module's 131,072


def rows(content: bytes, path: Path) -> Rows:
    text = text_of(content, path)
    csv.field_size_limit(LONGEST_CELL)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    number, line = 0, 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield UnreadableFile(f"this row can't be read: {error}", line)
            cells = []
        if cells is None:
            return
        start, line = line, reader.line_num + 1
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
