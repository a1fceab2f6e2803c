"""What each file brings, and which file an id belongs to: everything is decided before a change.

It is decided over all files at once, from what they hold now and from the last run that was
completed; what a killed run did has no say. An id belongs to a file outside of the run that has
it; then to one that is as it was; then to one that had it and still says the same, had it and
can't be read, had it and says something else; and at last to the first that states it, old files
before new ones. A copy of another file brings nothing of its own, and shares what that one has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.ingesting.manifest import Entry, digest_of_items
from knowledge.ingesting.owners import Owners
from knowledge.ingesting.sources import Source
from knowledge.ingesting.statements import Desk, Hashes, Statement
from knowledge.reading.mapping import Mapping as Columns

MOST_PROBLEMS = 1_000  # of one file; what is wrong with a thousand rows is wrong with the rest


@dataclass
class Plan:
    """One file: its entry ``before`` and ``after``, and the ``items`` to be stored for it.

    ``new`` are the ids of what is added or changed, some of which a killed run may have stored.
    """

    name: str
    before: Entry | None
    after: Entry | None
    problems: Sequence[UnreadableFile] = ()
    items: dict[str, Evidence] = field(default_factory=dict)  # let go of when they are stored
    hashes: dict[str, str] = field(default_factory=dict)  # of ``items``
    new: set[str] = field(default_factory=set)
    added: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> int:
        return len(self.new) - self.added

    @property
    def leaves(self) -> set[str]:
        """Ids that this file no longer has."""
        return set(self.before.ids if self.before else ()) - set(
            self.after.ids if self.after else ()
        )


class Planner:
    """Plans one run.

    ``entries`` are those of the last run that was completed, ``stood`` is what was stored then,
    and ``now`` what is stored; files that are ``gone`` have no say in it.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        stood: Hashes,
        now: Hashes,
        gone: Collection[str],
        mapping: Columns | None,
    ) -> None:
        self._entries, self._stood, self._now, self._gone = entries, stood, now, gone
        self._desk = Desk(entries, stood, mapping)
        self._owners = Owners()
        self._known = {key for entry in entries.values() for key in entry.ids}

    @property
    def claimed(self) -> Set[str]:
        """Every id that a file has after this run."""
        return self._owners.ids

    def plans(self, sources: Iterable[Source], told: Callable[[], None]) -> dict[str, Plan]:
        """By the names of the files; ``told`` is called for each file that was read."""
        found = self._desk.statements(sources, self._gone, told)
        self._settle(found)
        plans = {one.name: self._plan(one) for one in found if not one.original}
        for one in found:
            if one.original:
                plans[one.name] = self._copied(one, plans)
        return plans

    def _settle(self, found: Sequence[Statement]) -> None:
        """Decide whose every id is, copies aside."""
        names = {one.name for one in found}
        for name, entry in self._entries.items():
            if name not in names and name not in self._gone:
                self._owners.take(name, ((key, self._stood.get(key, "")) for key in entry.ids))
        for one in found:
            if one.same:
                self._owners.take(one.name, self._had(one.same.ids))
        rest = [one for one in found if not one.same and not one.original]
        for held in (self._as_it_was, self._kept, self._otherwise):
            for one in rest:
                if one.stands:
                    self._owners.take(one.name, held(one))
        for one in sorted(rest, key=lambda one: one.rank):
            self._take(one)
        self._settle_copies(found)

    def _settle_copies(self, found: Sequence[Statement]) -> None:
        """Read those whose original can't bring all that they state: it is told of both."""
        partial = {one.name for one in found if not self._is_whole(one)}
        for one in found:
            if one.original in partial:
                self._desk.read(one)
                self._take(one)

    def _is_whole(self, one: Statement) -> bool:
        return all(self._owners.agree(key, digest) for key, digest in one.hashes.items())

    def _take(self, one: Statement) -> None:
        """What is still to be had."""
        self._place(one)
        self._owners.take(one.name, self._stated(one))
        self._owners.take(one.name, self._kept(one))

    def _as_it_was(self, one: Statement) -> Iterator[tuple[str, str]]:
        return (
            (key, digest) for key, digest in self._had(one.held) if one.hashes.get(key) == digest
        )

    def _kept(self, one: Statement) -> Iterator[tuple[str, str]]:
        """What a file with problems had before, and may still have."""
        ids = one.before.ids if one.before and one.problems else ()
        return ((key, digest) for key, digest in self._had(ids) if key not in one.hashes)

    def _otherwise(self, one: Statement) -> Iterator[tuple[str, str]]:
        return ((key, one.hashes[key]) for key in one.held if key in one.hashes)

    def _stated(self, one: Statement) -> Iterator[tuple[str, str]]:
        return ((k, digest) for k, digest in one.hashes.items() if not self._by_hand(k, digest))

    def _had(self, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((key, self._stood[key]) for key in ids if self._stood.get(key))

    def _by_hand(self, key: str, digest: str) -> bool:
        """True when somebody put something else in under this id, and not from a file."""
        stood = self._known and key not in self._known and key in self._stood
        return bool(stood) and self._stood[key] != digest

    def _taken(self, key: str, digest: str) -> bool:
        return self._owners.refuse(key, digest) or self._by_hand(key, digest)

    def _place(self, one: Statement) -> None:
        """Give inferred ids another beginning where others use them, unless they are known."""
        held = set(one.held)
        for other in one.source.bases():
            inferred = [key for key, item in one.items.items() if _movable(item, one.base)]
            if not any(self._taken(key, one.hashes[key]) for key in inferred):
                return
            if not held.isdisjoint(inferred):  # by which they are cited
                return
            one.hold([_moved(item, one.base, other) for item in one.items.values()], other)

    def _plan(self, one: Statement) -> Plan:
        if one.same:
            return self._unchanged(one, replace(one.same, of=None))
        if not one.digest:  # nothing is known of it, so nothing of it changes
            return Plan(one.name, one.before, one.before, one.problems)
        return self._read(one)

    def _unchanged(self, one: Statement, entry: Entry) -> Plan:
        """A file that brings what is there, or is going to be."""
        plan = Plan(one.name, one.before, entry, entry.told(), unchanged=len(entry.ids))
        spoilt = {key for key, digest in self._had(entry.ids) if self._now.get(key) != digest}
        if spoilt and not entry.of:  # by a run that was killed when the file was another
            self._desk.read(one, entry.base)
            self._store(plan, one, spoilt & one.items.keys())
        return plan

    def _read(self, one: Statement) -> Plan:
        plan = Plan(one.name, one.before, None)
        agreed = {k: digest for k, digest in one.hashes.items() if self._owners.agree(k, digest)}
        problems = [*one.problems, *(self._belongs(k) for k in one.hashes if k not in agreed)]
        kept = {key: h for key, h in self._kept(one) if self._owners.agree(key, h)}
        if kept:
            problems.append(_keeps(len(kept)))
        plan.problems = few(problems)
        told = tuple((problem.line, str(problem)) for problem in plan.problems)
        hashes = agreed | kept
        stored = digest_of_items(hashes, hashes)
        plan.after = Entry(
            one.digest, tuple(hashes), stored, one.base, None, told, self._is_whole(one)
        )
        self._store(plan, one, agreed)
        self._count(plan, agreed)
        return plan

    def _copied(self, one: Statement, plans: Mapping[str, Plan]) -> Plan:
        name = one.original or ""
        found = plans[name].after if name in plans else self._entries.get(name)
        if found is None:  # it was read, so it has one
            raise LookupError(name)
        return self._unchanged(one, replace(found, of=name))

    def _store(self, plan: Plan, one: Statement, ids: Iterable[str]) -> None:
        for key in ids:
            if self._owners.name(key) == one.name and self._now.get(key) != one.hashes[key]:
                plan.items[key], plan.hashes[key] = one.items[key], one.hashes[key]

    def _count(self, plan: Plan, agreed: Hashes) -> None:
        for key, digest in agreed.items():
            if self._owners.name(key) != plan.name or self._stood.get(key) == digest:
                plan.unchanged += 1
            else:
                plan.new.add(key)
                plan.added += key not in self._stood

    def _belongs(self, key: str) -> UnreadableFile:
        owner = self._owners.named(key)
        whose = f"in {owner}" if owner else "put in by hand"
        return UnreadableFile(
            f"the id {key!r} belongs to another item, {whose}: "
            "give one of them its own `id`, or its file another name"
        )


def _movable(item: Evidence, base: str) -> bool:
    return "id" in item.inferred and f"{item.id}-".startswith((f"{base}-", f"{base}/"))


def _moved(item: Evidence, base: str, other: str) -> Evidence:
    if not _movable(item, base):
        return item
    return item.model_copy(update={"id": other + item.id.removeprefix(base)})


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
