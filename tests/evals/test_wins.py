"""Who wins against the buyer, with the real claim ledger over the sample knowledge base.

Run: pytest -m eval -s tests/evals/test_wins.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from coach.claims import ClaimChecker
from coach.scenario import Act, Difficulty
from coach.scenario_book import load_scenarios
from knowledge.indexing.index import KnowledgeIndex
from knowledge.searching.retrieval import HybridRetriever
from tests.sellers import SELLERS, Check, embedder, play

pytestmark = [pytest.mark.eval, pytest.mark.timeout(600)]

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SEEDS = range(3)  # each persona once


@pytest.fixture(scope="module")
def check(copy_of_sample: Callable[[], Path]) -> Iterator[Check]:
    index = KnowledgeIndex(copy_of_sample() / "index", embedder())
    checker = ClaimChecker(HybridRetriever(index, embedder()), embedder(), lambda: NOW, "Corvane")
    yield cache(lambda *said: tuple(checker.check(*said)))
    index.close()


def test_only_good_sellers_win(check: Check) -> None:
    """Weak, lying and stuffing sellers never reach a next step; a strong one mostly does."""
    scenarios = load_scenarios().all()
    shares: dict[str, float] = {}
    print(f"\n{'normal difficulty':<20}{'won':>9}{'walked away':>13}{'turns to win':>14}")
    for name, make in SELLERS.items():
        played = [
            play(make(s, seed), s, Difficulty.NORMAL, seed, check)
            for s in scenarios
            for seed in SEEDS
        ]
        won = [p for p in played if p.won]
        left = sum(p.end is Act.WALK_AWAY for p in played)
        turns = sum(len(p.turns) for p in won) / len(won) if won else 0
        shares[name] = len(won) / len(played)
        print(f"{name:<20}{len(won):>4} / {len(played)}{left:>13}{turns or '':>14.3}")
    assert shares["strong"] >= 5 / 7
    assert shares["average"] < shares["strong"]
    assert {n for n, share in shares.items() if share} <= {"strong", "average"}
