"""Which files were ingested and what each brought: a hint that spares work, never the authority.

Before a file's items are stored their ids are noted as ``pending``, and when they are stored the
entry is written anew. A process killed between the two therefore leaves a file that is read again
and decided on as before, and no item of which nobody knows where it came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Protocol

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
    file that isn't ``whole`` an id belonged to another one: it is read again. ``pending`` are ids
    that were being stored; a file that was never finished has those only, and no digest.
    """

    digest: str
    ids: tuple[str, ...]
    stored: str
    base: str
    of: str | None = None
    problems: tuple[tuple[int | None, str], ...] = ()
    whole: bool = True
    pending: tuple[str, ...] = ()

    def told(self) -> tuple[UnreadableFile, ...]:
        return tuple(UnreadableFile(message, line) for line, message in self.problems)

    @property
    def all_ids(self) -> tuple[str, ...]:
        return (*self.ids, *self.pending)


def unfinished(before: Entry | None, after: Entry) -> Entry:
    """As it is written before the items of ``after`` are stored."""
    return replace(before or Entry("", (), "", after.base), pending=after.ids)


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
    return json.dumps([SHAPE, asdict(entry)], separators=(",", ":"))


def _entry(text: str) -> Entry | None:
    try:
        shape, fields = json.loads(text)
        problems = tuple((line, str(message)) for line, message in fields.pop("problems"))
        return (
            Entry(**{**fields, "ids": tuple(fields["ids"])}, problems=problems)
            if shape == SHAPE
            else None
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # of another version: the file is read again
