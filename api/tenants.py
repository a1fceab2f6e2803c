"""A service for each tenant, on one store: put together when somebody of the tenant comes.

Each has an index of its own, in a folder or under names of its own: no filter has to keep the
evidence of two tenants apart, and none can be forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.playing import play_apart
from api.wiring import Embedders, now
from coach.accounts.book import AccountBook
from coach.errors import NotFound
from coach.fidelity.desk import FidelityDesk
from coach.jobs import Background
from coach.keeping.keeper import Keeper
from coach.library import Holding, Library
from coach.messenger.desk import MessengerStores
from coach.practice.allowance import limits_of
from coach.scenario_book import load_scenarios
from coach.service import CoachService
from coach.session import LOCAL
from coach.team import TeamStores
from coach.tenancy import Neighbours, Place
from knowledge.indexing.switching import SwitchingIndex
from knowledge.ingesting.ingest import ensure_sample
from knowledge.searching.retrieval import HybridRetriever

if TYPE_CHECKING:
    from coach.models import Models
    from coach.settings import Settings
    from coach.store import SqlStore
    from knowledge.vectors.embedding import MiniLMEmbedder


class House:
    """``service`` is that of the tenant that is there from the beginning, on ``index``."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        ear: MiniLMEmbedder,
        models: Models,
        index: SwitchingIndex,
    ) -> None:
        self._settings, self._store, self._ear, self._models = settings, store, ear, models
        self._accounts = AccountBook(store.accounts, now)
        self._background = Background(store.jobs, now)
        self._fidelity = FidelityDesk(self._background, play_apart)
        self._library = Library(self._background, self._holding, now)
        self._keeper = Keeper(store.people, settings.keep_sessions_days, now)
        self._messengers = MessengerStores(
            store.inbox, store.messengers, settings.home / "secret.key"
        )
        self._held: dict[str, Holding] = {}
        self._others: list[SwitchingIndex] = []
        self._neighbours = Neighbours(self._opened)
        self.service = self._service(LOCAL.tenant, index)

    def _service(self, tenant: str, index: SwitchingIndex) -> CoachService:
        store, settings, retriever = self._store, self._settings, HybridRetriever(index)
        self._held[tenant] = Holding(index, retriever.refresh)
        is_first = tenant == LOCAL.tenant
        return CoachService(
            scenarios=load_scenarios(),
            store=store,
            retriever=retriever,
            embedder=self._ear,
            models=self._models,
            clock=now,
            library=self._library,
            keeper=self._keeper if is_first else None,
            team=TeamStores(
                store.goals,
                store.answers,
                store.hooks,
                self._background,
                settings.public_url,
                store.tallies,
                store.workshops,
            ),
            limits=limits_of(
                settings.requests_per_minute, settings.turns_per_minute, settings.turns_per_day
            ),
            place=Place(
                tenant,
                self._accounts,
                self._neighbours if is_first else None,
                self._background,
                self._fidelity,
            ),
            messengers=self._messengers if is_first else None,
        )

    def _opened(self, tenant: str) -> CoachService:
        """With an index that begins with the sample, as that of a new home does."""
        if tenant not in {one.id for one in self._accounts.tenants()}:
            raise NotFound(f"there is no tenant {tenant[:60]!r}")
        place, prefix = self._settings.index_place_of(tenant)
        index = SwitchingIndex(place, Embedders(self._settings, self._ear), prefix)
        try:
            ensure_sample(index)
            index.switch_in_background()
            service = self._service(tenant, index)
        except BaseException:
            index.close()  # or the next try would find the folder held
            raise
        self._others.append(index)
        return service

    def _holding(self, tenant: str) -> Holding:
        """An import of a tenant may be waiting before anybody of theirs comes."""
        self.service.of(tenant)
        return self._held[tenant]

    def close(self) -> None:
        for index in self._others:
            index.close()
