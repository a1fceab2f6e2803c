"""Names of files as text, and the ids that are made of them. Pure."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from unicodedata import category

LONGEST_BASE = 160  # characters; an id may have 200, and rows add theirs


def printable(name: str) -> str:
    """A file's name as text that fits on a line: what isn't text in it is escaped."""
    text = name.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
    return "".join(
        c if c.isprintable() or category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in text
    )


def base_of(place: PurePath) -> str:
    """What ids of the items in a file begin with: where it lies, without its suffix."""
    return shortened(printable((place.parent / place.stem).as_posix()))


def shortened(base: str) -> str:
    """Not longer than an id may be, and still another for another ``base``."""
    if len(base) <= LONGEST_BASE:
        return base
    mark = hashlib.sha256(base.encode()).hexdigest()[:12]
    return f"{mark}~{base[-(LONGEST_BASE - 13) :]}"
