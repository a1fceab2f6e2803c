"""A check that fails is its own outcome: the talk goes on, and no claim gets a verdict."""

from __future__ import annotations

from typing import cast

import pytest

from coach.claims import ClaimStatus
from coach.events import AssessmentReady, ReplyCompleted
from coach.ports import Retriever
from coach.scenario import Difficulty
from coach.scenario_book import ScenarioBook
from coach.service import CoachService
from coach.session import LOCAL
from knowledge.evidence import Evidence, Filters
from knowledge.searching.retrieval import HybridRetriever
from knowledge.vectors.embedding import MiniLMEmbedder
from tests.fakes import FixedClock, MemoryStore

pytestmark = pytest.mark.anyio

DENIED = "There was no outage. Our platform has an uptime of 100% since 2011."


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Unlisted:
    """A retriever that finds, and fails when it has to list what it holds."""

    def __init__(self, real: HybridRetriever) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def listing(self, filters: Filters, limit: int, offset: int) -> list[Evidence]:
        raise ConnectionError("no index")


async def test_a_failed_check_is_said_and_is_no_verdict(
    book: ScenarioBook,
    retriever: HybridRetriever,
    embedder: MiniLMEmbedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The buyer answers; the assessment says why nothing was checked, and calls no claim wrong."""
    service = CoachService(
        scenarios=book,
        store=MemoryStore(),
        retriever=cast(Retriever, Unlisted(retriever)),
        embedder=embedder,
        clock=FixedClock(),
    )
    session = await service.start(LOCAL, "trust-true-rumour", seed=7, difficulty=Difficulty.NORMAL)
    events = [event async for event in await service.take_turn(LOCAL, session.id, DENIED)]
    assert any(isinstance(event, ReplyCompleted) for event in events)
    (ready,) = (event for event in events if isinstance(event, AssessmentReady))
    claims = ready.assessment.claims
    assert [(c.text, c.status) for c in claims] == [
        ("There was no outage.", ClaimStatus.UNCHECKED),
        ("Our platform has an uptime of 100% since 2011.", ClaimStatus.UNCHECKED),
    ]
    assert not any(claim.evidence for claim in claims)
    assert "could not be checked" in ready.assessment.reason
    assert "ConnectionError" in caplog.text
    debrief = await service.end(LOCAL, session.id)
    assert {status: count for status, count in debrief.claims.items() if count} == {"unchecked": 2}
