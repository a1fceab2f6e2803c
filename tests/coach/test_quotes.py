"""The floor: every quote of 2,100 sessions stands where it is said to stand, on both sides.

Run: pytest -m scale -rP -n 2 --dist load tests/coach/test_quotes.py. Scripted sellers play every
scenario at every difficulty over the real ear and the real ledger; ``assessment/test_judging.py``
does the same for text of any kind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from coach.assessment import Assessment, Verdict
from coach.fidelity.playing import Played, play
from coach.fidelity.sellers import SELLERS, sayable
from coach.fidelity.stage import Stage
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import load_scenarios
from knowledge.searching.retrieval import HybridRetriever
from tests.sellers import stage

pytestmark = [pytest.mark.scale, pytest.mark.timeout(1800)]

SEEDS = 5
SCENARIOS = load_scenarios().all()
SESSIONS = SEEDS * len(Difficulty) * len(SELLERS)  # of one scenario


def sessions(where: Stage, scenario: Scenario) -> Iterator[Played]:
    where.prepare(scenario, sayable(scenario.id))
    for difficulty in Difficulty:
        for seller in SELLERS.values():
            for seed in range(SEEDS):
                yield asyncio.run(play(seller(scenario, seed), scenario, difficulty, seed, where))


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


def test_the_sessions_are_2000_at_least() -> None:
    """Over all scenarios."""
    assert SESSIONS * len(SCENARIOS) >= 2_000


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_every_quote_is_verbatim(retriever: HybridRetriever, scenario: Scenario) -> None:
    played = right = wrong = 0
    for session in sessions(stage(retriever), scenario):
        played += 1
        for turn, judged in zip(session.turns, session.assessments(), strict=True):
            for verbatim in quotes_of(turn.seller, judged, retriever):
                right, wrong = right + verbatim, wrong + (not verbatim)
    print(
        f"\n{scenario.id}, {played:,} sessions: {right + wrong:,} quotes, "
        f"{wrong} not verbatim at their span"
    )
    assert played == SESSIONS
    assert right > 10 * played
    assert not wrong
