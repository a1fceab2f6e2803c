"""Trains the net of the claim ledger: python -m tests.evals.inference.train [--without SET ...]

Needs jax and optax, which nothing else here does: ``uv run --with jax,optax python -m ...``. What
it learns from is written by us: ``sample.txt``, ``talk.txt``, ``others.txt``, and those parts of
the sets of claims that aren't held out. The sentences go through the ledger itself, so that the
net sees what it will see. Seeded; on another machine a run gives another net of the same kind.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml

from api.wiring import assemble
from coach.claims import ClaimChecker
from coach.claims.finding import Finding
from coach.claims.grounds import Ground
from coach.claims.inference import Inference, Reading, network
from coach.claims.inference import reading as reader
from coach.claims.inference.pairing import signals
from coach.claims.opposition import fit as fits
from coach.claims.statement import Statement
from coach.settings import Settings
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.evals.inference.nets import Bags, learn
from tests.evals.inference.worlds import NOW, Few, labelled, worlds

HERE = Path(__file__).parent
#: Their rows that are held out are left out here too, so that something is left to measure on.
SETS = ("claims", "claims_families")
WEIGHTS = Path(network.__file__).with_name("weights.npz")
COLUMN = {"supported": 0, "stale": 0, "contradicted": 1, "overstated": 2}  # all others 3
DIRECTIONS, RUNS, EPOCHS = 128, 1, 8


class Bag(NamedTuple):
    """A sentence beside the facts that fit it best."""

    said: str
    facts: tuple[str, ...]
    signals: np.ndarray
    column: int


class Listening(Inference):
    """Keeps what the ledger would have read, and reads nothing."""

    def __init__(self, embedder: MiniLMEmbedder) -> None:
        super().__init__(embedder)
        self.heard: list[tuple[Statement, Sequence[Ground]]] = []

    def may_change(self, said: Statement, found: Finding) -> bool:
        return True

    def read(self, pairs: Sequence[tuple[Statement, Sequence[Ground]]]) -> list[Reading | None]:
        self.heard += pairs
        return [None] * len(pairs)


def bags(checker: ClaimChecker, ear: Listening, rows: Sequence[tuple[str, str]]) -> Iterator[Bag]:
    """One per sentence of one clause; of several clauses it isn't said which has the label."""
    for text, status in rows:
        ear.heard.clear()
        checker.check(text)
        if len(ear.heard) == 1 and ear.heard[0][1]:
            said, grounds = ear.heard[0]
            chosen = sorted(grounds, key=lambda ground: -fits(ground))[: reader.COMPARED]
            seen = np.stack([signals(said, ground, rank) for rank, ground in enumerate(chosen)])
            texts = tuple(ground.fact.said.text for ground in chosen)
            yield Bag(said.normal, texts, seen, COLUMN.get(status, 3))


def of_sample(embedder: MiniLMEmbedder, without: Sequence[str]) -> Iterator[Bag]:
    rows = []
    for name in ("sample.txt", "talk.txt"):
        rows += labelled((HERE / name).read_text("utf-8").splitlines())
    for name in set(SETS) - set(without):
        raw = yaml.safe_load((HERE.parent / f"{name}.yaml").read_text("utf-8"))
        rows += [(row["text"], row["status"]) for row in raw if not row.get("held_out")]
    rows.sort()
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(_build(Path(home)))
        index = KnowledgeIndex(Path(home) / "index", embedder)
        retriever = HybridRetriever(index, embedder)
        ear = Listening(embedder)
        vendor = "Corvane Communications"
        checker = ClaimChecker(retriever, embedder, lambda: NOW, vendor, inference=ear)
        checker.warm()
        yield from bags(checker, ear, rows)
        index.close()


async def _build(home: Path) -> None:
    await (await asyncio.to_thread(assemble, Settings(home=home))).close()


def of_others(embedder: MiniLMEmbedder) -> Iterator[Bag]:
    for world in worlds("others.txt"):
        ear = Listening(embedder)
        few = Few(world.items, embedder)
        checker = ClaimChecker(few, embedder, lambda: NOW, world.vendor, inference=ear)
        checker.warm()
        yield from bags(checker, ear, world.rows)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--without", nargs="*", default=(), choices=SETS)
    wanted.add_argument("--to", type=Path, default=WEIGHTS)
    asked = wanted.parse_args()
    embedder = MiniLMEmbedder()
    found = [*of_sample(embedder, asked.without), *of_others(embedder)]
    texts = sorted({text for bag in found for text in (bag.said, *bag.facts)})
    states = dict(zip(texts, embedder.token_states(texts), strict=True))
    mean, directions = main_directions(list(states.values()))
    small = {text: (state - mean) @ directions for text, state in states.items()}
    seen = np.concatenate([bag.signals for bag in found])
    spread = seen.std(axis=0) + 0.05
    shared = {"mean": mean, "directions": directions}
    shared |= {"signal_mean": seen.mean(axis=0), "signal_spread": spread}
    packed = Bags.of(found, small, shared["signal_mean"], spread)
    for run in range(RUNS):
        shared |= {f"{run}.{name}": value for name, value in learn(packed, run, EPOCHS).items()}
        halves = {name: np.asarray(value, dtype=np.float16) for name, value in shared.items()}
        np.savez_compressed(asked.to, **halves)
    print(f"{len(found)} sentences, {asked.to.stat().st_size:,} bytes in {asked.to}")


def main_directions(states: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Their mean and their first principal components, scaled to a variance of 1 in the mean."""
    tokens = np.concatenate(states)
    mean = tokens.mean(axis=0)
    tokens -= mean
    sizes, directions = np.linalg.eigh(tokens.T @ tokens / len(tokens))
    sizes, directions = sizes[::-1][:DIRECTIONS], directions[:, ::-1][:, :DIRECTIONS]
    return mean, directions / np.sqrt(sizes.mean())


if __name__ == "__main__":
    main()
