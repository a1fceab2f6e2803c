"""One ear and one ledger over the sample, which judge a reply as a turn does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from coach.assessment import Assessment, Reply, assess
from coach.buyer import BuyerState, opening_state
from coach.claims import ClaimChecker
from coach.perception import Perceiver
from coach.scenario import Act, Difficulty
from coach.scenario_book import ScenarioBook
from coach.turn import counted, weighed
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder

Judge = Callable[..., Assessment]


@pytest.fixture(scope="session")
def judge(book: ScenarioBook, retriever: HybridRetriever, embedder: MiniLMEmbedder) -> Judge:
    """What is said of a reply to ``words``, or to the scenario's first opening line."""
    vendor, now = book.all()[0].vendor, datetime(2026, 11, 23, tzinfo=UTC)
    perceiver = Perceiver(embedder)
    checker = ClaimChecker(retriever, embedder, lambda: now, vendor)

    def judged(
        scenario: str,
        text: str,
        words: str = "",
        *,
        provoked: Act = Act.PRESS,
        first: bool = True,
        tips: tuple[str, ...] = (),
        before: BuyerState | None = None,
    ) -> Assessment:
        where = book.get(scenario)
        words = words or where.opening[0]
        before = before or opening_state(where, where.personas[0], Difficulty.NORMAL, 1)
        heard = perceiver.hear(where, text, words, before.said)
        claims = counted(heard, checker.check(text, where.spoken, where.kind == "strategic"))
        heard = weighed(heard, claims)
        return assess(
            where, Reply(text, heard, claims, Act.OPEN, words, provoked, first, tips, before)
        )

    return judged
