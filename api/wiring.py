"""Settings -> service: the only place where things are built.

Heavy imports stand inside the functions, so that ``coach --help`` doesn't pay for them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
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
    from coach.accounts.book import AccountBook
    from coach.authoring.shelf import Shelf
    from coach.llm import LanguageModel
    from coach.models import Models
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
        return RemoteEmbedder(address, key, self.settings.models.timeout, dimensions)


def _host(url: str | None) -> str | None:
    return urlsplit(url).hostname if url else None


@dataclass(frozen=True)
class Built:
    """A service and what it stands on; the index stays locked to this process until ``close``."""

    service: CoachService
    foundations: ExitStack
    index: SwitchingIndex | None = None
    ear: MiniLMEmbedder | None = None
    models: tuple[LanguageModel, ...] = ()

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
            for model in self.models:
                await model.aclose()
        finally:
            await asyncio.to_thread(self.foundations.close)


def assemble(settings: Settings, progress: Progress | None = None) -> Built:
    """Everything opened and put together.

    Raises CoachError or KnowledgeError, and then nothing is left open.
    """
    import prompts  # noqa: PLC0415
    from api.tenants import House  # noqa: PLC0415  # and all it stands on
    from coach.prompting.own import take_up  # noqa: PLC0415
    from coach.scenario_book import load_scenarios  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415
    from knowledge.ingesting.ingest import ensure_sample  # noqa: PLC0415

    with ExitStack() as opening:
        ear, index = open_index(settings)
        opening.callback(index.close)
        ensure_sample(index, progress)
        store = open_store(settings.database)
        opening.callback(store.close)
        take_up(settings.home, load_scenarios().all())
        opening.callback(prompts.use, {})
        models, opened = open_models(settings)
        house = House(settings, store, ear, models, index)
        opening.callback(house.close)
        return Built(house.service, opening.pop_all(), index, ear, opened)


@contextmanager
def open_accounts(settings: Settings) -> Iterator[AccountBook]:
    """Users, teams and tokens of this home; a server may run on it meanwhile."""
    from coach.accounts.book import AccountBook  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415

    prepare_home(settings.home)
    store = open_store(settings.database)
    try:
        yield AccountBook(store.accounts, now)
    finally:
        store.close()


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


def open_models(settings: Settings) -> tuple[Models, tuple[LanguageModel, ...]]:
    """The model of each job, and all of them once, to be closed; nothing is asked yet.

    Jobs with the same choice share a model, and models at one server under one name a breaker.
    """
    from coach.models import Job, Models  # noqa: PLC0415

    choices = {job: settings.models.of(job) for job in Job}
    if not any(choices.values()):
        return Models(), ()
    from coach.llm import Breaker, connect  # noqa: PLC0415  # only where there is a model

    breakers: defaultdict[tuple[str | None, str | None], Breaker] = defaultdict(Breaker)
    opened = {
        choice: connect(
            choice.url,
            choice.key,
            choice.model,
            settings.models.timeout,
            choice.temperature,
            breakers[choice.url, choice.model],
        )
        for choice in dict.fromkeys(filter(None, choices.values()))
    }
    of = {job.value: opened[choice] for job, choice in choices.items() if choice}
    return Models(**of, budget=settings.models.budget), tuple(opened.values())


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
