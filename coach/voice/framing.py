"""What this person puts round what was decided: before it and after it, as their manner is."""

from __future__ import annotations

from coach.buyer.rules import FELT
from coach.moves import MoveKind
from coach.perception.asides import ABOUT_THEM
from coach.scenario import Act, Attitude
from coach.voice.asides import about_me, recalled
from coach.voice.manner import Tone, manners, tone_of
from coach.voice.moment import Moment
from coach.voice.script import Script
from coach.voice.uptake import checks

#: Acts before which nothing is said.
BARE = (
    *(Act.OPEN, Act.AGREE, Act.WALK_AWAY, Act.NOT_A_FIT, Act.PUZZLED_LANGUAGE),
    *(Act.REVEAL, Act.HESITATE, Act.NOTE, Act.REMIND, Act.ASIDE, Act.CANNOT_SAY),
    Act.SMALL_TALK,
)
#: What already answers the seller's own words.
ANSWERED = (Act.ASIDE, Act.CANNOT_SAY)
#: Acts to which the seller's words may be held up; what is doubted or disliked has its own quote.
PICKING_UP = (Act.DOUBT, Act.ASK_FOR, Act.EXPLAIN, Act.TELL_FACT, Act.INTERRUPT)
#: What the seller did that a person would say a word about, the rarest first.
REMARKED = (MoveKind.ADMIT, MoveKind.COMMIT, MoveKind.EVIDENCE)
REMARKS_OFTEN = 0.6
PAUSES_OFTEN = 0.4
SAYINGS_OFTEN = 0.35
RECALLS_OFTEN = 0.5


def front(script: Script, moment: Moment, body: str) -> str:
    """At most one thing before it: a pause, an answer, a remark, the seller's words, an opener."""
    if moment.next.act in BARE or moment.next.lead in ANSWERED:
        return ""
    tone = tone_of(moment.next.lead or moment.next.act)
    if tone is Tone.HURT and moment.attitude is Attitude.WARM:
        return ""  # a slip between people who get on
    if tone is Tone.HURT and moment.attitude is Attitude.COLD and script.chance(PAUSES_OFTEN):
        return script.pick(("pause", manners().pauses))
    return script.said(_about_me(script, moment) or _began(script, moment, tone, body))


def _began(script: Script, moment: Moment, tone: Tone, body: str) -> str:
    if manners().begun.search(body):
        return ""
    said = (
        _verdict(script, moment)
        or _recalled(script, moment)
        or _picked_up(script, moment, tone, body)
        or _remark(script, moment)
    )
    if said or _spare(moment, tone, body) or not script.chance(script.manner.opens):
        return said
    return script.pick((f"manner.open.{tone.value}", script.manner.openers.get(tone, ())))


def _recalled(script: Script, moment: Moment) -> str:
    """What the seller told before, where it belongs to what is settled or asked for now."""
    telling = moment.next.act in (Act.ACCEPT, Act.ASK_FOR) and not moment.next.lead
    return recalled(script, moment) if telling and script.chance(RECALLS_OFTEN) else ""


def _spare(moment: Moment, tone: Tone, body: str) -> bool:
    """Whether an opener would say the same twice, or doubt an answer that wasn't given."""
    doubled = tone is Tone.AGREE and body.startswith("That")  # "That'll do. That I can back."
    # a plain question gets a plain answer, and who waits for a proposal begins with that
    plain = moment.next.act is Act.TELL_FACT or (tone is Tone.AGREE and moment.next.about)
    return doubled or bool(plain) or (tone is Tone.DOUBT and moment.said.rstrip().endswith("?"))


def _about_me(script: Script, moment: Moment) -> str:
    """The answer to a question about the person that came with something else."""
    side = moment.beside
    if moment.next.act is Act.TELL_FACT or side is None or side.kind not in ABOUT_THEM:
        return ""  # the scenario knows better what was asked
    return about_me(script, moment, side.kind)


def _verdict(script: Script, moment: Moment) -> str:
    """The yes or no that the seller's last question wants."""
    if not checks(moment.said):
        return ""
    if moment.next.act is Act.ACCEPT:
        return script.pick(("manner.will-do", script.manner.will_do))
    if moment.next.act in (Act.ASK_FOR, Act.DOUBT) and moment.next.lead is None:
        return script.pick(("manner.wont-do", script.manner.wont_do))
    return ""


def _remark(script: Script, moment: Moment) -> str:
    """A word about what the seller just did, where code felt it."""
    if moment.next.act is not Act.ASK_FOR or moment.next.lead:
        return ""
    for kind in REMARKED:
        if _felt(moment, kind):
            said = script.manner.felt.get(kind, ())
            return (
                script.pick((f"manner.felt.{kind.value}", said))
                if script.chance(REMARKS_OFTEN)
                else ""
            )
    return ""


def _felt(moment: Moment, move: MoveKind) -> bool:
    return any(entry.startswith(FELT[move]) for entry in moment.state.log)


def _picked_up(script: Script, moment: Moment, tone: Tone, body: str) -> str:
    """The seller's own words, in quotation marks, never twice the same."""
    kind = any(_felt(moment, move) for move in (MoveKind.ACKNOWLEDGE, MoveKind.REFLECT))
    if moment.next.act not in PICKING_UP or kind or "“" in body:
        return ""  # who was kind isn't held to a word
    if not script.chance(script.manner.picks_up_often):
        return ""
    pool = (f"manner.up.{tone.value}", script.manner.picks_up.get(tone, ()))
    slot = "yours" if tone is Tone.TELL else "phrase"
    words = script.slots[slot]
    if not words or words.casefold() in body.casefold():
        return ""
    return script.pick(pool) if script.once(f"up.{words.casefold()}") else ""


def close(script: Script, moment: Moment, body: str) -> str:
    """What comes after having told something: a question back, or "now you know"."""
    planned, manner = moment.next, script.manner
    if planned.follow or body.endswith("?") or moment.attitude is Attitude.COLD:
        return ""
    if planned.act is Act.REVEAL and script.chance(0.5):
        return script.said(script.pick(("manner.confides", manner.confides)))
    if planned.act not in (Act.EXPLAIN, Act.TELL_FACT):
        return ""
    if planned.act is Act.EXPLAIN and script.chance(SAYINGS_OFTEN):
        return script.said(script.pick(("saying", moment.persona.sayings)))
    if script.chance(manner.asks_back_often):
        return script.said(script.pick(("manner.asks-back", manner.asks_back)))
    return ""
