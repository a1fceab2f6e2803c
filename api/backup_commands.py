"""``coach backup`` and ``coach restore``: all that a coach keeps, in one file and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from api import terminal
from api.options import Home, Json
from api.progress import phases
from coach.errors import BadInput, Conflict
from coach.settings import Settings, load_settings

if TYPE_CHECKING:
    from coach.backup.taking import Kept, Shelves, Told
    from knowledge.indexing.switching import SwitchingIndex

File = Annotated[Path, typer.Argument(help="The file, such as coach-2026-11-23.zip.")]

#: Settings that tell where something is; keys and addresses with passwords stay out.
TOLD = (
    "model",
    "model_url",
    "model_timeout",
    "embedding",
    "embedding_url",
    "public_url",
    "keep_sessions_days",
)
NOTES = ("files", "intents", "sample")


def backup(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the database, the evidence and the settings to one file, also while a server runs."""
    from api.wiring import now, prepare_home  # noqa: PLC0415  # slow to load, all of them
    from coach.backup.taking import take  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415

    settings = load_settings(home)
    if file.exists() and not force:
        raise Conflict(f"{file} is there already; name another file, or use --force")
    prepare_home(settings.home)
    with ExitStack() as opened:
        store = open_store(settings.database)
        opened.callback(store.close)
        tenants = [one.id for one in store.accounts.tenants()]
        told = opened.enter_context(phases())
        evidence = opened.enter_context(_Evidence(settings)).of(tenants)
        counts = take(file, store, evidence, _settings(settings), now(), told)
    if as_json:
        terminal.show_json({"file": str(file), "records": counts})
        return
    items = sum(count for name, count in counts.items() if name.startswith("evidence"))
    terminal.say(f"Wrote {file}: {counts['sessions']} sessions, {items} items of evidence")
    terminal.say("It holds people's words and the secrets of webhooks; keep it like a password.")


def restore(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Delete what is there first.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put a backup back, into the database and the index that the settings name."""
    from api.client import find_running  # noqa: PLC0415  # as above
    from api.wiring import prepare_home  # noqa: PLC0415
    from coach.backup.taking import checked, opened  # noqa: PLC0415

    settings = load_settings(home)
    if url := find_running(settings):
        raise Conflict(f"a coach serves this home at {url}; stop it, then restore")
    prepare_home(settings.home)
    with opened(file) as archive, phases() as told:
        told("Checking the file", 0, 1)
        kept = checked(archive)
        indexes = _Indexes(settings)
        with indexes:  # held before a row is written: nothing may serve this home meanwhile
            for tenant in kept.tenants():
                indexes.open(tenant)
            counts = kept.put_back(settings.database, force)
            items = {tenant: indexes.fill(tenant, kept, told) for tenant in kept.tenants()}
    if as_json:
        terminal.show_json({"made_at": kept.made_at, "records": counts, "evidence": items})
        return
    said = f"{counts['sessions']} sessions, {sum(items.values())} items of evidence"
    terminal.say(f"Restored what was there at {kept.made_at}: {said}")


def _settings(settings: Settings) -> dict[str, Any]:
    told = {name: value for name, value in asdict(settings).items() if name in TOLD}
    return {name: value for name, value in told.items() if "@" not in str(value)}


class _Indexes:
    """The indexes of the tenants, in the folders or on the server that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = ExitStack()
        self._indexes: dict[str, SwitchingIndex] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def open(self, tenant: str) -> SwitchingIndex:
        """Raises IndexInUse while another process holds it."""
        from api.wiring import Embedders, open_index  # noqa: PLC0415  # as above
        from coach.session import LOCAL  # noqa: PLC0415
        from knowledge.indexing.switching import SwitchingIndex  # noqa: PLC0415
        from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415

        if tenant == LOCAL.tenant:
            index = open_index(self._settings)[1]
        else:
            place, prefix = self._settings.index_place_of(tenant)
            index = SwitchingIndex(place, Embedders(self._settings, MiniLMEmbedder()), prefix)
        self._open.callback(index.close)
        index.count()
        self._indexes[tenant] = index
        return index

    def fill(self, tenant: str, kept: Kept, told: Told) -> int:
        """With the evidence of a backup and nothing else; how many items that is."""
        from knowledge.evidence import Evidence  # noqa: PLC0415  # as above

        index = self._indexes[tenant]
        items = [Evidence.model_validate(record) for record in kept.evidence(tenant)]
        index.upsert(items, lambda done, total: told("Embedding the evidence", done, total))
        index.remove({one.id for one in index.all()} - {one.id for one in items})
        for name, notes in kept.notes(tenant).items():
            index.notes(name).put_many(notes)
        return len(items)


class _Evidence(_Indexes):
    """The same to read: where a server holds the index, from that server."""

    def of(self, tenants: list[str]) -> Iterator[Shelves]:
        from coach.backup.taking import Shelves  # noqa: PLC0415  # as above
        from knowledge.errors import IndexInUse  # noqa: PLC0415
        from knowledge.evidence import as_record  # noqa: PLC0415

        for tenant in tenants:
            place, _ = self._settings.index_place_of(tenant)
            if isinstance(place, Path) and tenant != "local" and not place.exists():
                continue  # nobody of theirs ever came
            try:
                index = self.open(tenant)
            except IndexInUse:
                yield Shelves(tenant, self._served(tenant), {})
                continue
            notes = {name: index.notes(name).all() for name in NOTES}
            yield Shelves(tenant, map(as_record, index.all()), notes)

    def _served(self, tenant: str) -> Iterator[dict[str, Any]]:
        from urllib.parse import quote  # noqa: PLC0415

        from api.client import open_client  # noqa: PLC0415  # as above
        from coach.session import LOCAL  # noqa: PLC0415
        from knowledge.evidence import Evidence, as_record  # noqa: PLC0415

        if tenant != LOCAL.tenant:
            raise BadInput(
                f"a server holds the evidence of tenant {tenant}; stop it for the backup, or keep "
                "the evidence on a Chroma server"
            )
        with open_client(self._settings) as client:
            cursor = None
            while True:
                page = client.get("/v1/evidence", limit=200, cursor=cursor)
                for listed in page["items"]:
                    item = client.get(f"/v1/evidence/{quote(listed['evidence_id'], safe='')}")
                    fields = {name: item[name] for name in Evidence.model_fields if name in item}
                    whole = Evidence.model_validate({**fields, "id": item["evidence_id"]})
                    yield as_record(whole)
                cursor = page["next_cursor"]
                if cursor is None:
                    return
