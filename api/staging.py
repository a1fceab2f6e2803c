"""Builds what ``coach fidelity`` plays with: the real ear, ledger and adviser over the sample.

Its index is a copy of its own for each process, made anew from what ships: no home is touched.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coach.fidelity.memory import RememberingEmbedder
from coach.fidelity.stage import Stage
from coach.models import Models
from coach.scenario_book import load_scenarios

if TYPE_CHECKING:
    from api.wiring import Progress
    from coach.settings import Settings

#: The day as which the sample is read: what goes out of date must not change the figures.
AS_OF = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Staging:
    """Opens a stage per process; ``settings`` name the model that speaks, if one does."""

    folder: Path
    settings: Settings | None = None

    def build(self, progress: Progress | None = None) -> None:
        """Indexes the sample once; every stage copies it."""
        from knowledge.indexing.index import KnowledgeIndex  # noqa: PLC0415  # numpy is slow to load
        from knowledge.ingesting.ingest import ensure_sample  # noqa: PLC0415  # as above
        from knowledge.vectors.embedding import MiniLMEmbedder  # noqa: PLC0415  # as above

        with closing(KnowledgeIndex(self.folder / "sample", MiniLMEmbedder())) as index:
            ensure_sample(index, progress)

    @asynccontextmanager
    async def __call__(self, number: int) -> AsyncIterator[Stage]:
        from api.wiring import open_models  # noqa: PLC0415  # asyncio and more
        from knowledge.indexing.index import KnowledgeIndex  # noqa: PLC0415  # as above
        from knowledge.searching.retrieval import HybridRetriever  # noqa: PLC0415  # as above
        from knowledge.vectors.embedding import DIMENSIONS, MiniLMEmbedder  # noqa: PLC0415

        place = Path(shutil.copytree(self.folder / "sample", self.folder / f"of-{number}"))
        ear = RememberingEmbedder(MiniLMEmbedder(), DIMENSIONS)
        models, opened = open_models(self.settings) if self.settings else (Models(), ())
        with closing(KnowledgeIndex(place, ear)) as index:
            yield Stage(
                embedder=ear,
                retriever=HybridRetriever(index, ear),
                clock=_then,
                vendor=load_scenarios().all()[0].vendor,
                model=models.voice,
            )
        for model in opened:
            await model.aclose()


def _then() -> datetime:
    return AS_OF
