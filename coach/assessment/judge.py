"""The embedded judge: a rubric's rules against what perception saw in one reply."""

from __future__ import annotations

from collections.abc import Sequence

from coach.assessment.reply import Reply
from coach.assessment.seen import seen
from coach.assessment.tips import tip_for
from coach.assessment.verdict import Assessment, Check, Verdict
from coach.assessment.why import Why
from coach.moves import Move, MoveKind
from coach.rubric import RubricItem, When
from coach.scenario import Act, Scenario
from coach.suggestion.grounding import figures, names
from knowledge.chunking import sentences

#: After these the buyer has raised something, and a reply should take it up.
RAISED = frozenset(
    {
        Act.OPEN,
        Act.PRESS,
        Act.REVEAL,
        Act.DOUBT,
        Act.FEEL_IGNORED,
        Act.NOT_YET,
        Act.CHALLENGE,
        Act.CONFRONT,
    }
)


def assess(scenario: Scenario, reply: Reply) -> Assessment:
    """The embedded judge's assessment of one reply."""
    why = Why(scenario, reply)
    checks = tuple(_judged(item, reply, why) for item in scenario.checks)
    return Assessment(
        scored=True,
        moves=tuple(dict.fromkeys(move.kind.value for move in reply.heard.moves)),
        checks=checks,
        claims=reply.claims,
        tip=tip_for(scenario, checks, reply),
        rubrics=judged_by_files(scenario),
    )


def judged_by_files(scenario: Scenario) -> tuple[str, ...]:
    """The scenario and the shared rubrics that its checks come from, each with its version."""
    shared = sorted({item.rubric for item in scenario.checks if item.rubric})
    return (f"{scenario.id}@{scenario.version}", *shared)


def applies(item: RubricItem, reply: Reply) -> bool:
    """Until the buyer has told that there is no need, nothing gives away that there isn't."""
    return item.when_needed in (None, not reply.needless)


def _judged(item: RubricItem, reply: Reply, why: Why) -> Check:
    if applies(item, reply):
        if against := seen(forbidden(item, reply), reply):
            rule, move = against
            said = why.against(item, rule, move)
            excused = _is_excused(move, reply)
            return _check(item, Verdict.NO, move.span, reply, said, excused)
        if favour := seen(item.yes, reply):
            rule, move = favour
            return _check(item, Verdict.YES, move.span, reply, why.favour(item, rule, move))
        if _expected(item.when, reply):
            span = next(iter(sentences(reply.text)), (0, len(reply.text)))
            return _check(item, Verdict.NO, span, reply, why.missing(item))
    return _check(item, Verdict.NOT_OBSERVABLE, (0, 0), reply, why.unseen(item))


def forbidden(item: RubricItem, reply: Reply) -> Sequence[str]:
    """Beside an honest no a step sells nothing: it may be one to somebody who has the need."""
    if reply.needless and reply.heard.has(MoveKind.DISQUALIFY):
        return [rule for rule in item.no if rule != MoveKind.NEXT_STEP]
    return item.no


def _is_excused(against: Move, reply: Reply) -> bool:
    """A first claim that no source has is asked about: it may be true and only not filed, so that
    it fails nobody. A figure or a name that the evidence contradicts does, and so does another
    invention after that."""
    if against.kind is not MoveKind.INVENT or reply.was_challenged:
        return False
    refuted = (m for m in reply.heard.moves if m.kind is MoveKind.INVENT and m.strength >= 1)
    return not any(figures(move.quote) or names(move.quote) for move in refuted)


def _expected(when: When, reply: Reply) -> bool:
    return (
        (when is When.FIRST and reply.first)
        or (when is When.ON_OBJECTION and reply.answered in RAISED)
        or (when is When.ON_CLAIM and reply.claims_something)
    )


def _check(
    item: RubricItem,
    verdict: Verdict,
    span: tuple[int, int],
    reply: Reply,
    explanation: str,
    excused: bool = False,
) -> Check:
    start, end = span
    quote = reply.text[start:end]
    return Check(item.id, item.question, verdict, quote, span, explanation, excused)
