"""Bytes to text: UTF-8, UTF-16, and what old exports use; binary files are told apart. Pure."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from knowledge.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 4_096
_FEW = 0.02  # more control characters than this, and it isn't text
_WIDE = 0.2  # of bytes that are zero, from which it may be UTF-16
_FOREIGN, _ENOUGH = 0.3, 20  # a larger share of so many non-ASCII bytes isn't a Western language


def decoded(content: bytes, name: str) -> str:
    """The text, with line ends as ``\\n``. Raises ``UnreadableFile`` when it is none."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _readable(text):
            break
        if encoding == "cp1252":
            _refuse_what_is_not_western(content, name)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if _readable(content[:_SAMPLE].decode("latin-1")):
        raise UnreadableFile(_UNKNOWN.format(name))
    raise UnreadableFile(f"{name} is binary, not text: export it as text first")


_UNKNOWN = "{} is text in an encoding that can't be told for sure: save it as UTF-8"


def _refuse_what_is_not_western(content: bytes, name: str) -> None:
    """Windows-1252 gives some meaning to nearly any bytes; a wrong one must not be quoted."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    high = sum(len(part) for part in _HIGH.findall(content))
    if sum(char > "\x7f" for char in text) > 2 * broken:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise UnreadableFile(f"{name} is UTF-8 with broken characters in it: mend them", line)
    if high >= _ENOUGH and high > _FOREIGN * len(content):
        raise UnreadableFile(_UNKNOWN.format(name))


def text_of(content: bytes, path: Path) -> str:
    """The text of a file that must hold some."""
    text = decoded(content, path.name)
    if not text.strip():
        raise UnreadableFile(f"{path.name} is empty")
    return text


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    start = content[:_SAMPLE]
    if start.count(0) > _WIDE * len(start):  # UTF-16 without a mark: every other byte is zero
        even, odd = start[::2].count(0), start[1::2].count(0)
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _readable(text: str) -> bool:
    """A NUL here and there is told where it stands, by who reads the record it is in."""
    start = text[:_SAMPLE]
    control = sum(char < " " and char not in "\t\n\r\f\v" for char in start)
    return control <= max(_FEW * len(start), 1)
