"""The whole coach on the sample knowledge base in a folder that is thrown away: for trying out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api.staging import AS_OF
from api.wiring import Progress, open_index
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.models import Models
    from coach.service import CoachService


@contextmanager
def rehearsal(progress: Progress | None = None) -> Iterator[Callable[[Models], CoachService]]:
    """Makes services that ask these models, on one index; nothing of a home is read or written.

    The sample is read as of the day that its scenarios were written for.
    """
    from coach.scenario_book import load_scenarios  # noqa: PLC0415
    from coach.service import CoachService  # noqa: PLC0415
    from coach.store import open_store  # noqa: PLC0415
    from knowledge.ingesting.ingest import ensure_sample  # noqa: PLC0415
    from knowledge.searching.retrieval import HybridRetriever  # noqa: PLC0415

    with ExitStack() as opening:
        home = Path(opening.enter_context(TemporaryDirectory(prefix="coach-rehearsal-")))
        ear, index = open_index(Settings(home=home))
        opening.callback(index.close)
        ensure_sample(index, progress)
        store = open_store(f"sqlite:///{home / 'coach.db'}")
        opening.callback(store.close)
        retriever = HybridRetriever(index)

        def service(models: Models) -> CoachService:
            return CoachService(
                scenarios=load_scenarios(),
                store=store,
                retriever=retriever,
                embedder=ear,
                clock=lambda: AS_OF,
                models=models,
            )

        yield service
