"""An embedder whose vectors depend on the text alone, at no cost."""

from __future__ import annotations

import hashlib

import numpy as np

from knowledge.vectors.embedding import Vectors


class Quick:
    """Keeps what it was given in ``embedded``."""

    name = "quick"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: list[str]) -> Vectors:
        self.embedded += texts
        seeds = (hashlib.sha256(text.encode()).digest() for text in texts)
        found = np.array([np.frombuffer(seed, dtype=np.uint8) for seed in seeds], dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)
