"""Taking a backup, and putting it back: the database, each tenant's evidence, the settings.

Evidence is kept as records and embedded anew when it is put back: so the file fits every kind of
index and database, and no index is copied while somebody writes to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.backup.archive import Backup, Draft, opened, written

if TYPE_CHECKING:
    from coach.store import SqlStore

#: Told what is being done, how much of it is done, and of how much.
Told = Callable[[str, int, int], None]
Record = Mapping[str, Any]

STORE, EVIDENCE, NOTES, SETTINGS = "store", "evidence", "notes", "settings.jsonl"


@dataclass(frozen=True)
class Shelves:
    """The evidence of one tenant: records of its items, and notes on the files they came from."""

    tenant: str
    items: Iterable[Record]
    notes: Mapping[str, Mapping[str, str]]


def take(
    path: Path,
    store: SqlStore,
    evidence: Iterable[Shelves],
    settings: Record,
    made_at: datetime,
    told: Told,
) -> dict[str, int]:
    """Writes the file; how many records each part of it has.

    The rows are those of one moment; the evidence is read after them.
    """
    from coach.store.copying import all_rows  # noqa: PLC0415  # sqlalchemy is slow to load
    from coach.store.migrations import HEAD  # noqa: PLC0415

    about = {"made_at": made_at.isoformat(), "step": HEAD, "database": store.url.get_backend_name()}
    counts: dict[str, int] = {}
    with written(path, about) as draft:
        with all_rows(store) as tables:
            for done, (name, records) in enumerate(tables):
                told("Reading the database", done, done + 1)
                counts[name] = draft.put(f"{STORE}/{name}.jsonl", records)
        for shelves in evidence:
            counts[f"{EVIDENCE} of {shelves.tenant}"] = _put_evidence(draft, shelves, told)
        draft.put(SETTINGS, [settings])
    return counts


def _put_evidence(draft: Draft, shelves: Shelves, told: Told) -> int:
    def counted() -> Iterator[Record]:
        for done, item in enumerate(shelves.items):
            told("Reading the evidence", done, done + 1)
            yield item

    notes = ({"name": name, "notes": dict(kept)} for name, kept in shelves.notes.items())
    draft.put(f"{NOTES}/{shelves.tenant}.jsonl", notes)
    return draft.put(f"{EVIDENCE}/{shelves.tenant}.jsonl", counted())


@dataclass(frozen=True)
class Kept:
    """A backup that was read through and found whole."""

    backup: Backup

    @property
    def made_at(self) -> str:
        return str(self.backup.manifest["made_at"])

    def tenants(self) -> list[str]:
        """Those whose evidence is in it."""
        return self._names(EVIDENCE)

    def evidence(self, tenant: str) -> Iterator[Record]:
        return self.backup.records(f"{EVIDENCE}/{tenant}.jsonl")

    def notes(self, tenant: str) -> dict[str, dict[str, str]]:
        kept = self.backup.records(f"{NOTES}/{tenant}.jsonl")
        return {one["name"]: dict(one["notes"]) for one in kept}

    def put_back(self, database: str, force: bool) -> dict[str, int]:
        """The rows, into the database of that address; how many each table has."""
        from coach.store.copying import put_back  # noqa: PLC0415  # as above

        tables = {
            name: int(self.backup.parts[f"{STORE}/{name}.jsonl"]["records"])
            for name in self._names(STORE)
        }
        step = str(self.backup.manifest["step"])
        put_back(database, step, tables, lambda t: self.backup.records(f"{STORE}/{t}.jsonl"), force)
        return tables

    def _names(self, folder: str) -> list[str]:
        inside = (name for name in self.backup.parts if name.startswith(f"{folder}/"))
        return [name.removeprefix(f"{folder}/").removesuffix(".jsonl") for name in inside]


def checked(backup: Backup) -> Kept:
    """Raises BadInput where a part is damaged."""
    backup.check()
    return Kept(backup)


__all__ = ["Kept", "Shelves", "checked", "opened", "take"]
