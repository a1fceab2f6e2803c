"""Kill -9 at any moment and a rerun: the index is that of one clean run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest

from knowledge.evidence import Evidence
from knowledge.indexing.index import KnowledgeIndex
from knowledge.indexing.rows import content_hash
from tests.quick_index import LONG, CountingEmbedder, item

ROOT = Path(__file__).parents[2]
SEED = int(os.environ.get("COACH_TEST_SEED", "1"))
KILLS_IN_A_FOLDER, KILLS_ON_A_SERVER = 22, 8
KEYS = [f"k{n}" for n in range(24)]

# Forks a child for each line it reads, since starting Python and Chroma takes a second or two.
NURSERY = """
import os, sys
import chromadb
from pathlib import Path
from knowledge.indexing.index import KnowledgeIndex
from tests.knowledge.test_killed import brought_to
from tests.quick_index import CountingEmbedder
for line in sys.stdin:
    place, seed = line.split()
    if child := os.fork():
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)
        continue
    index = KnowledgeIndex(place if "://" in place else Path(place), CountingEmbedder())
    index.count()
    print("ready", flush=True)
    brought_to(index, int(seed))
    print("done", flush=True)
    os._exit(0)
"""


def wanted(seed: int) -> list[Evidence]:
    """Some of the keys, each in one of several versions."""
    random = Random(1_000 * SEED + seed)
    keys = random.sample(KEYS, 18)
    return [item(key, LONG[: 400 * random.randrange(1, 9)]) for key in keys]


def brought_to(index: KnowledgeIndex, seed: int) -> None:
    """Adds, replaces and removes, in three steps, until exactly ``wanted(seed)`` is there."""
    items = wanted(seed)
    index.upsert(items[:9])
    index.remove(set(KEYS) - {one.id for one in items})
    index.upsert(items)


class Nursery:
    """Children that are killed with -9."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", NURSERY], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, place: Path | str, seed: int, seconds: float | None = None) -> float:
        """Let a child bring the index to ``seed``, killed so long after it has opened it.

        Returns how long it took.
        """
        assert self._process.stdin
        self._process.stdin.write(f"{place} {seed}\n")
        self._process.stdin.flush()
        said = [self._said(), self._said()]  # either may come first
        said.remove("ready")
        start = time.perf_counter()
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it was done before
                os.kill(int(said[0]), signal.SIGKILL)
        while self._said() != "ended":
            pass
        return time.perf_counter() - start

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _said(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        assert line, "a child failed"
        return line


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def opened(place: Path | str) -> KnowledgeIndex:
    return KnowledgeIndex(place, CountingEmbedder())


def stored(index: KnowledgeIndex) -> tuple[object, ...]:
    """Everything that must be as after a clean run."""
    contents = index.contents()
    vectors = index.vectors(contents.rows)
    assert {row for row, _ in index.nearest(vectors[contents.rows[0]], 1_000)} >= vectors.keys()
    return (
        contents.items,
        contents.hashes,
        contents.rows,
        contents.owners.tolist(),
        contents.spans.tolist(),
        np.array([vectors[row] for row in contents.rows]).tobytes(),
    )


def assert_whole(index: KnowledgeIndex, seeds: Iterable[int]) -> None:
    """Each item is in one of the versions that were written, with every row."""
    contents = index.contents()
    versions = {content_hash(one) for seed in seeds for one in wanted(seed)}
    assert set(contents.hashes.values()) <= versions
    assert contents.hashes.keys() == contents.items.keys()
    assert set(index.vectors(contents.rows)) == set(contents.rows)


@pytest.mark.slow
def test_killed_at_random_moments_and_run_again(
    place: Path | str, nursery: Nursery, tmp_path: Path
) -> None:
    """Never is half an item seen, and a rerun ends as if nothing had happened."""
    print(f"seed {SEED}: COACH_TEST_SEED={SEED} makes the same changes again")
    random, kills = Random(SEED), KILLS_IN_A_FOLDER
    if isinstance(place, str):
        kills = KILLS_ON_A_SERVER
    full = nursery.run(place, 0)
    clean = opened(tmp_path / "clean")
    broken_off, since = 0, [0]
    for round_ in range(1, 1 + kills):
        nursery.run(place, round_, random.uniform(0, full))
        since.append(round_)
        index = opened(place)
        assert_whole(index, since)
        broken_off += index.contents().hashes != {i.id: content_hash(i) for i in wanted(round_)}
        if random.random() < 0.4 or round_ == kills:  # else the next is killed in what this left
            brought_to(index, round_)
            brought_to(clean, round_)
            assert stored(index) == stored(clean)
            since = [round_]
        index.close()
    clean.close()
    assert broken_off > kills / 3, "most processes were done before they were killed"
