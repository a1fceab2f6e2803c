"""The one tip after a turn: of all that could be said, what would help most now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.assessment.reply import Reply
from coach.assessment.said import their_point
from coach.assessment.seen import seen
from coach.assessment.verdict import Check, Verdict
from coach.buyer import ConcernState
from coach.claims import ClaimStatus
from coach.moves import MoveKind as M
from coach.rubric import RubricItem, When, shared_check
from coach.scenario import Act, Scenario

LONGEST = 200  # characters

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
_ELSE = "Take up their last sentence and ask one open question about it."

# How much a tip would help: first what can't be undone, then what was said wrong, then harm done;
# of what was left out, whatever this buyer lacks most.
_RULE, _WRONG, _ASKED, _HARM, _LACKED, _BARE, _LEFT_OUT, _ONWARD = 100, 80, 70, 60, 50, 40, 30, 10


@dataclass(frozen=True)
class Tip:
    text: str
    worth: float


def tip_for(scenario: Scenario, checks: Sequence[Check], reply: Reply) -> str:
    """The tip worth most among those not given lately; after the end, what there is to learn."""
    tips = sorted(_tips(scenario, checks, reply), key=lambda tip: -tip.worth)
    if tips[0].worth >= _RULE:
        return tips[0].text
    if reply.provoked in (Act.WALK_AWAY, Act.AGREE):
        return _NEXT[reply.provoked]
    return next((tip.text for tip in tips if tip.text not in reply.tips), tips[-1].text)


def _tips(scenario: Scenario, checks: Sequence[Check], reply: Reply) -> Iterator[Tip]:
    items = {item.id: item for item in scenario.checks}
    for check in checks:
        if check.verdict is Verdict.NO and check.id in items:
            yield _of_check(items[check.id], check, reply)
    yield from _of_claims(reply, _WRONG, ClaimStatus.CONTRADICTED, ClaimStatus.OVERSTATED)
    yield from _of_claims(reply, _BARE + 1, ClaimStatus.UNSUPPORTED, ClaimStatus.STALE)
    urgent = reply.provoked in (Act.CHALLENGE, Act.REMIND, Act.LET_DOWN, Act.WARN, Act.REVEAL)
    yield Tip(_NEXT.get(reply.provoked, _ELSE), _ASKED if urgent else _ONWARD)


def _of_check(item: RubricItem, check: Check, reply: Reply) -> Tip:
    if item.fatal and not check.excused:
        return Tip(item.tip, _RULE)
    if seen(item.no, reply):
        return Tip(item.tip, _HARM)
    return Tip(_in_their_words(item, reply) or item.tip, _worth(item, reply))


def _worth(item: RubricItem, reply: Reply) -> float:
    """What was left out helps most where the concern on the table still lacks it."""
    held = _focus(reply)
    if held and M.ACKNOWLEDGE in item.yes and not held.heard:
        return _LACKED + 1
    if held and M.EXPLORE in item.yes and not held.explored:
        return _LACKED
    return _BARE if item.when is When.ON_CLAIM else _LEFT_OUT


def _focus(reply: Reply) -> ConcernState | None:
    return reply.before.concerns[reply.before.focus] if reply.before else None


#: What the buyer says in these is a worry, and can be given back to them.
_WORRIED = (Act.OPEN, Act.PRESS, Act.REVEAL, Act.EXPLAIN, Act.FEEL_IGNORED)


def _in_their_words(item: RubricItem, reply: Reply) -> str:
    """What to take up, quoted from what they have really said; what a scenario writes for it knows
    more than they have told."""
    point = their_point(reply)
    if not point or reply.answered not in _WORRIED:
        shared = shared_check(item.use)["tip"] if item.use else ""
        return str(shared) if M.ACKNOWLEDGE in item.yes or M.EXPLORE in item.yes else ""
    if M.ACKNOWLEDGE in item.yes and item.when is When.ON_OBJECTION:
        return f"They said “{point}” Say first, in one sentence, what that means for them."
    if M.EXPLORE in item.yes and item.when is When.FIRST:
        return f"They said “{point}” Ask one open question about exactly that, and wait."
    return ""


def _of_claims(reply: Reply, worth: float, *statuses: ClaimStatus) -> Iterator[Tip]:
    """The notes on claims of these statuses, with the words of the evidence where they fit."""
    for claim in reply.claims:
        if not claim.note or claim.status not in statuses:
            continue
        quote = f" It says: “{claim.evidence[0].quote}”" if claim.evidence else ""
        options = (claim.note + quote if quote else "", f"“{claim.text}” – {claim.note}")
        fitting = (text for text in options if 0 < len(text) <= LONGEST)
        yield Tip(next(fitting, claim.note[:LONGEST]), worth)
