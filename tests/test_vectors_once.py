"""The tests' own memory of vectors: it must never stand in for what is being tested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.vectors.embedding import MiniLMEmbedder, Vectors
from tests.vectors_once import VectorsOnce


def test_another_process_finds_what_one_embedded(tmp_path: Path) -> None:
    """Each text is embedded once, and comes back bit by bit, in the order of the texts."""
    asked: list[str] = []

    def make(texts: Sequence[str]) -> Vectors:
        asked.extend(texts)
        return np.array([[len(text), 0.1] for text in texts], dtype=np.float32)

    first, second = VectorsOnce(tmp_path / "v.db"), VectorsOnce(tmp_path / "v.db")
    made = first.through(["a", "bb", "a"], make)
    found = second.through(["ccc", "bb", "\ud800"], make)
    assert asked == ["a", "bb", "ccc", "\ud800"]
    assert made.tolist() == np.array([[1, 0.1], [2, 0.1], [1, 0.1]], dtype=np.float32).tolist()
    assert (found[1] == made[1]).all()


@pytest.mark.embeds
def test_who_asks_what_embedding_does_gets_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh embedder runs the model for a text that another one had."""
    text = ["Nine depots moved without a lost number."]
    first = MiniLMEmbedder().embed(text)
    ran: list[int] = []
    real = MiniLMEmbedder._load

    def counted(self: MiniLMEmbedder) -> object:
        ran.append(1)
        return real(self)

    monkeypatch.setattr(MiniLMEmbedder, "_load", counted)
    assert np.abs(MiniLMEmbedder().embed(text) - first).max() < 1e-6
    assert ran
