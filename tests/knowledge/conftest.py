"""Real Chroma in a folder of its own or on a real server, the real model once for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.indexing.chroma import Chroma
from knowledge.indexing.index import KnowledgeIndex
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.chroma_server import chroma_server


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[KnowledgeIndex]:
    made = KnowledgeIndex(tmp_path / "index", embedder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def server(running_server: str) -> Iterator[str]:
    """The URL of a Chroma server that nobody else uses at the moment; it is left empty."""
    yield running_server
    chroma = Chroma(running_server)
    for name in chroma.names():
        chroma.drop(name)
    chroma.close()


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an index may lie; what is true of it is true of both."""
    if request.param == "folder":
        return tmp_path / "index"
    url: str = request.getfixturevalue("server")
    return url
