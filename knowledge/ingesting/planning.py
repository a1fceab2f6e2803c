"""What each file brings, and which file an id belongs to: everything is decided before a change.

Files outside of the run keep their ids, then those that are as they were, then those that changed;
of others the first one has it. A copy of another file brings nothing of its own, and claims what
that one has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.indexing.contents import Contents
from knowledge.indexing.rows import content_hash
from knowledge.ingesting.manifest import Entry, digest_of_items
from knowledge.ingesting.sources import Source
from knowledge.reading.documents import kind_of_folder
from knowledge.reading.mapping import Mapping
from knowledge.reading.readers import VERSION, read_content

MOST_PROBLEMS = 1_000  # of one file; what is wrong with a thousand rows is wrong with the rest


@dataclass
class Plan:
    """One file: its entry ``before`` and ``after``, and the ``items`` to be stored for it."""

    source: Source
    before: Entry | None
    after: Entry | None
    problems: Sequence[UnreadableFile] = ()
    had: Collection[str] = ()  # ids that are, or may be, stored for it
    items: list[Evidence] = field(default_factory=list)  # let go of when they are stored
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def leaves(self) -> set[str]:
        """Ids that this file no longer has."""
        return set(self.had) - set(self.after.ids if self.after else ())


class Planner:
    """Plans one run over ``names``; files that are ``gone`` have no say in it."""

    def __init__(
        self,
        contents: Contents,
        entries: dict[str, Entry],
        names: Collection[str],
        gone: Collection[str],
        mapping: Mapping | None,
    ) -> None:
        self._contents = contents
        self._entries = {name: entry for name, entry in entries.items() if entry.digest}
        self._had = {name: entry.all_ids for name, entry in entries.items()}
        self._mapping = mapping
        self._hashes: dict[str, str] = {}  # of the items as they are after this run
        self._owners: dict[str, str] = {}  # from an id to the name of its first file
        self._known = {key for ids in self._had.values() for key in ids}
        self._twins: dict[str, tuple[str | None, Entry]] = {}  # by what was read
        for name, entry in entries.items():
            if name in gone:
                self._offer(None, entry)
            elif name not in names:
                self._claim(name, {key: contents.hashes.get(key, "") for key in entry.all_ids})
                self._offer(name, entry)

    @property
    def claimed(self) -> Set[str]:
        """Every id that a file has after this run."""
        return self._owners.keys()

    def plan(self, sources: Iterable[Source]) -> Iterator[Plan]:
        """First what is as it was, then what changed, what is new, and copies of others."""
        rest = []
        for source in sources:
            entry = self._as_before(source)
            if entry and entry.whole:
                yield self._same(source, entry, entry)
                continue
            if entry:  # read again: what belonged to another file may be free now
                self._claim(source.name, self._stored(entry))
            rest.append(source)
        for source in sorted(rest, key=self._rank):
            yield self._of(source)

    def _as_before(self, source: Source) -> Entry | None:
        """The entry of a file that didn't change, and isn't a copy."""
        entry = self._entries.get(source.name)
        if entry is None or entry.of:
            return None
        try:
            digest = self._digest(source.read(), source.path)
        except UnreadableFile:
            return None
        return entry if digest == entry.digest and self._holds(entry) else None

    def _rank(self, source: Source) -> int:
        entry = self._entries.get(source.name)
        return 1 if entry is None else 2 if entry.of else 0

    def _of(self, source: Source) -> Plan:
        before = self._entries.get(source.name)
        try:
            content = source.read()
        except UnreadableFile as error:  # nothing is known of it, so nothing of it changes
            if before:
                self._claim(source.name, self._stored(before))
            return self._plan(source, before, [error])
        digest = self._digest(content, source.path)
        if before and before.whole and before.digest == digest and self._holds(before):
            return self._same(source, before, before)
        of, twin = self._twins.get(digest, (None, None))
        if twin and twin.whole and not twin.problems and self._holds(twin):
            after = Entry(digest, twin.ids, twin.stored, twin.base, of)
            return self._same(source, before, after)
        return self._read(source, before, content, digest)

    def _same(self, source: Source, before: Entry | None, entry: Entry) -> Plan:
        """A file that brings what is there, or is going to be."""
        first = next(iter(entry.ids), "")
        entry = replace(entry, of=self._owners.get(first) if entry.of else None, pending=())
        hashes = {key: self._hashes.get(key) or self._contents.hashes[key] for key in entry.ids}
        self._claim(source.name, hashes)
        self._offer(source.name, entry)
        plan = self._plan(source, before, entry.told())
        plan.after, plan.unchanged = entry, len(entry.ids)
        return plan

    def _plan(
        self, source: Source, before: Entry | None, problems: Sequence[UnreadableFile] = ()
    ) -> Plan:
        return Plan(source, before, before, problems, self._had.get(source.name, ()))

    def _read(self, source: Source, before: Entry | None, content: bytes, digest: str) -> Plan:
        base = before.base if before else next(source.bases())
        items: list[Evidence] = []
        problems: list[UnreadableFile] = []
        for found in read_content(content, source.path, self._mapping, base):
            if isinstance(found, Evidence):
                items.append(found)
            else:
                problems.append(found)
        for other in source.bases():
            if not any(_movable(item, base) and self._taken(item, source) for item in items):
                break
            items = [_moved(item, base, other) for item in items]
            base = other
        plan = self._plan(source, before)
        hashes: dict[str, str] = {}
        for item in items:
            if whose := self._taken(item, source):
                problems.append(_belongs(item, whose))
            else:
                hashes[item.id] = self._counted(plan, item)
        whole = len(hashes) == len(items)
        kept = self._kept(source, before, hashes) if problems else {}
        if kept:
            problems.append(_keeps(len(kept)))
        hashes.update(kept)
        plan.problems = few(problems)
        told = tuple((problem.line, str(problem)) for problem in plan.problems)
        stored = digest_of_items(hashes, hashes)
        plan.after = Entry(digest, tuple(hashes), stored, base, None, told, whole)
        for key in [key for key in set(plan.had) if self._owners.get(key) == source.name]:
            del self._owners[key], self._hashes[key]  # claimed before the file was read
        self._claim(source.name, hashes)
        self._offer(source.name, plan.after)
        return plan

    def _counted(self, plan: Plan, item: Evidence) -> str:
        digest = content_hash(item)
        has_other = self._owners.get(item.id, plan.source.name) != plan.source.name
        if has_other or self._contents.hashes.get(item.id) == digest:
            plan.unchanged += 1
            return digest
        plan.items.append(item)
        if item.id in self._contents.items:
            plan.changed += 1
        else:
            plan.added += 1
        return digest

    def _taken(self, item: Evidence, source: Source) -> str | None:
        """Where its id is used already, if for something else."""
        if other := self._hash_elsewhere(item.id, source):
            return f"in {self._owners[item.id]}" if other != content_hash(item) else None
        by_hand = self._known and item.id not in self._known and item.id in self._contents.items
        if by_hand and self._contents.hashes.get(item.id) != content_hash(item):
            return "put in by hand"
        return None

    def _kept(self, source: Source, before: Entry | None, hashes: dict[str, str]) -> dict[str, str]:
        """What a file with problems had before, and may still have."""
        had = self._stored(before) if before else {}
        return {
            key: digest
            for key, digest in had.items()
            if key not in hashes and self._hash_elsewhere(key, source) in (None, digest)
        }

    def _hash_elsewhere(self, key: str, source: Source) -> str | None:
        """What another file has under this id."""
        owned = self._owners.get(key, source.name) != source.name
        return self._hashes[key] if owned else None

    def _stored(self, entry: Entry) -> dict[str, str]:
        there = self._contents.hashes
        return {key: there[key] for key in entry.ids if key in there}

    def _holds(self, entry: Entry) -> bool:
        """True when every item of ``entry`` is, or is going to be, as it was stored."""
        hashes = {key: self._hashes.get(key) or self._contents.hashes.get(key) for key in entry.ids}
        known = {key: digest for key, digest in hashes.items() if digest}
        return len(known) == len(hashes) and digest_of_items(known, known) == entry.stored

    def _claim(self, name: str, hashes: dict[str, str]) -> None:
        for key, digest in hashes.items():
            if self._owners.setdefault(key, name) == name:
                self._hashes[key] = digest

    def _offer(self, name: str | None, entry: Entry) -> None:
        if entry.digest:
            self._twins.setdefault(entry.digest, (name, entry))

    def _digest(self, content: bytes, path: Path) -> str:
        """Of everything that decides what is read; the folder may name a kind."""
        about = (VERSION, self._mapping, path.suffix.casefold(), kind_of_folder(path))
        digest = hashlib.sha256(repr(about).encode())
        digest.update(content)
        return digest.hexdigest()


def _movable(item: Evidence, base: str) -> bool:
    return "id" in item.inferred and f"{item.id}-".startswith((f"{base}-", f"{base}/"))


def _moved(item: Evidence, base: str, other: str) -> Evidence:
    if not _movable(item, base):
        return item
    return item.model_copy(update={"id": other + item.id.removeprefix(base)})


def _belongs(item: Evidence, whose: str) -> UnreadableFile:
    return UnreadableFile(
        f"the id {item.id!r} belongs to another item, {whose}: "
        "give one of them its own `id`, or its file another name"
    )


def _keeps(number: int) -> UnreadableFile:
    return UnreadableFile(
        f"{number} items that it held before are kept until it can be read without a problem"
    )


def few(problems: Sequence[UnreadableFile]) -> Sequence[UnreadableFile]:
    """The first of them, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], UnreadableFile(f"and {more:,} more problems in this file")]
