"""What one session came to, in the plain values that every export holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coach.debrief import Debrief, debrief_of
from coach.scenario import Scenario
from coach.session import Session, Speaker, Status


@dataclass(frozen=True)
class Outcome:
    """``success`` and ``score`` (0 to 100) are None while the session runs; ``claims`` by status.

    ``ended_at`` is when the last word was said.
    """

    session: str
    user: str
    scenario: str
    scenario_version: int
    title: str
    kind: str
    persona: str
    difficulty: str
    status: str
    success: bool | None
    score: int | None
    replies: int
    hints: int
    claims: dict[str, int]
    started_at: datetime
    ended_at: datetime | None


def outcome_of(session: Session, scenario: Scenario) -> Outcome:
    """Of a session with all its turns."""
    debrief = _debrief(session, scenario)
    return Outcome(
        session=session.id,
        user=session.owner.user,
        scenario=session.scenario,
        scenario_version=session.scenario_version,
        title=scenario.title,
        kind=scenario.kind,
        persona=session.persona,
        difficulty=session.difficulty.value,
        status=session.status.value,
        success=debrief.success if debrief else None,
        score=debrief.score if debrief else None,
        replies=sum(turn.speaker is Speaker.SELLER for turn in session.turns),
        hints=len(session.hints),
        claims=dict(debrief.claims) if debrief else {},
        started_at=session.created_at,
        ended_at=session.turns[-1].at if debrief else None,
    )


def _debrief(session: Session, scenario: Scenario) -> Debrief | None:
    """As it was stored; worked out anew where nobody has read it yet."""
    if session.status is Status.ACTIVE:
        return None
    if session.debrief is not None:
        return Debrief.from_record(session.debrief)
    return debrief_of(session, scenario, session.status)
