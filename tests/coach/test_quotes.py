"""The floor: every quote of 2,100 sessions stands where it is said to stand, on both sides.

Run: pytest -m slow -s tests/coach/test_quotes.py. Scripted sellers play every scenario at every
difficulty over the real ear and the real ledger; ``assessment/test_judging.py`` does the same for
text of any kind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from coach.assessment import Assessment, Verdict
from coach.fidelity.playing import Played, play
from coach.fidelity.sellers import SELLERS, sayable
from coach.fidelity.stage import Stage
from coach.scenario import Difficulty
from coach.scenario_book import load_scenarios
from knowledge.searching.retrieval import HybridRetriever
from tests.sellers import stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

SEEDS = 5
SESSIONS = 2000  # at least


def sessions(where: Stage) -> Iterator[Played]:
    for scenario in load_scenarios().all():
        where.prepare(scenario, sayable(scenario.id))
        for difficulty in Difficulty:
            for seller in SELLERS.values():
                for seed in range(SEEDS):
                    yield asyncio.run(
                        play(seller(scenario, seed), scenario, difficulty, seed, where)
                    )


def quotes_of(text: str, judged: Assessment, retriever: HybridRetriever) -> Iterator[bool]:
    """Whether each quote is verbatim at its span: of verdicts, of claims and of evidence."""
    for check in judged.checks:
        if check.verdict is not Verdict.NOT_OBSERVABLE:
            yield check.quote == text[slice(*check.span)] and bool(check.quote)
    for claim in judged.claims:
        yield claim.text == text[slice(*claim.span)] and bool(claim.text)
        for cited in claim.evidence:
            item = retriever.get(cited.id)
            yield item is not None and cited.quote == item.text[slice(*cited.span)]


def test_every_quote_of_2000_sessions_is_verbatim(retriever: HybridRetriever) -> None:
    played = right = wrong = 0
    for session in sessions(stage(retriever)):
        played += 1
        for turn, judged in zip(session.turns, session.assessments(), strict=True):
            for verbatim in quotes_of(turn.seller, judged, retriever):
                right, wrong = right + verbatim, wrong + (not verbatim)
    print(f"\n{played:,} sessions: {right + wrong:,} quotes, {wrong} not verbatim at their span")
    assert played >= SESSIONS
    assert right > 10 * played
    assert not wrong
