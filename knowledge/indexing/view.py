"""What searches see of a table of evidence: its contents at one moment, kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock, RLock
from types import MappingProxyType

from knowledge.indexing.chroma import Table
from knowledge.indexing.contents import Contents
from knowledge.indexing.journal import Journal
from knowledge.indexing.rows import Entry, Leftovers, entries_of
from knowledge.indexing.sharing import Sharing


class View:
    """The contents of ``table``, read once and then changed with it; safe from any thread.

    With a ``journal``, other processes change the table too. Whoever changes it in this one
    holds ``writing``, publishes what is stored and tells the others.
    """

    def __init__(self, table: Table, journal: Journal | None) -> None:
        self.generation = 0  # grows with every change
        self.writing = Lock()  # held as long as a change takes; searches go on meanwhile
        self._table = table
        self._guard = RLock()  # held for moments: the contents of the present generation
        self._contents: Contents | None = None
        self._meanwhile: set[str] | None = None  # own changes while reading
        self._journal = journal
        self._sharing = Sharing(journal, self._read, self._rows) if journal else None

    def contents(self) -> Contents:
        """All items and passages; the same object until something changes."""
        if self._sharing and self._contents is not None:
            self._sharing.look()
        with self._guard:
            if self._contents is None:
                if self._sharing:
                    self._sharing.start()
                found = entries_of(self._table.metadatas())
                self._contents = Contents().with_changes(self.generation, *found)
            return self._contents

    def known(self) -> Contents:
        """The contents without a look at what others did."""
        return self._contents or self.contents()

    def newest(self, ids: set[str] | None) -> Contents:
        """The contents, with what others did until now to ``ids`` (None: to any)."""
        if self._sharing and self._contents is not None:
            self._sharing.catch_up(ids)
        return self.known()

    def publish(
        self,
        entries: Mapping[str, Entry | None],
        stale: Mapping[str, Leftovers] = MappingProxyType({}),
    ) -> None:
        """From now on searches see these items (None: they are gone)."""
        if not entries and not stale:
            return
        with self._guard:
            before = self.known()
            self.generation += 1
            self._contents = before.with_changes(self.generation, entries, stale)
            if self._meanwhile is not None:
                self._meanwhile.update(entries)

    def tell(self, ids: Iterable[str]) -> None:
        """Tell the other processes, once the rows of these items are as they will stay."""
        if self._journal and (changed := set(ids)):
            self._journal.tell(changed)

    def forget(self) -> None:
        """Read everything anew at the next use."""
        if self._sharing:
            self._sharing.wait()
        with self._guard:
            self.generation += 1
            self._contents = None

    def _read(self, ids: set[str] | None) -> None:
        """Read these items anew, or all; what this process changes meanwhile stands."""
        with self._guard:
            self._meanwhile = set()
        if ids is None:
            rows = self._table.metadatas()
        else:
            rows = self._table.matching("evidence_id", sorted(ids))
        entries, stale = entries_of(rows)
        with self._guard:
            own, self._meanwhile = self._meanwhile or set(), None
            before = self._contents
            if before is None:
                return  # forgotten meanwhile: whoever needs it reads everything
            if ids is None:
                ids = {*before.items, *entries, *before.stale, *stale}
            changed = {
                key: entries.get(key)
                for key in ids - own
                if not before.has(key, entries.get(key), stale.get(key, {}))
            }
            self.publish(changed, {key: stale.get(key, {}) for key in changed})

    def _rows(self) -> tuple[int, int]:
        """How many rows there are, and how many there should be."""
        if self.writing.locked():
            return 0, 0  # in the middle of a change of our own nothing needs to add up
        contents = self.known()
        return self._table.count(), len(contents) + sum(map(len, contents.stale.values()))
