"""Real Chroma in a folder of its own, the real model once for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embedding import MiniLMEmbedder
from knowledge.index import KnowledgeIndex


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[KnowledgeIndex]:
    made = KnowledgeIndex(tmp_path / "index", embedder)
    yield made
    made.close()
