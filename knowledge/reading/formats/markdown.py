"""Markdown with front matter, and plain text."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.reading.decoding import text_of
from knowledge.reading.fields import Record
from knowledge.reading.front_matter import front_matter
from knowledge.reading.located import Located, Rows


def rows(content: bytes, path: Path) -> Rows:
    text = text_of(content, path)
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


def plain(content: bytes, path: Path) -> Rows:
    yield Located({"text": text_of(content, path).strip()}, 1)
