"""What a turn and live suggestions cost with 10,000 passages.

Print the figures with ``pytest -m bench -s tests/bench/test_suggestions.py``. The sample stands
among made-up items; the store, Chroma and the embedding of all that is said or quoted are real.
Times are held as ratios to an embedding of the same words in the same run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from coach.scenario_book import load_scenarios
from coach.service import CoachService
from coach.session import LOCAL, Status
from coach.store import open_store
from knowledge.chunking import sentences
from knowledge.evidence import Evidence
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder, Vectors
from tests.bench.test_turn import REPLIES, unlike
from tests.corpora import QuickVectors, made_up
from tests.fakes import FixedClock

# scale: a minute of embedding 10,000 passages before anything is measured
pytestmark = [pytest.mark.bench, pytest.mark.scale, pytest.mark.timeout(900)]

ITEMS = 10_000
END = 40  # characters at the end of a text by which it is known
MOST_TIMES_EMBEDDING = 16  # of a turn with its suggestions, p50, against its own sentences
MOST_TIMES_HEARING = 10  # of the whole answer, p50, against what is recognised first
OBJECTIONS = (
    "Pellicom's transcription is simply better than yours",
    "We've worked with Meridant for ten years",
    "It is far too expensive for what it does",
    "I've never heard of you",
    "We have no time for this before the summer",
    "I was told you had an outage of nine hours",
    "I can't decide that alone, our board has to agree",
    "What would we get that our old phones don't do",
)


class MiniLMOfSomeSense(MiniLMEmbedder):
    """The real model for all that anybody wrote; made-up items get vectors at once."""

    def __init__(self, items: Sequence[Evidence]) -> None:
        super().__init__()
        self._ends = frozenset(item.text[-END:] for item in items)  # a title may stand before
        self._quick = QuickVectors()

    def _fresh(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), 384), dtype=np.float32)
        made = [n for n, text in enumerate(texts) if text[-END:] in self._ends]
        real = [n for n, text in enumerate(texts) if text[-END:] not in self._ends]
        if made:
            rows[made] = self._quick.embed([texts[n] for n in made])
        if real:
            rows[real] = super()._fresh([texts[n] for n in real])
        return rows


@pytest.fixture(scope="module")
def service(copy_of_sample: Callable[[], Path]) -> Iterator[CoachService]:
    home, items = copy_of_sample(), list(made_up(ITEMS))
    embedder = MiniLMOfSomeSense(items)
    index = KnowledgeIndex(home / "index", embedder)
    index.upsert(items)
    made = CoachService(
        scenarios=load_scenarios(),
        store=open_store(f"sqlite:///{home / 'bench.db'}"),
        retriever=HybridRetriever(index, embedder),
        embedder=embedder,
        clock=FixedClock(),
    )
    made.warm()
    yield made
    index.close()


def told(name: str, times: Sequence[float]) -> str:
    found = np.array(times) * 1000
    return f"{name} p50 {np.percentile(found, 50):.0f} ms, p95 {np.percentile(found, 95):.0f} ms"


async def _turns(
    service: CoachService, sessions: int
) -> tuple[list[float], list[float], list[float]]:
    """Seconds per turn, per suggestion for what the buyer said in it, and per embedding alone."""
    turns, advised, bare = [], [], []
    plain = MiniLMEmbedder()
    plain.embed(["warm"])
    for seed in range(sessions):
        session = await service.start(LOCAL, "trust-true-rumour", seed=seed)
        for n, reply in enumerate(REPLIES):
            text = unlike(reply, f"no. {seed}-{n}")
            start = time.perf_counter()
            async for _ in await service.take_turn(LOCAL, session.id, text):
                pass
            turns.append(time.perf_counter() - start)
            stored = await service.session(LOCAL, session.id)
            start = time.perf_counter()
            await service.suggest(LOCAL, stored.turns[-1].text)
            advised.append(time.perf_counter() - start)
            fresh = unlike(reply, f"nr. {seed}-{n}")
            start = time.perf_counter()
            plain.embed([fresh[a:b] for a, b in sentences(fresh)])
            bare.append(time.perf_counter() - start)
            if stored.status is not Status.ACTIVE:
                break
    return turns, advised, bare


def test_a_turn_with_its_suggestions(service: CoachService) -> None:
    """Heard, checked, answered, assessed, stored and advised on, with 10,000 passages."""
    turns, advised, bare = asyncio.run(_turns(service, 10))
    both = [a + b for a, b in zip(turns, advised, strict=True)]
    ratio = np.median(both) / np.median(bare)
    print(
        f"\n{ITEMS:,} passages, {len(turns)} turns: {told('turn', turns)}; "
        f"{told('suggestions', advised)}; {told('both', both)}; "
        f"{told('embedding the message alone', bare)}; ratio {ratio:.1f}"
    )
    assert ratio < MOST_TIMES_EMBEDDING


async def _calls(service: CoachService, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds until an objection is recognised, and until its replies are there."""
    heard_after, answered_after = [], []
    for n in range(rounds):
        for objection in OBJECTIONS:
            start = time.perf_counter()
            heard = await service.live.hear(LOCAL, f"{objection} (call {n}).")
            heard_after.append(time.perf_counter() - start)
            advice = await heard.answer()
            answered_after.append(time.perf_counter() - start)
            assert advice.suggestions
    return heard_after, answered_after


def test_help_in_a_live_call(service: CoachService) -> None:
    """What was objected is there first, and the replies soon after."""
    heard, answered = asyncio.run(_calls(service, 4))
    ratio = np.median(answered) / np.median(heard)
    print(
        f"\n{ITEMS:,} passages, {len(heard)} objections: {told('recognised', heard)}; "
        f"{told('all replies', answered)}; ratio {ratio:.1f}"
    )
    assert ratio < MOST_TIMES_HEARING
