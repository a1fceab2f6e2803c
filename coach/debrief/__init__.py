"""The debrief of a session: outcome, score, best and missed moments, the buyer's hidden cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from coach.assessment.judge import judged_by_files
from coach.buyer import ending_of
from coach.debrief import telling
from coach.debrief.record import CheckSummary, Debrief
from coach.debrief.summing import (
    FAILED_SCORE,
    Corrections,
    score_of,
    scored,
    sellers_of,
    summary,
)
from coach.scenario import Act, Scenario
from coach.session import Session, Status

__all__ = ["FAILED_SCORE", "CheckSummary", "Corrections", "Debrief", "debrief_of"]

_AS_JUDGED = Corrections()


def debrief_of(
    session: Session,
    scenario: Scenario,
    status: Status,
    corrected: Corrections = _AS_JUDGED,
    what_if: Sequence[Mapping[str, Any]] = (),
    facts: Sequence[Mapping[str, Any]] = (),
) -> Debrief:
    """The debrief of a session with all its turns.

    ``what_if`` and ``facts`` are what ``coach.debrief.making`` found, with the evidence.
    """
    sellers = sellers_of(session)
    summaries = tuple(summary(item, session, corrected) for item in scenario.checks)
    broken = [c for c in summaries if c.broken]
    ending = ending_of(Act(session.turns[-1].act or Act.OPEN.value), session.state)
    success = ending.success and not broken
    next_drill, drill = telling.drill(scenario, summaries, success)
    return Debrief(
        session=session.id,
        outcome=status.value,
        outcome_reason=telling.reason(session.turns[-1], status),
        score=score_of(summaries) if scored(sellers) else None,
        failed="; ".join(map(_broken, broken)),
        checks=summaries,
        buyer={
            "concerns": telling.cards(session, scenario),
            "state_by_turn": telling.states(session.turns),
            "decisions": telling.decisions(session.turns, scenario),
        },
        claims=telling.claims_by_status(sellers),
        strengths=telling.strengths(scenario, summaries),
        next_drill=next_drill,
        what_if=tuple(what_if),
        hints_used=len(session.hints),
        ending=ending.value,
        success=success,
        claims_made=telling.claims_made(sellers),
        hints=tuple(asdict(hint) for hint in session.hints),
        drill=drill,
        facts=tuple(facts),
        guesses=tuple(asdict(guess) for guess in session.guesses),
        rubrics=_rubrics(session, scenario),
    )


def _broken(check: CheckSummary) -> str:
    """Which rule, by which words and why."""
    quote = f" “{check.missed_quote}”" if check.missed_quote else ""
    return f"{check.question}{quote} {check.missed_why or check.explanation}"


def _rubrics(session: Session, scenario: Scenario) -> tuple[str, ...]:
    """What the replies were judged by when they were made, else what would judge them now."""
    judged = [r for t in session.turns if t.assessment for r in t.assessment.rubrics]
    return tuple(dict.fromkeys(judged)) or judged_by_files(scenario)
