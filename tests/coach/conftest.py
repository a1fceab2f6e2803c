"""One real embedder and one real index of the sample for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach.scenario_book import ScenarioBook, load_scenarios
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="session")
def sample_index(
    embedder: MiniLMEmbedder, copy_of_sample: Callable[[], Path]
) -> Iterator[KnowledgeIndex]:
    index = KnowledgeIndex(copy_of_sample() / "index", embedder)
    yield index
    index.close()


@pytest.fixture(scope="session")
def retriever(sample_index: KnowledgeIndex, embedder: MiniLMEmbedder) -> HybridRetriever:
    return HybridRetriever(sample_index, embedder)


@pytest.fixture(scope="session")
def book() -> ScenarioBook:
    return load_scenarios()
