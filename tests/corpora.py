"""Knowledge bases of any size, made up: words drawn as people draw them, vectors in clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from zlib import crc32

import numpy as np

from knowledge.evidence import Evidence, Kind, Visibility
from knowledge.vectors.embedding import Vectors

TODAY = date(2026, 6, 1)
SYLLABLES = [
    first + vowel + last
    for first, vowel, last in product("bdfgklmnprstvz", "aeiou", ("", "l", "n", "r"))
]
VOCABULARY = 30_000
WORDS = 80  # per item, so that each is one passage
CLUSTERS = 300
DIMENSIONS = 384
# Which share of the items a filter on one field lets through.
RARE, FEW, HALF, MOST = "rare", "few", "half", "most"
SHARES = {
    "customer": (RARE, 0.001),
    "competitor": (FEW, 0.05),
    "sector": (HALF, 0.5),
    "region": (MOST, 0.95),
}


def vocabulary(seed: int = 0) -> list[str]:
    """Invented words, the most frequent first."""
    random = np.random.default_rng(seed)
    parts = random.choice(SYLLABLES, size=(VOCABULARY * 2, 3))
    return list(dict.fromkeys("".join(word) for word in parts))[:VOCABULARY]


def made_up(count: int, seed: int = 0) -> Iterator[Evidence]:
    """``count`` items; the share that has each marked value is in ``SHARES``."""
    random = np.random.default_rng(seed)
    words = np.array(vocabulary(seed))
    rank = np.arange(1, len(words) + 1)
    below = np.cumsum(1 / rank) / (1 / rank).sum()
    kinds = [kind for kind in Kind if kind is not Kind.RUMOUR]
    for number in range(count):
        text = " ".join(words[np.searchsorted(below, random.random(WORDS))])
        fields = {
            field: value if random.random() < share else f"other {random.integers(50)}"
            for field, (value, share) in SHARES.items()
        }
        yield Evidence(
            id=f"item-{number:06}",
            kind=kinds[number % len(kinds)],
            title=f"Item {number}",
            text=f"{text.capitalize()}.",
            size=int(random.integers(10, 5_000)),
            as_of=TODAY - timedelta(days=int(random.integers(900))),
            valid_until=TODAY + timedelta(days=int(random.integers(-60, 900))),
            visibility=Visibility.INTERNAL if random.random() < 0.1 else Visibility.PUBLIC,
            **fields,
        )


def questions(count: int, seed: int = 1) -> list[str]:
    """Different each: rare and frequent words of the same vocabulary."""
    random = np.random.default_rng(seed)
    words = vocabulary(0)
    return [
        " ".join(words[int(at)] for at in np.exp(random.uniform(0, np.log(len(words) - 1), size=9)))
        for _ in range(count)
    ]


class QuickVectors:
    """An embedder for the stored side: no meaning, clusters as real vectors have them."""

    name = "made-up-clusters"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        self._centres = random.normal(size=(CLUSTERS, DIMENSIONS)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        seeds = [crc32(text.encode()) for text in texts]
        noise = [
            np.random.default_rng(seed).standard_normal(DIMENSIONS, np.float32) for seed in seeds
        ]
        vectors = 0.7 * self._centres[np.array(seeds) % CLUSTERS] + np.stack(noise)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
