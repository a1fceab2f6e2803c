"""A real llama.cpp server embeds; its vectors are poor, being a chat model's, but real."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from knowledge.indexing.index import KnowledgeIndex
from knowledge.ingesting.ingest import ingest, sample_paths
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.remote_embedding import Address, RemoteEmbedder
from tests.model import embedding_smollm  # noqa: F401  # a fixture

pytestmark = pytest.mark.model


@pytest.mark.slow
def test_a_real_server_embeds_the_sample(
    embedding_smollm: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Each item is found by its own words; a text that is too long for it is cut until it fits."""
    embedder = RemoteEmbedder(Address.of("smollm", embedding_smollm), None, 60)
    index = KnowledgeIndex(tmp_path / "index", embedder)
    with closing(embedder), closing(index):
        quotes = sorted(sample_paths()[0].glob("testimonials/*"))[:3]
        assert ingest(quotes, index).items == 3
        assert embedder.dimensions == 576
        retriever = HybridRetriever(index)
        for item in index.all():
            found = retriever.search(item.text[:200])[0]
            assert found.evidence.id == item.id
            assert found.why == ("meaning and words",)
        long, short, same = embedder.embed(["All of it " * 300, "All of it", "All of it"])
        assert np.isfinite(long).all()
        assert np.linalg.norm(short) == pytest.approx(1, abs=1e-5)
        assert short @ same > 0.999
