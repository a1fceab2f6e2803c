"""Verdicts added up: one check over a session, and all of them into a score. Never by a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coach.assessment import Check, Verdict
from coach.debrief.record import CheckSummary
from coach.rubric import RubricItem, When
from coach.session import Session, Speaker, Turn

#: A broken hard rule: the score can't be better than this, whatever else went well.
FAILED_SCORE = 20

#: The turn and the check that a verdict is about.
Place = tuple[int, str]


@dataclass(frozen=True)
class Corrections:
    """What people decided after the fact: ``overruled`` holds the verdicts that a trainer set in
    place of the judge's, ``advisory`` the ids of checks that don't count."""

    overruled: Mapping[Place, Verdict] = field(default_factory=dict)
    advisory: Collection[str] = frozenset()


def sellers_of(session: Session) -> list[Turn]:
    return [t for t in session.turns if t.speaker is Speaker.SELLER]


def scored(sellers: Sequence[Turn]) -> bool:
    return any(t.assessment and t.assessment.scored for t in sellers)


def summary(item: RubricItem, session: Session, corrected: Corrections) -> CheckSummary:
    """One check over all replies; what had to be done by the end and wasn't is a no."""
    verdicts = _verdicts(item, session, corrected) if _applied(item, session) else []
    count = Counter(check.verdict for _, check in verdicts)
    yes, no = count[Verdict.YES], count[Verdict.NO]
    missed = next(((t, c) for t, c in verdicts if c.verdict is Verdict.NO), None)
    never = item.when is When.BY_END and not yes and bool(verdicts)
    if never:
        no, missed = no + 1, missed or verdicts[-1]
    best = max(
        ((t, c) for t, c in verdicts if c.verdict is Verdict.YES),
        key=lambda pair: len(pair[1].quote),
        default=None,
    )
    kept = not item.yes and bool(verdicts) and not no  # what only forbids is kept in silence
    failing = any(c.verdict is Verdict.NO and not c.excused for _, c in verdicts)
    broken = item.fatal and item.id not in corrected.advisory and (failing or never)
    why = item.why_no if no and (broken or no > yes) else item.why_yes if yes or kept else ""
    return CheckSummary(
        id=item.id,
        question=item.question,
        yes=yes,
        no=no,
        not_observable=count[Verdict.NOT_OBSERVABLE],
        best_quote=best[1].quote if best else "",
        missed_turn=missed[0].index if missed else None,
        fatal=item.fatal,
        explanation=why or "This session gave no occasion for it.",
        broken=broken,
        best_turn=best[0].index if best else None,
        missed_why="" if missed is None or never else missed[1].explanation,
        tip=item.tip,
        advisory=item.id in corrected.advisory,
        missed_quote="" if missed is None or never else missed[1].quote,
        kept=kept,
        overruled=sum((t.index, item.id) in corrected.overruled for t, _ in verdicts),
    )


def _verdicts(
    item: RubricItem, session: Session, corrected: Corrections
) -> list[tuple[Turn, Check]]:
    return [
        (turn, _as_corrected(turn, check, corrected))
        for turn in sellers_of(session)
        if turn.assessment and turn.assessment.scored
        for check in turn.assessment.checks
        if check.id == item.id
    ]


def _as_corrected(turn: Turn, check: Check, corrected: Corrections) -> Check:
    """A verdict that a trainer set counts in place of the judge's; a no of theirs is meant."""
    verdict = corrected.overruled.get((turn.index, check.id))
    return check if verdict is None else replace(check, verdict=verdict, excused=False)


def _applied(item: RubricItem, session: Session) -> bool:
    """Whether the check is about a buyer with a need, or without, as this one was."""
    return item.when_needed in (None, session.state.instead is None)


def score_of(summaries: Sequence[CheckSummary]) -> int:
    """The mean share of yes over the checks that count, 0 to 100."""
    counted = [c for c in summaries if c.yes + c.no and not c.advisory]
    shares = [c.yes / (c.yes + c.no) for c in counted]
    score = round(100 * sum(shares) / len(shares)) if shares else 0
    return min(score, FAILED_SCORE) if any(c.broken for c in summaries) else score
