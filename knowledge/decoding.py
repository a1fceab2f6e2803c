"""Bytes to text: UTF-8, UTF-16, and what old exports use; binary files are told apart. Pure."""

from __future__ import annotations

import codecs
from pathlib import Path

from knowledge.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4_096
_FEW = 0.02  # more control characters than this, and it isn't text


def decoded(content: bytes, name: str) -> str:
    """The text, with line ends as ``\\n``. Raises ``UnreadableFile`` when it is none."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
        break
    raise UnreadableFile(f"{name} is binary, not text: export it as text first")


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
    if b"\x00" in start:  # UTF-16 without a mark: every other byte of Latin text is zero
        even, odd = start[::2].count(0), start[1::2].count(0)
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _readable(text: str) -> bool:
    start = text[:_SAMPLE]
    control = sum(char < " " and char not in "\t\n\r\f\v" for char in start)
    return "\x00" not in text and control <= _FEW * len(start)
