"""How fast the index takes evidence in, and what 100,000 passages cost.

Run: pytest -m bench -s tests/bench/test_ingest.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from knowledge.evidence import Evidence, Kind
from knowledge.indexing.index import KnowledgeIndex
from knowledge.indexing.rows import rows_of
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
ITEMS = 1_000
LEAST_OF_BARE = 0.85
MOST_MEGABYTES = 1_500
LEAST_TIMES_CHEAPER = 10
SUBJECTS = "the pilot", "our operator", "a clinic", "the regulator", "their switchboard", "support"
VERBS = "moved", "answered", "measured", "replaced", "asked about", "paid for", "waited for"
OBJECTS = "nine depots", "a contract", "the call queue", "every number", "two outages", "recordings"
ENDINGS = "in March", "within a week", "without notice", "for less", "before the audit", "at night"


def written(random: Random, words: int) -> str:
    """Sentences of about so many words, in paragraphs."""
    sentences: list[str] = []
    while sum(map(len, map(str.split, sentences))) < words:
        parts = [random.choice(choice) for choice in (SUBJECTS, VERBS, OBJECTS, ENDINGS)]
        sentences.append(f"{' '.join(parts)} {random.randrange(2, 999)}.".capitalize())
    return "".join(one + random.choice([" ", " ", " ", " ", "\n\n"]) for one in sentences)


def items() -> list[Evidence]:
    """Facts of a sentence and case studies of a page or two."""
    random = Random(3)
    return [
        Evidence(
            id=f"item-{n}",
            kind=Kind.PRODUCT_FACT,
            title=f"About {n}",
            text=written(random, round(random.lognormvariate(5, 0.9))),
        )
        for n in range(ITEMS)
    ]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@pytest.mark.scale
def test_most_of_the_time_goes_into_embedding(tmp_path: Path) -> None:
    """Cutting, hashing, writing to Chroma and all: little slower than the model alone."""
    evidence = items()
    texts = [row.embedded for item in evidence for row in rows_of(item, "0" * 64, 0)]
    assert len(texts) >= 3_000
    bare, own = MiniLMEmbedder(), MiniLMEmbedder()  # neither answers from the other's memory
    for embedder in (bare, own):
        embedder.embed(["load"])
    index = KnowledgeIndex(tmp_path, own)
    index.count()
    half = len(texts) // 2  # one before and one after, as the machine may be busier by then
    alone = seconds(lambda: bare.embed(texts[:half]))
    whole = seconds(lambda: index.upsert(evidence))
    alone += seconds(lambda: bare.embed(texts[half:]))
    again = seconds(lambda: index.upsert(evidence))
    assert len(index.contents()) == len(texts)
    index.close()
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"\n{len(texts):,} passages of {words:.0f} words on average, {len(evidence):,} items")
    print(f"embedding alone  {len(texts) / alone:7.1f} passages/s")
    print(f"into the index   {len(texts) / whole:7.1f} passages/s, {alone / whole:.1%} of it")
    print(f"once more        {len(texts) / again:7.0f} passages/s, none embedded")
    assert alone / whole >= LEAST_OF_BARE


HUNDRED_THOUSAND = """
import sys, time
from pathlib import Path
import psutil
from knowledge.vectors.embedding import MiniLMEmbedder
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from tests.corpora import QuickVectors, made_up

folder, count = Path(sys.argv[1]), int(sys.argv[2])
STATUS = Path("/proc/self/status")
peak = lambda: int(STATUS.read_text().split("VmHWM:")[1].split()[0]) / 1_000
def told(name, start):
    took = time.perf_counter() - start
    now = psutil.Process().memory_info().rss / 1e6
    print(f"{name:<22}{took:8.2f} s {now:7.0f} MB, at most {peak():.0f} MB", flush=True)
    return took
start = time.perf_counter()
model = MiniLMEmbedder()
model.embed(["load"])
told("model loaded", start)
index = KnowledgeIndex(folder, QuickVectors())
start = time.perf_counter()
index.upsert(made_up(count))
told(f"{len(index.contents()):,} written", start)
start = time.perf_counter()
for number in range(10):
    changed = index.get(f"item-{number * 77:06}").model_copy(update={"text": f"Changed {number}."})
    index.upsert([changed])
put = told("10 items changed", start) / 10
index.close()
start = time.perf_counter()
index.count()
read = told("opened and read", start)
start = time.perf_counter()
HybridRetriever(index, model).search("A question of what they moved?")
told("words, first search", start)
print(f"one change costs 1/{read / put:.0f} of reading everything")
Path(sys.argv[3]).write_text(f"{peak()} {read / put}")
index.close()
"""


@pytest.mark.scale
def test_a_hundred_thousand_passages_fit_and_change_cheaply(tmp_path: Path) -> None:
    """Written, reopened and searched in one process with the model, at its peak."""
    figures = tmp_path / "figures"
    run = [sys.executable, "-W", "ignore", "-c", HUNDRED_THOUSAND]
    subprocess.run([*run, tmp_path / "index", "100000", figures], cwd=ROOT, check=True)
    megabytes, times_cheaper = map(float, figures.read_text().split())
    assert megabytes < MOST_MEGABYTES
    assert times_cheaper > LEAST_TIMES_CHEAPER
