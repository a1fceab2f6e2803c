"""Settings -> service: the only place where things are built.

Heavy imports stand inside the functions, so that ``coach --help`` doesn't pay for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from coach.errors import Misconfigured
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.authoring.shelf import Shelf
    from coach.llm import LanguageModel
    from coach.service import CoachService
    from knowledge.indexing.switching import SwitchingIndex
    from knowledge.vectors.embedding import MiniLMEmbedder
    from knowledge.vectors.remote_embedding import Address, RemoteEmbedder

#: Called with (done, of) while the index is first built.
Progress = Callable[[int, int], None]


def prepare_home(home: Path) -> None:
    """Makes the data folder; raises Misconfigured when it can't be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Misconfigured(
            f"the data folder {home} can't be written ({reason}); "
            "choose another with --home or COACH_HOME"
        ) from error


def coach_version() -> str:
    try:
        return version("objection-coach")
    except PackageNotFoundError:
        return "not installed as a package"


def now() -> datetime:
    return datetime.now(UTC)


def open_index(settings: Settings) -> tuple[MiniLMEmbedder, SwitchingIndex]:
    """The coach's ear and the knowledge index; the caller closes the index."""
    from knowledge.indexing.switching import SwitchingIndex  # noqa: PLC0415  # so is all it stands on
    from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415  # numpy is slow to load

    prepare_home(settings.home)
    ear = MiniLMEmbedder(file=settings.home / "vectors" / f"{MiniLMEmbedder.name}.npz")
    return ear, SwitchingIndex(settings.index_place, Embedders(settings, ear))


def open_embedders(settings: Settings) -> tuple[MiniLMEmbedder, RemoteEmbedder | None]:
    """The coach's ear, and the embedder of the index if that is another one."""
    from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415  # as above

    ear = MiniLMEmbedder()
    return ear, Embedders(settings, ear).remote()


@dataclass(frozen=True)
class Embedders:
    """Opens the embedder of an index; the embedded one is shared with the coach."""

    settings: Settings
    embedded: MiniLMEmbedder

    def wanted(self, dimensions: int | None = None) -> MiniLMEmbedder | RemoteEmbedder:
        return self.remote(dimensions) or self.embedded

    def remote(self, dimensions: int | None = None) -> RemoteEmbedder | None:
        """The one that the settings name, if that isn't the embedded one."""
        from knowledge.vectors.remote_embedding import Address  # noqa: PLC0415

        named = self.settings.embedding
        if named in (None, self.embedded.origin, self.embedded.name):
            return None
        return self._remote(Address.of(str(named), self.settings.embedding_url), dimensions)

    def recorded(
        self, origin: str, dimensions: int | None = None
    ) -> MiniLMEmbedder | RemoteEmbedder:
        from knowledge.vectors.remote_embedding import Address  # noqa: PLC0415

        if origin == self.embedded.origin:
            return self.embedded
        return self._remote(Address.from_json(origin), dimensions)

    def _remote(self, address: Address, dimensions: int | None) -> RemoteEmbedder:
        from knowledge.vectors.remote_embedding import OPENAI_URL, RemoteEmbedder  # noqa: PLC0415

        # The key goes to hosts that these settings name, never to one that only a note names.
        ours = {_host(url) for url in (self.settings.embedding_url, OPENAI_URL)}
        key = self.settings.openai_api_key if _host(address.url) in ours else None
        return RemoteEmbedder(address, key, self.settings.model_timeout, dimensions)


def _host(url: str | None) -> str | None:
    return urlsplit(url).hostname if url else None


@dataclass(frozen=True)
class Built:
    """A service and what it stands on; the index stays locked to this process until ``close``."""

    service: CoachService
    foundations: ExitStack
    model: LanguageModel | None = None
    index: SwitchingIndex | None = None
    ear: MiniLMEmbedder | None = None

    def warm(self) -> None:
        """Loads what the first turn would have to wait for, and keeps it for the next start."""
        if self.ear is None:
            self.service.warm()
            return
        with self.ear.collecting() as keep:
            if self.service.warm():
                keep()

    async def close(self) -> None:
        try:
            await self.service.close()
            if self.model:
                await self.model.aclose()
        finally:
            await asyncio.to_thread(self.foundations.close)


def assemble(settings: Settings, progress: Progress | None = None) -> Built:
    """Everything opened and put together.

    Raises CoachError or KnowledgeError, and then nothing is left open.
    """
    from coach.library import Library  # noqa: PLC0415
    from coach.scenario_book import load_scenarios  # noqa: PLC0415
    from coach.service import CoachService  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415
    from coach.team import TeamStores  # noqa: PLC0415
    from knowledge.ingesting.ingest import ensure_sample  # noqa: PLC0415
    from knowledge.searching.retrieval import HybridRetriever  # noqa: PLC0415

    with ExitStack() as opening:
        ear, index = open_index(settings)
        opening.callback(index.close)
        ensure_sample(index, progress)
        store = open_store(settings.database)
        opening.callback(store.close)
        model = open_model(settings)
        retriever = HybridRetriever(index)
        service = CoachService(
            scenarios=load_scenarios(),
            store=store,
            retriever=retriever,
            embedder=ear,
            model=model,
            clock=now,
            library=Library(store.jobs, index, retriever.refresh, now),
            team=TeamStores(
                store.goals, store.answers, store.hooks, store.jobs, settings.public_url
            ),
        )
        return Built(service, opening.pop_all(), model, index, ear)


@contextmanager
def open_shelf(settings: Settings) -> Iterator[Shelf]:
    """The scenarios of this home; its index stays closed, so that a server may hold it."""
    from coach.authoring.shelf import Shelf  # noqa: PLC0415
    from coach.scenario_book import load_scenarios  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415

    prepare_home(settings.home)
    store = open_store(settings.database)
    try:
        yield Shelf(load_scenarios(), store, now)
    finally:
        store.close()


def open_model(settings: Settings) -> LanguageModel | None:
    if not settings.has_model:
        return None
    from coach.llm import connect  # noqa: PLC0415  # langchain is slow to load

    return connect(
        settings.model_url, settings.openai_api_key, settings.model, settings.model_timeout
    )


@asynccontextmanager
async def lend(built: Built) -> AsyncIterator[CoachService]:
    """What ``create_app`` asks for, of a service that is already built; closed at the end."""
    try:
        yield built.service
    finally:
        await built.close()


@asynccontextmanager
async def build_service(
    settings: Settings, progress: Progress | None = None
) -> AsyncIterator[CoachService]:
    """The service of these settings; raises CoachError or KnowledgeError when it can't be built."""
    async with lend(await asyncio.to_thread(assemble, settings, progress)) as service:
        yield service
