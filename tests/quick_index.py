"""Evidence without meaning and vectors out of thin air: for what the index does with any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import Evidence, Kind
from knowledge.vectors.embedding import MiniLMEmbedder


def item(key: str, text: str = "Nine depots moved without a lost number.") -> Evidence:
    return Evidence(id=key, kind=Kind.PRODUCT_FACT, title=f"About {key}", text=text)


LONG = "\n\n".join(f"Paragraph {n} says something of its own. " * 12 for n in range(6))


class CountingEmbedder(MiniLMEmbedder):
    """Vectors out of thin air, at once; counts the texts it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        rows = [np.random.default_rng(sum(map(ord, text))).normal(size=384) for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(-1, 384)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


# Two versions of the same items, most of which differ in length.
VERSIONS = [
    [item(f"k{n}", LONG[: 400 * (1 + (n * step) % 7)]) for n in range(60)] for step in (1, 3)
]
