"""Vendors whose evidence is a handful of sentences, and what their sellers may say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from knowledge.evidence import Evidence, Filters, Kind, Passage
from knowledge.vectors.embedding import MiniLMEmbedder

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SIGNS = {"+": "supported", "-": "contradicted", "~": "overstated", "?": "unsupported"}


class World(NamedTuple):
    """One vendor; ``rows`` are sentences with their statuses."""

    vendor: str
    items: list[Evidence]
    rows: list[tuple[str, str]]


def worlds(name: str) -> Iterator[World]:
    """The vendors of a file of this folder; each begins with a line of "@"."""
    for world in (HERE / name).read_text("utf-8").split("\n@ ")[1:]:
        head, *lines = world.splitlines()
        vendor, competitors, customers = (part.strip() for part in head.split("|"))
        facts = [line[2:] for line in lines if line.startswith("= ")]
        items = [
            _item(number, fact, competitors.split(", "), customers.split(", "))
            for number, fact in enumerate(facts)
        ]
        yield World(vendor, items, list(labelled(lines)))


def labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line[:1] in SIGNS:
            yield line[2:].strip(), SIGNS[line[0]]


class Few:
    """A retriever over a handful of items, by meaning."""

    def __init__(self, items: Sequence[Evidence], embedder: MiniLMEmbedder) -> None:
        self._items, self._embedder = list(items), embedder
        self._vectors = embedder.embed([item.text for item in items])

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        return self._items

    def prepare(self, texts: Sequence[str]) -> None:
        """Nothing to prepare."""

    def search(self, query: str, *, limit: int = 10, **_: object) -> list[Passage]:
        order = np.argsort(-(self._vectors @ self._embedder.embed([query])[0]))[:limit]
        chosen = [self._items[place] for place in order]
        return [Passage(item, item.text, (0, len(item.text))) for item in chosen]


def _item(number: int, fact: str, competitors: list[str], customers: list[str]) -> Evidence:
    customer = next((name for name in customers if name in fact), None)
    competitor = next((name for name in competitors if name in fact), None)
    kind = Kind.COMPETITIVE_FACT if competitor else Kind.PRODUCT_FACT
    return Evidence(
        id=f"fact-{number}", kind=Kind.CASE_STUDY if customer else kind, text=fact,
        title=customer or competitor or "Fact", customer=customer, competitor=competitor,
    )  # fmt: skip
