"""Which files were ingested and what each brought: a hint that spares work, never the authority.

It changes when a run is complete, and in one go (see ``intents``): a killed run isn't in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from knowledge.errors import UnreadableFile

SHAPE = 1


class Notes(Protocol):
    """Keys to texts, kept with the index."""

    def all(self) -> dict[str, str]: ...

    def put_many(self, notes: Mapping[str, str]) -> None: ...

    def drop(self, keys: Iterable[str]) -> None: ...


@dataclass(frozen=True)
class Entry:
    """One file: the ``digest`` of what was read, the ids it gave and the digest of those items.

    ``base`` is what inferred ids begin with; ``of`` names the file that this one is a copy of. Of a
    file that isn't ``whole`` an id belonged to another one: it is read again.
    """

    digest: str
    ids: tuple[str, ...]
    stored: str
    base: str
    of: str | None = None
    problems: tuple[tuple[int | None, str], ...] = ()
    whole: bool = True

    def told(self) -> tuple[UnreadableFile, ...]:
        return tuple(UnreadableFile(message, line) for line, message in self.problems)

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Entry:
        """Raises ``ValueError``, ``TypeError`` or ``KeyError`` for that of another version."""
        problems = tuple((line, str(message)) for line, message in record["problems"])
        return cls(**{**record, "ids": tuple(record["ids"]), "problems": problems})


class Manifest:
    """The entries by the names of their files."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        found = {name: _entry(text) for name, text in notes.all().items()}
        self.entries = {name: entry for name, entry in found.items() if entry}

    def put(self, entries: Mapping[str, Entry]) -> None:
        changed = {n: e for n, e in entries.items() if self.entries.get(n) != e}
        if changed:
            self._notes.put_many({name: _text(entry) for name, entry in changed.items()})
            self.entries.update(changed)

    def drop(self, names: Iterable[str]) -> None:
        known = [name for name in names if name in self.entries]
        if known:
            self._notes.drop(known)
        for name in known:
            del self.entries[name]


def digest_of_items(ids: Iterable[str], hashes: Mapping[str, str]) -> str:
    """Of these items as ``hashes`` has them, in any order."""
    pairs = sorted({(key, hashes.get(key, "")) for key in ids})
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def _text(entry: Entry) -> str:
    return json.dumps([SHAPE, entry.as_record()], separators=(",", ":"))


def _entry(text: str) -> Entry | None:
    try:
        shape, record = json.loads(text)
        record.pop("pending", None)  # of an early version
        return Entry.from_record(record) if shape == SHAPE and record["digest"] else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # of another version: the file is read again
