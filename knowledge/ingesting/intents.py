"""What a run is going to do, noted before it does anything: how a killed run is undone, or ended.

For each file it touches a run notes its entry to be and what it may store, with what stood there
before. Then it stores, notes that it ended, and only then removes and changes the manifest. A run
killed before that end is as if it had never been: the next one decides by what stood before it.
A run killed later is brought to its end first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from knowledge.ingesting.manifest import Entry, Manifest, Notes

if TYPE_CHECKING:
    from knowledge.ports import Shelf

SHORT = 16  # of a hash, where it only has to tell what one run stored from what another did
END = ""  # the key of the note that says that a run has ended; no file is called so

Hashes = Mapping[str, str]  # of items, by id
# For an id: the hash of what stood there before (None: nothing), and short ones of what was put.
Writes = dict[str, tuple[str | None, tuple[str, ...]]]


@dataclass(frozen=True)
class Intent:
    """One file: its entry ``after`` the run (None: it has none), and what may be stored for it."""

    after: Entry | None
    writes: Writes = field(default_factory=dict)

    def further(self, after: Entry | None, hashes: Hashes, stood: Hashes) -> Intent:
        """What another run intends, which may find there what this one put."""
        writes: Writes = {key: (stood.get(key), put) for key, (_, put) in self.writes.items()}
        for key, digest in hashes.items():
            _, put = writes.get(key, (None, ()))
            writes[key] = stood.get(key), tuple(dict.fromkeys((*put, digest[:SHORT])))
        return Intent(after, writes)

    def found(self, now: Hashes) -> list[str]:
        """The ids under which there is now what was put."""
        return [key for key, (_, put) in self.writes.items() if now.get(key, "")[:SHORT] in put]

    def without(self, ids: Collection[str]) -> Intent:
        return Intent(self.after, {key: w for key, w in self.writes.items() if key not in ids})


class Intents:
    """Those of runs that didn't end, by the names of the files."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        found = notes.all()
        end = found.pop(END, None)
        self._end: dict[str, Any] | None = json.loads(end) if end else None
        self.by_name = {name: _intent(text) for name, text in found.items()}

    def stood(self, now: Hashes) -> dict[str, str]:
        """``now`` as it was before the runs that didn't end."""
        stood = dict(now)
        for intent in self.by_name.values():
            for key in intent.found(now):
                before, _ = intent.writes[key]
                stood.pop(key, None)
                if before is not None:
                    stood[key] = before
        return stood

    def stored(self, name: str, now: Hashes) -> set[str]:
        """Ids under which there is now what such a run stored for this file."""
        intent = self.by_name.get(name)
        return set(intent.found(now)) if intent else set()

    def note(self, wanted: Mapping[str, tuple[Entry | None, Hashes]], stood: Hashes) -> None:
        """Before anything is stored: each entry to be, and the hashes of what will be stored."""
        none = Intent(None)
        new = {
            name: self.by_name.get(name, none).further(after, hashes, stood)
            for name, (after, hashes) in wanted.items()
        }
        self._put(new)

    def end(self, names: Iterable[str], freed: Iterable[str], now: Hashes) -> None:
        """All is stored: what is to be done yet is done for sure, by this run or the next."""
        end = {
            "names": sorted(names),
            "freed": {key: now.get(key, "")[:SHORT] for key in sorted(freed)},
        }
        self._notes.put_many({END: json.dumps(end)})
        self._end = end

    def finish(self, index: Shelf, manifest: Manifest) -> None:
        """Do it, if there is a run that ended; killed in the middle, it is done again."""
        if self._end is None:
            return
        now = index.contents().hashes
        freed = self._end["freed"].items()
        due = [key for key, digest in freed if now.get(key, "")[:SHORT] == digest]
        if due:  # and not what somebody put in since
            index.remove(due)
        names = [name for name in self._end["names"] if name in self.by_name]
        entries = {name: self.by_name[name].after for name in names}
        manifest.put({name: entry for name, entry in entries.items() if entry})
        manifest.drop([name for name, entry in entries.items() if not entry])
        claimed = {key for entry in entries.values() if entry for key in entry.ids}
        others = {name: one for name, one in self.by_name.items() if name not in entries}
        touched = {name: one for name, one in others.items() if claimed & one.writes.keys()}
        self._put({name: one.without(claimed) for name, one in touched.items()})
        self._notes.drop(names)
        self._notes.drop([END])
        for name in names:
            del self.by_name[name]
        self._end = None

    def _put(self, intents: Mapping[str, Intent]) -> None:
        if intents:
            self._notes.put_many({name: _text(one) for name, one in intents.items()})
            self.by_name.update(intents)


def _text(intent: Intent) -> str:
    after = intent.after.as_record() if intent.after else None
    return json.dumps([after, intent.writes], separators=(",", ":"))


def _intent(text: str) -> Intent:
    after, writes = json.loads(text)
    return Intent(
        Entry.from_record(after) if after else None,
        {key: (before, tuple(put)) for key, (before, put) in writes.items()},
    )
