"""What happened, as it is told: the reason of the end, the buyer's cards, moods and decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from coach.buyer import Standing
from coach.claims import ClaimStatus
from coach.debrief.record import CheckSummary
from coach.scenario import Act, Scenario
from coach.session import Session, Status, Turn


def reason(last: Turn, status: Status) -> str:
    """Why it ended, by the buyer's ``last`` turn; the same whenever it is asked."""
    if status is Status.ENDED and last.act != Act.NOT_A_FIT:
        return "You ended the session."
    return f"{last.reason or 'the session was opened'}".capitalize() + "."


def cards(session: Session, scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "id": concern.id,
            "label": concern.short,
            "card": concern.card,
            "hidden": concern.hidden,
            "standing": session.state.concerns[concern.id].standing.value,
            "found": session.state.concerns[concern.id].standing is not Standing.HIDDEN,
            "weight": concern.weight,
        }
        for concern in scenario.concerns
        if concern.id in session.state.concerns
    ]


def decisions(turns: Sequence[Turn], scenario: Scenario) -> list[dict[str, Any]]:
    """What the buyer conceded or took back, turn by turn, and the reason code had for it."""
    labels = {concern.id: concern.short for concern in scenario.concerns}
    return [
        {
            "turn": t.index,
            "kind": made.kind.value,
            "concern": made.concern,
            "label": labels.get(made.concern or "", ""),
            "reason": made.reason,
        }
        for t in turns
        if t.state is not None
        for made in t.state.decisions
    ]


def states(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The buyer after each of their turns, with where every concern stood."""
    return [
        {
            "turn": t.index,
            "trust": t.state.trust,
            "value": t.state.value,
            "patience": t.state.patience,
            "act": t.act,
            "reason": t.reason,
            "why": list(t.state.log),
            "standings": {key: c.standing.value for key, c in t.state.concerns.items()},
        }
        for t in turns
        if t.state is not None
    ]


def claims_by_status(sellers: Sequence[Turn]) -> dict[str, int]:
    counts = Counter(made["status"] for made in claims_made(sellers))
    return {s.value: counts[s.value] for s in ClaimStatus if s is not ClaimStatus.NOT_A_CLAIM}


def claims_made(sellers: Sequence[Turn]) -> tuple[dict[str, Any], ...]:
    """Every claim with its turn, and the words of evidence that bear it out or refute it."""
    return tuple(_claims(sellers))


def _claims(sellers: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    for turn in sellers:
        for claim in turn.assessment.claims if turn.assessment else ():
            if claim.status is not ClaimStatus.NOT_A_CLAIM:
                first = claim.evidence[0] if claim.evidence else None
                yield {
                    "turn": turn.index,
                    "text": claim.text,
                    "status": claim.status.value,
                    "note": claim.note,
                    "evidence": first.id if first else None,
                    "quote": first.quote if first else "",
                }


def strengths(scenario: Scenario, summaries: Sequence[CheckSummary]) -> tuple[str, ...]:
    why = {item.id: item.why_yes for item in scenario.checks}
    good = sorted((c for c in summaries if c.yes and not c.no), key=lambda c: -c.yes)
    return tuple(why[c.id] for c in good[:3])


def worst(summaries: Sequence[CheckSummary]) -> CheckSummary | None:
    """The check to practise next: a broken rule, else the one most often missed."""
    counted = [c for c in summaries if c.no and not c.advisory]
    return max(counted, key=lambda c: (c.broken, c.no - c.yes, c.no), default=None)


def drill(
    scenario: Scenario, summaries: Sequence[CheckSummary], success: bool
) -> tuple[str, dict[str, Any] | None]:
    """What to practise next, in words, and as check, scenario and reason where one was missed."""
    missed = worst(summaries)
    if missed is None:
        harder = "at a harder level" if success else "to a next step"
        return f"“{scenario.title}” again, {harder}.", None
    why = missed.missed_why or missed.explanation
    said = f"“{scenario.title}” again, for one thing: {missed.tip}"
    return said, {"check": missed.id, "scenario": scenario.id, "why": why}
