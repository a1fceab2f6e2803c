"""What every reader hands on: a record and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from knowledge.errors import UnreadableFile
from knowledge.reading.fields import Record


class Located(NamedTuple):
    """A record and where it stands: its line if that is known, and its number in the file.

    ``part`` is the sheet it stands in. ``guesses`` are fields that the record doesn't state but
    its file suggests; a document (one file, one item) has them, a row has None.
    """

    record: Record
    line: int | None
    number: int | None = None  # None: the file holds this one record
    part: str | None = None
    guesses: Record | None = None


Rows = Iterator[Located | UnreadableFile]
