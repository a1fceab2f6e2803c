"""Evidence taken in, changed and removed. Files are imported in the background, one import a time.

Every change goes through one gate: whoever edits an item waits for a batch of a running import
at most, and what they saw of the item is still so when their change is made.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.errors import Conflict, NotFound, Overtaken
from coach.gate import Gate
from coach.importing import IMPORT, ITEMS, Importer
from coach.jobs import Background, Job, Key, Record, Run
from coach.session import Caller
from knowledge.evidence import Evidence, as_record
from knowledge.indexing.rows import content_hash
from knowledge.reading.mapping import Mapping

if TYPE_CHECKING:
    from coach.ports import Clock
    from knowledge.ports import Shelf


@dataclass(frozen=True)
class Upload:
    """A file on its way in; ``pieces`` reads its bytes, as often as it is called.

    ``origin`` tells it from every other file (its name, where the sender has no better);
    ``place`` names its items: the path below the folder it came from. Neither is ever opened.
    """

    name: str
    size: int
    pieces: Callable[[], Iterable[bytes]]
    origin: str = ""
    place: str = ""


@dataclass(frozen=True)
class Delivery:
    """Files, the ``mapping`` of their columns, and what their sender knows about the others.

    ``deleted`` files are removed with their items, and so is what came from below ``roots``
    before and isn't ``present`` any more; nothing is known of what lies below ``blind``.
    """

    uploads: tuple[Upload, ...] = ()
    mapping: str | None = None
    roots: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What a change expects to find: one of these ``tags``, anything at all, or nothing there."""

    tags: frozenset[str] | None = None
    there: bool | None = None

    def check(self, current: Evidence | None) -> None:
        """Overtaken when it isn't so."""
        if self.there is False and current is not None:
            raise Overtaken("this item exists already; send it with its ETag in If-Match")
        if self.tags is not None and (current is None or tag_of(current) not in self.tags):
            raise Overtaken(
                "this item was changed or removed meanwhile; read it again, and send your change "
                "with its new ETag"
            )
        if self.there and current is None:
            raise Overtaken("there is no such item any more; send it without If-Match to make it")


ANY = Match()


def tag_of(item: Evidence) -> str:
    """The same for the same content: what an ETag holds."""
    return content_hash(item)[:32]


@dataclass(frozen=True)
class Holding:
    """A tenant's evidence; ``refresh`` returns when searches see what is on the shelf."""

    shelf: Shelf
    refresh: Callable[[], None]
    gate: Gate = field(default_factory=Gate)


class Library:
    """The verbs that change the knowledge base, of whichever tenant asks.

    ``holding`` opens what a tenant has; call it on a thread.
    """

    def __init__(
        self, background: Background, holding: Callable[[str], Holding], clock: Clock
    ) -> None:
        self._background, self._holding, self._clock = background, holding, clock
        self._jobs = background.jobs
        background.handle(IMPORT, self._import)
        self._receiving: set[tuple[Caller, str]] = set()

    # --- imports ---

    def _import(self, run: Run) -> Record:
        held = self._holding(run.job.owner.tenant)
        return Importer(held.shelf, held.gate, held.refresh).run(run)

    @contextmanager
    def receiving(self, caller: Caller, key: str | None) -> Iterator[None]:
        """While a request with this ``Idempotency-Key`` is read; Conflict while another is."""
        mark = (caller, key or "")
        if key and mark in self._receiving:
            raise Conflict("a request with this Idempotency-Key is still being read; wait for it")
        self._receiving.add(mark)
        try:
            yield
        finally:
            self._receiving.discard(mark)

    async def take_files(self, caller: Caller, delivery: Delivery, key: Key | None = None) -> Job:
        """Stores the files, to be read in the background; InvalidEvidence for a bad mapping."""
        if delivery.mapping:
            Mapping.parsed(delivery.mapping, "the mapping")
        request = {
            "mapping": delivery.mapping,
            "roots": delivery.roots,
            "blind": delivery.blind,
            "deleted": delivery.deleted,
            "files": [
                {"name": one.name, "origin": one.origin, "place": one.place, "bytes": one.size}
                for one in delivery.uploads
            ],
        }
        present = json.dumps(delivery.present).encode()
        files = [*(one.pieces for one in delivery.uploads), lambda: [present]]
        return await self._added(caller, request, files, key)

    async def take_items(
        self, caller: Caller, items: Sequence[Evidence], key: Key | None = None
    ) -> Job:
        """Stores the items, to be indexed in the background."""

        def content() -> Iterator[bytes]:
            yield json.dumps([as_record(item) for item in items]).encode()

        request = {"form": ITEMS, "files": [{"name": ITEMS}], "items": len(items)}
        return await self._added(caller, request, [content], key)

    async def _added(
        self,
        caller: Caller,
        request: Record,
        files: Sequence[Callable[[], Iterable[bytes]]],
        key: Key | None,
    ) -> Job:
        job = Job(uuid4().hex, caller, IMPORT, request, self._clock())

        def add() -> Job:
            return self._jobs.add(job, [pieces() for pieces in files], key)

        added = await asyncio.to_thread(add)
        self._background.wake()
        return added

    async def import_(self, caller: Caller, import_id: str) -> Job:
        return await asyncio.to_thread(self._jobs.load, caller, IMPORT, import_id)

    async def imports(
        self, caller: Caller, limit: int, cursor: str | None = None
    ) -> tuple[list[Job], str | None]:
        return await asyncio.to_thread(self._jobs.listing, caller, IMPORT, limit, cursor)

    # --- single items ---

    async def put(self, caller: Caller, item: Evidence, match: Match = ANY) -> bool:
        """Adds or replaces the item; True when it is new. It can be found when this returns."""
        return await asyncio.to_thread(self._put, caller.tenant, item, match)

    def _put(self, tenant: str, item: Evidence, match: Match) -> bool:
        held = self._holding(tenant)
        with held.gate.editing():
            current = held.shelf.get(item.id)
            match.check(current)
            held.shelf.upsert([item])
        held.refresh()
        return current is None

    async def remove(self, caller: Caller, evidence_id: str, match: Match = ANY) -> None:
        await asyncio.to_thread(self._remove, caller.tenant, evidence_id, match)

    def _remove(self, tenant: str, evidence_id: str, match: Match) -> None:
        held = self._holding(tenant)
        with held.gate.editing():
            current = held.shelf.get(evidence_id)
            if current is None:
                raise NotFound(f"there is no evidence {evidence_id[:80]!r}")
            match.check(current)
            held.shelf.remove([evidence_id])
        held.refresh()
