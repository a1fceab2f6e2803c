"""One real embedder and one real index of the sample for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.scenario import ScenarioBook, load_scenarios
from knowledge.embedding import MiniLMEmbedder
from knowledge.index import KnowledgeIndex
from knowledge.ingest import ensure_sample
from knowledge.retrieval import HybridRetriever


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="session")
def sample_index(
    embedder: MiniLMEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeIndex]:
    index = KnowledgeIndex(Path(tmp_path_factory.mktemp("sample")) / "index", embedder)
    ensure_sample(index, None)
    yield index
    index.close()


@pytest.fixture(scope="session")
def retriever(sample_index: KnowledgeIndex, embedder: MiniLMEmbedder) -> HybridRetriever:
    return HybridRetriever(sample_index, embedder)


@pytest.fixture(scope="session")
def book() -> ScenarioBook:
    return load_scenarios()
