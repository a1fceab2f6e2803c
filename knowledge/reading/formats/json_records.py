"""JSON: an object, a list of them, or one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.reading.decoding import text_of
from knowledge.reading.located import Located, Rows

LONGEST_NUMBER = 18  # digits


def rows(content: bytes, path: Path) -> Rows:
    found = _parsed(text_of(content, path))
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


def lines(content: bytes, path: Path) -> Rows:
    text = text_of(content, path)
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
        return json.loads(text, object_pairs_hook=_each_once, parse_int=_number)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"it isn't JSON: {error.msg} at column {error.colno}", error.lineno
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"it isn't JSON that can be read: {_short(error)}") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} stands there twice")
    return found


def _number(digits: str) -> int | str:
    """A number with more digits than anything is counted in is but text."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
