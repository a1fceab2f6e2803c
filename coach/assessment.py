"""Verdicts on a seller's reply: yes, no or not observable, each with the words it rests on.

The embedded judge reads the rubric's rules against what perception saw. It never steers the buyer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from coach.buyer import BuyerState
from coach.claims import NO_VERDICT, Claim, ClaimStatus
from coach.moves import Move, MoveKind
from coach.perception import Perception
from coach.scenario import Act, RubricItem, Scenario, When
from knowledge.chunking import sentences
from knowledge.evidence import verbatim_span

if TYPE_CHECKING:
    from coach.ports import Model

PROMPT = "judge/assess.v1"
EMBEDDED = "embedded"


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_OBSERVABLE = "not_observable"


@dataclass(frozen=True)
class Check:
    """One rubric item judged on one reply. ``quote == text[span[0]:span[1]]`` of the seller's
    text; empty with span (0, 0) when not observable. ``excused``: a no to a hard rule that doesn't
    fail the session."""

    id: str
    question: str
    verdict: Verdict
    quote: str
    span: tuple[int, int]
    explanation: str
    excused: bool = False


@dataclass(frozen=True)
class Assessment:
    """What the coach says about one reply. ``scored`` False means: no verdict, ``reason`` says
    why; it is never a zero. ``moves`` are kinds of moves seen; one ``tip``, at most 200 long."""

    scored: bool
    moves: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    claims: tuple[Claim, ...] = ()
    tip: str = ""
    reason: str = ""

    @staticmethod
    def unscored(reason: str) -> Assessment:
        return Assessment(scored=False, reason=reason)


def assessment_from(raw: Mapping[str, Any]) -> Assessment:
    """Reads back what ``dataclasses.asdict`` made of an Assessment (through JSON or not)."""
    return Assessment(
        scored=raw["scored"],
        moves=tuple(raw["moves"]),
        checks=tuple(
            Check(**{**c, "verdict": Verdict(c["verdict"]), "span": tuple(c["span"])})
            for c in raw["checks"]
        ),
        claims=tuple(Claim.from_record(c) for c in raw["claims"]),
        tip=raw["tip"],
        reason=raw["reason"],
    )


@dataclass(frozen=True)
class Reply:
    """A seller's reply in its place: ``answered`` is the buyer's act it replies to, ``words`` what
    the buyer had said, ``provoked`` what the buyer did next, ``tips`` those given lately,
    ``before`` the buyer whom it met."""

    text: str
    heard: Perception
    claims: tuple[Claim, ...]
    answered: Act
    words: str
    provoked: Act
    first: bool
    tips: tuple[str, ...] = ()
    before: BuyerState | None = None

    @property
    def needless(self) -> bool:
        """The buyer had told that there is no need."""
        return self.before is not None and self.before.knows_no_need

    @property
    def was_challenged(self) -> bool:
        """A figure without a source had been asked about before."""
        return self.before is not None and "unsourced" in self.before.flags


_RAISED = frozenset(
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
    checks = tuple(_judged(item, reply) for item in scenario.rubric)
    return Assessment(
        scored=True,
        moves=tuple(dict.fromkeys(move.kind.value for move in reply.heard.moves)),
        checks=checks,
        claims=reply.claims,
        tip=tip_for(scenario, checks, reply),
    )


def _judged(item: RubricItem, reply: Reply) -> Check:
    if not _applies(item, reply):
        return _check(item, Verdict.NOT_OBSERVABLE, "", (0, 0))
    against = _seen(_forbidden(item, reply), reply.heard)
    if against:
        check = _check(item, Verdict.NO, against.quote, against.span)
        return replace(check, excused=_is_excused(against, reply))
    favour = _seen(item.yes, reply.heard)
    if favour:
        return _check(item, Verdict.YES, favour.quote, favour.span)
    if _expected(item.when, reply):
        start, end = next(iter(sentences(reply.text)), (0, 0))
        return _check(item, Verdict.NO, reply.text[start:end], (start, end))
    return _check(item, Verdict.NOT_OBSERVABLE, "", (0, 0))


def _applies(item: RubricItem, reply: Reply) -> bool:
    """Until the buyer has told that there is no need, nothing gives away that there isn't."""
    return item.when_needed in (None, not reply.needless)


def _forbidden(item: RubricItem, reply: Reply) -> Sequence[str]:
    """Beside an honest no a step sells nothing: it may be one to somebody who has the need."""
    if reply.needless and reply.heard.has(MoveKind.DISQUALIFY):
        return [rule for rule in item.no if rule != MoveKind.NEXT_STEP]
    return item.no


def _is_excused(against: Move, reply: Reply) -> bool:
    """A first figure without a source is asked about. It may be true and only not filed, so that
    it fails nobody; one that the evidence contradicts does, and so does another one after that."""
    unsourced = against.kind is MoveKind.INVENT and reply.heard.strength(MoveKind.INVENT) < 1
    return unsourced and not reply.was_challenged


def _seen(rules: Sequence[str], heard: Perception) -> Move | None:
    for rule in rules:
        if rule.startswith("need:"):
            found = heard.needs.get(rule.removeprefix("need:"))
        else:
            found = heard.first(MoveKind(rule))
        if found:
            return found
    return None


def _expected(when: When, reply: Reply) -> bool:
    claims = any(c.status not in NO_VERDICT for c in reply.claims)
    return (
        (when is When.FIRST and reply.first)
        or (when is When.ON_OBJECTION and reply.answered in _RAISED)
        or (when is When.ON_CLAIM and claims)
    )


def _check(item: RubricItem, verdict: Verdict, quote: str, span: tuple[int, int]) -> Check:
    why = {
        Verdict.YES: item.why_yes,
        Verdict.NO: item.why_no,
        Verdict.NOT_OBSERVABLE: "This reply gave no occasion for it.",
    }
    return Check(item.id, item.question, verdict, quote, span, why[verdict])


#: What to do next when nothing was missed, by what the buyer did.
_NEXT = {
    Act.EXPLAIN: "They tell you more. Say back in one sentence what you heard, then answer.",
    Act.REVEAL: "That is what it is really about, and you earned it by asking. Take it up first.",
    Act.TELL_FACT: "Use what they just told you: tie your next answer to it.",
    Act.ASK_FOR: "They ask for something specific. Give exactly that, with one source.",
    Act.DOUBT: "They aren't convinced yet. Ask what is missing before you add more proof.",
    Act.CHALLENGE: "Give the source of that claim, or take it back openly.",
    Act.NOTE: "Noted, for now. Deliver it by that day, and answer what they came back to.",
    Act.REMIND: "Say plainly whether your promise stands, by when, and who does it.",
    Act.LET_DOWN: "Say what you can really deliver, and by when. Promise nothing else.",
    Act.ACCEPT: "One worry is settled. Don't celebrate; turn to the next one.",
    Act.HESITATE: "Something unsaid holds them back. Ask openly what else is on their mind.",
    Act.INVITE: "Nothing is in the way: propose one concrete next step with a date.",
    Act.NOT_YET: "Too early for a next step. Find out what still stands in the way.",
    Act.AGREE: "Won fairly. Confirm who does what by when.",
    Act.SOFTEN: "They feel heard. Now ask an open question.",
    Act.WARN: "You are about to lose them. Stop explaining and take up their worry.",
    Act.PRESS: "They said what it is about. Ask one open question about exactly that.",
    Act.FEEL_IGNORED: "They don't feel heard. Name their worry in their own words first.",
    Act.CONFRONT: "Take it back in one sentence, without excuses, and say what is so.",
    Act.REBUFF_PUSH: "Take the pressure off, and ask what they would need before going on.",
    Act.REBUFF_DISCOUNT: "Leave the price alone. Find out what is missing that money won't mend.",
    Act.REBUFF_DISPARAGE: "Grant what the other does well; then ask what they'd miss there.",
    Act.REBUFF_FLATTERY: "Drop the compliments and take up their worry.",
    Act.INTERRUPT: "Two or three sentences are enough. End with a question.",
    Act.NOTICE_REPEAT: "Say something new, or ask what was missing in what you said.",
    Act.PUZZLED: "Write it as you would say it to them, in one or two sentences.",
    Act.PUZZLED_LANGUAGE: "This buyer speaks English; say it again in English.",
    Act.WALK_AWAY: "They left. The debrief shows the moment that cost most; try that one again.",
    Act.NOT_A_FIT: "An honest end saves you both time. Say when it would be worth talking again.",
    Act.PUZZLED_PROMPT: "Speak to the person in front of you; there is nothing here to instruct.",
}


_OWN_WORDS = "Those were the coach's words, and sounded like it. Say it as you would to them."


def tip_for(scenario: Scenario, checks: Sequence[Check], reply: Reply) -> str:
    """The one most useful tip: a broken hard rule, a wrong claim, a miss, or the next move."""
    items = {item.id: item for item in scenario.rubric}
    missed = [items[c.id] for c in checks if c.verdict is Verdict.NO and c.id in items]
    failed = {c.id for c in checks if c.verdict is Verdict.NO and not c.excused}
    if broken := next((item for item in missed if item.fatal and item.id in failed), None):
        return broken.tip
    options = [_OWN_WORDS] if reply.heard.has(MoveKind.RECITE) else []
    options += _about_claims(reply, ClaimStatus.CONTRADICTED, ClaimStatus.OVERSTATED)
    # what was done wrong comes before what was left out
    missed.sort(key=lambda item: _seen(item.no, reply.heard) is None)
    options += [item.tip for item in missed]
    options += _about_claims(reply, ClaimStatus.UNSUPPORTED, ClaimStatus.STALE)
    options.append(
        _NEXT.get(reply.provoked, "Take up their last sentence and ask one open question about it.")
    )
    if reply.provoked in (Act.WALK_AWAY, Act.AGREE):
        return options[-1]
    return next((tip for tip in options if tip not in reply.tips), options[-1])[:200]


def _about_claims(reply: Reply, *statuses: ClaimStatus) -> list[str]:
    """The notes on claims of these statuses, with the words of the evidence where they fit."""
    found = []
    for claim in reply.claims:
        if not claim.note or claim.status not in statuses:
            continue
        quote = f" It says: “{claim.evidence[0].quote}”" if claim.evidence else ""
        whole = claim.note + quote
        about = f"“{claim.text}” – {claim.note}"
        found.append(
            next((t for t in (whole if quote else "", about) if 0 < len(t) <= 200), claim.note)
        )
    return found


# --- a model judges, code checks ---


def judge_schema(scenario: Scenario) -> dict[str, Any]:
    ids = [item.id for item in scenario.rubric]
    check = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "enum": ids},
            "verdict": {"type": "string", "enum": [v.value for v in Verdict]},
            "quote": {"type": "string", "maxLength": 600},
            "explanation": {"type": "string", "maxLength": 300},
        },
        "required": ["id", "verdict", "quote", "explanation"],
        "additionalProperties": False,
    }
    return {
        "title": "assessment",
        "type": "object",
        "properties": {"checks": {"type": "array", "items": check, "maxItems": len(ids)}},
        "required": ["checks"],
        "additionalProperties": False,
    }


async def judged_by(
    model: Model, scenario: Scenario, reply: Reply, embedded: Assessment
) -> Assessment:
    """The model's verdicts where their quotes exist; hard rules and the rest stay with code.

    Raises ModelFailed.
    """
    answer = await model.structured(
        PROMPT,
        {
            "rubric": [{"id": i.id, "question": i.question} for i in scenario.rubric],
            "buyer": reply.words,
            "reply": reply.text,
        },
        judge_schema(scenario),
    )
    given = {raw["id"]: raw for raw in answer["checks"]}
    kept = {i.id for i in scenario.rubric if i.fatal or not _applies(i, reply)}
    checks = tuple(
        check if check.id in kept else _trusted(given.get(check.id), check, reply.text)
        for check in embedded.checks
    )
    return replace(embedded, checks=checks, tip=tip_for(scenario, checks, reply))


def _trusted(raw: Mapping[str, Any] | None, embedded: Check, text: str) -> Check:
    """The model's verdict if its quote stands in the reply, else the embedded one."""
    if raw is None:
        return embedded
    verdict, quote = Verdict(raw["verdict"]), raw["quote"].strip()
    if verdict is Verdict.NOT_OBSERVABLE:
        return replace(
            embedded, verdict=verdict, quote="", span=(0, 0), explanation=raw["explanation"]
        )
    span = verbatim_span(text, quote)
    if span is None and verdict is Verdict.NO:
        quote, span = embedded.quote, embedded.span
    if span is None or not quote:
        return embedded
    return replace(
        embedded, verdict=verdict, quote=quote, span=span, explanation=raw["explanation"]
    )
