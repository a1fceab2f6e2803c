"""The debrief of a session: outcome, score, best and missed moments, the buyer's hidden cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coach.assessment import Check, Verdict
from coach.buyer import Ending, Standing, ending_of
from coach.claims import ClaimStatus
from coach.scenario import Act, RubricItem, Scenario, When
from coach.session import Session, Speaker, Status, Turn

#: A broken hard rule: the score can't be better than this, whatever else went well.
FAILED_SCORE = 20


@dataclass(frozen=True)
class CheckSummary:
    """One rubric item over the whole session. ``missed_turn`` is the index of the first seller
    turn that missed it, or None; ``best_quote`` is verbatim from a seller turn, or empty.
    ``broken``: a hard rule was broken in a way that fails the session."""

    id: str
    question: str
    yes: int
    no: int
    not_observable: int
    best_quote: str
    missed_turn: int | None
    fatal: bool
    explanation: str
    broken: bool = False


@dataclass(frozen=True)
class Debrief:
    """``score`` is 0 to 100, computed in code from the checks, or None when nothing was scored.
    ``failed`` names the hard rule that was broken, if one was. ``ending`` is an Ending value;
    ``success`` is True for a step that was agreed, and for an honest no where there is no need,
    unless a hard rule was broken."""

    session: str
    outcome: str  # a Status value
    outcome_reason: str
    score: int | None
    failed: str
    checks: tuple[CheckSummary, ...]
    buyer: Mapping[str, Any]  # {"concerns": [...], "state_by_turn": [...], "decisions": [...]}
    claims: Mapping[str, int]  # by status
    strengths: tuple[str, ...]
    next_drill: str
    what_if: tuple[Mapping[str, Any], ...]  # {"turn": int, "suggestion": str}
    hints_used: int
    guesses: tuple[Mapping[str, Any], ...] = ()  # Guess, as JSON
    ending: str = Ending.OPEN.value
    success: bool = False

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; ``from_record`` reads it back."""
        return asdict(self)

    @staticmethod
    def from_record(raw: Mapping[str, Any]) -> Debrief:
        plain = {"success": raw["outcome"] == Status.WON.value, **raw}
        plain["checks"] = tuple(CheckSummary(**c) for c in plain["checks"])
        for name in ("strengths", "what_if", "guesses"):
            plain[name] = tuple(plain.get(name, ()))
        return Debrief(**plain)


def debrief_of(session: Session, scenario: Scenario, status: Status) -> Debrief:
    """The debrief of a session with all its turns; totals are added up here, never by a model."""
    sellers = [t for t in session.turns if t.speaker is Speaker.SELLER]
    summaries = tuple(_summary(item, sellers, session) for item in scenario.rubric)
    broken = [c for c in summaries if c.broken]
    ending = ending_of(Act(session.turns[-1].act or Act.OPEN.value), session.state)
    success = ending.success and not broken
    return Debrief(
        session=session.id,
        outcome=status.value,
        outcome_reason=_reason(session, status),
        score=_score(summaries, bool(broken)) if _scored(sellers) else None,
        failed="; ".join(f"{c.question} {c.explanation}" for c in broken),
        checks=summaries,
        buyer={
            "concerns": _cards(session, scenario),
            "state_by_turn": _states(session.turns),
            "decisions": _decisions(session.turns, scenario),
        },
        claims=_claims(sellers),
        strengths=_strengths(scenario, summaries),
        next_drill=_drill(scenario, summaries, success),
        what_if=_what_if(session.turns, scenario),
        hints_used=len(session.hints),
        guesses=tuple(asdict(guess) for guess in session.guesses),
        ending=ending.value,
        success=success,
    )


def _scored(sellers: Sequence[Turn]) -> bool:
    return any(t.assessment and t.assessment.scored for t in sellers)


def _verdicts(item: RubricItem, sellers: Sequence[Turn]) -> list[tuple[Turn, Check]]:
    return [
        (turn, check)
        for turn in sellers
        if turn.assessment and turn.assessment.scored
        for check in turn.assessment.checks
        if check.id == item.id
    ]


def _summary(item: RubricItem, sellers: Sequence[Turn], session: Session) -> CheckSummary:
    verdicts = _verdicts(item, sellers) if _applied(item, session) else []
    count = Counter(check.verdict for _, check in verdicts)
    yes, no = count[Verdict.YES], count[Verdict.NO]
    missed = next((t.index for t, c in verdicts if c.verdict is Verdict.NO), None)
    if item.when is When.BY_END and not yes and verdicts:
        no, missed = no + 1, missed if missed is not None else verdicts[-1][0].index
    quotes = [c.quote for _, c in verdicts if c.verdict is Verdict.YES]
    best = max(quotes, key=len, default="")
    kept = yes or (not item.yes and verdicts)  # a rule that only forbids is kept in silence
    broken = item.fatal and (
        any(c.verdict is Verdict.NO and not c.excused for _, c in verdicts)
        or (no > count[Verdict.NO])  # never done, and had to be by the end
    )
    why = item.why_no if no and (broken or no > yes) else item.why_yes if kept else ""
    return CheckSummary(
        item.id,
        item.question,
        yes,
        no,
        count[Verdict.NOT_OBSERVABLE],
        best,
        missed,
        item.fatal,
        why or "This session gave no occasion for it.",
        broken,
    )


def _applied(item: RubricItem, session: Session) -> bool:
    """Whether the check is about a buyer with a need, or without, as this one was."""
    return item.when_needed in (None, session.state.instead is None)


def _score(summaries: Sequence[CheckSummary], broken: bool) -> int:
    shares = [c.yes / (c.yes + c.no) for c in summaries if c.yes + c.no]
    score = round(100 * sum(shares) / len(shares)) if shares else 0
    return min(score, FAILED_SCORE) if broken else score


def _reason(session: Session, status: Status) -> str:
    last = session.turns[-1]
    if status is Status.ENDED and session.status is Status.ACTIVE:
        return "You ended the session."
    return f"{last.reason or 'the session was opened'}".capitalize() + "."


def _cards(session: Session, scenario: Scenario) -> list[dict[str, Any]]:
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


def _decisions(turns: Sequence[Turn], scenario: Scenario) -> list[dict[str, Any]]:
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


def _states(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    return [
        {
            "turn": t.index,
            "trust": t.state.trust,
            "value": t.state.value,
            "patience": t.state.patience,
            "act": t.act,
            "reason": t.reason,
            "why": list(t.state.log),
        }
        for t in turns
        if t.state is not None
    ]


def _claims(sellers: Sequence[Turn]) -> dict[str, int]:
    counts = Counter(claim.status for t in sellers if t.assessment for claim in t.assessment.claims)
    return {s.value: counts[s] for s in ClaimStatus if s is not ClaimStatus.NOT_A_CLAIM}


def _strengths(scenario: Scenario, summaries: Sequence[CheckSummary]) -> tuple[str, ...]:
    why = {item.id: item.why_yes for item in scenario.rubric}
    good = sorted((c for c in summaries if c.yes and not c.no), key=lambda c: -c.yes)
    return tuple(why[c.id] for c in good[:3])


def _drill(scenario: Scenario, summaries: Sequence[CheckSummary], success: bool) -> str:
    tips = {item.id: item.tip for item in scenario.rubric}
    worst = max(summaries, key=lambda c: (c.broken, c.no - c.yes, c.no), default=None)
    if worst is None or not worst.no:
        harder = "at a harder level" if success else "to a next step"
        return f"“{scenario.title}” again, {harder}."
    return f"“{scenario.title}” again, for one thing: {tips[worst.id]}"


def _what_if(turns: Sequence[Turn], scenario: Scenario) -> tuple[dict[str, Any], ...]:
    """The two seller turns that cost most, each with what to try there instead."""
    tips = {item.id: item.tip for item in scenario.rubric}
    lost: list[tuple[float, Turn]] = []
    for before, seller, after in zip(turns, turns[1:], turns[2:], strict=False):
        if seller.speaker is Speaker.SELLER and before.state and after.state:
            change = (after.state.trust - before.state.trust) + 0.5 * (
                after.state.patience - before.state.patience
            )
            lost.append((change, seller))
    found = []
    for change, turn in sorted(lost, key=lambda pair: pair[0])[:2]:
        missed = [
            tips[c.id]
            for c in (turn.assessment.checks if turn.assessment else ())
            if c.verdict is Verdict.NO and c.id in tips
        ]
        if change < 0 and missed:
            found.append({"turn": turn.index, "suggestion": missed[0]})
    return tuple(sorted(found, key=lambda entry: entry["turn"]))
