"""The scripted voice: what was decided, said by this person, now, to these words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.buyer import Next
from coach.buyer.rules import FELT
from coach.moves import MoveKind
from coach.scenario import Act, Attitude, Concern, Scenario
from coach.voice.manner import Tone, manners, tone_of
from coach.voice.moment import Moment, Utterance
from coach.voice.register import clipped, spelled_out
from coach.voice.script import Pool, Script
from coach.voice.uptake import checks, questions

#: Acts before which nothing is said.
BARE = (
    *(Act.OPEN, Act.AGREE, Act.WALK_AWAY, Act.NOT_A_FIT, Act.PUZZLED_LANGUAGE),
    *(Act.REVEAL, Act.HESITATE, Act.NOTE),
)
#: Acts to which the seller's words may be held up; what is doubted or disliked has its own quote.
PICKING_UP = (Act.DOUBT, Act.ASK_FOR, Act.EXPLAIN, Act.TELL_FACT, Act.INTERRUPT)
#: What the seller did that a person would say a word about, the rarest first.
REMARKED = (MoveKind.ADMIT, MoveKind.COMMIT, MoveKind.EVIDENCE)
REMARKS_OFTEN = 0.6
PAUSES_OFTEN = 0.4
TERSE_OFTEN = 0.35
MOST_TERSE = 2  # of a session


def compose(moment: Moment) -> Utterance:
    """The scripted words for the moment; ids of every part stand in ``lines``."""
    script = Script(moment)
    body = _joined(_lead(script, moment), _core(script, moment), _follow(script, moment))
    if not body:  # every line was spoken; a real person would fall silent too
        body = script.pick(("silence", _SILENCE), _terse()) or "…"
    else:
        body = _joined(_front(script, moment, body), body, _close(script, moment, body))
    return Utterance(body, frozenset(script.picked))


_SILENCE = (
    "I have said what I have to say about this.",
    "I don't want to repeat myself.",
    "You know where I stand.",
    "I'm listening, but I've nothing to add.",
    "My answer hasn't changed.",
    "We are going round in circles.",
)


def _joined(*parts: str) -> str:
    return " ".join(part[:1].upper() + part[1:] for part in parts if part)


# --- what was decided ---


def _lead(script: Script, moment: Moment) -> str:
    planned = moment.next
    if planned.lead is Act.EXPLAIN:
        return _said(script, script.pick(_explain(moment.concern)))
    if planned.lead is Act.FEEL_IGNORED and planned.act in (Act.INVITE, Act.HESITATE):
        return _said(script, script.pick(("past", manners().past)))  # no question was open
    return _said(script, script.act(planned.lead)) if planned.lead else ""


def _core(script: Script, moment: Moment) -> str:
    planned, scenario, act = moment.next, moment.scenario, moment.next.act
    concern = next((c for c in scenario.concerns if c.id == planned.concern), None)
    if act is Act.ASK_FOR and concern:  # word for word: perception knows a demand by its words
        return script.pick(_ask(concern, planned)) or _said(
            script, script.pick(_doubt(concern), _say(concern))
        )
    return _said(script, _decided(script, moment, concern))


def _decided(script: Script, moment: Moment, concern: Concern | None) -> str:
    """The line of the act itself, from the concern, the fact, the step, or the act's own pool."""
    act = moment.next.act
    if act in _FROM_SCENARIO:
        return script.pick(_FROM_SCENARIO[act](moment.scenario))
    if act is Act.NOT_YET:
        return _not_yet(script, moment, concern)
    if act is Act.TELL_FACT:
        return script.pick(_fact(moment), ("told", _TOLD))
    if concern and act in _FROM_CONCERN:
        curt = [_terse()] if act is Act.PRESS and _gone_cold(script, moment) else []
        return script.pick(*curt, *_FROM_CONCERN[act](concern))
    return script.act(act)


def _not_yet(script: Script, moment: Moment, concern: Concern | None) -> str:
    decline = script.pick(("step.decline", moment.scenario.next_step.decline))
    worry = script.pick(*_press(concern)) if concern and script.chance(0.5) else ""
    return _joined(decline, worry)


def _fact(moment: Moment) -> Pool:
    fact = next(f for f in moment.scenario.facts if f.id == moment.next.fact)
    return (f"fact.{fact.id}", fact.say)


def _follow(script: Script, moment: Moment) -> str:
    planned = moment.next
    if planned.follow is None:
        return ""
    if planned.follow is Act.PRESS:  # the next concern, after one was settled
        upcoming = moment.find(moment.state.focus)
        said = script.pick(*_press(upcoming))
        needed = said and not manners().bridged.search(said)
        bridge = script.pick(("manner.bridge", script.manner.bridge)) if needed else ""
        return _said(script, _joined(bridge, said))
    return _said(script, script.act(planned.follow))


_TOLD = (
    "I told you that already.",
    "As I said before.",
    "You asked me that; the answer is the same.",
    "Same as I told you earlier.",
)


def _say(concern: Concern) -> Pool:
    return (f"{concern.id}.say", concern.say)


def _explain(concern: Concern) -> Pool:
    return (f"{concern.id}.explain", concern.explain)


def _doubt(concern: Concern) -> Pool:
    return (f"{concern.id}.doubt", concern.doubt)


def _press(concern: Concern) -> tuple[Pool, ...]:
    """What was told once in confidence isn't told again, it is gone into."""
    if concern.hidden:
        return (_explain(concern), _doubt(concern), _say(concern))
    return (_say(concern), _explain(concern), _doubt(concern))


def _ask(concern: Concern, planned: Next) -> Pool:
    need = next(n for n in concern.needs if n.id == planned.need)
    return (f"{concern.id}.{need.id}.ask", need.ask)


_FROM_SCENARIO: Mapping[Act, Callable[[Scenario], Pool]] = {
    Act.OPEN: lambda s: ("opening", s.opening),
    Act.AGREE: lambda s: ("step.accept", s.next_step.accept),
}
_FROM_CONCERN: Mapping[Act, Callable[[Concern], tuple[Pool, ...]]] = {
    Act.PRESS: _press,
    Act.FEEL_IGNORED: _press,
    Act.REVEAL: lambda c: (_say(c), _explain(c)),
    Act.EXPLAIN: lambda c: (_explain(c), _say(c), _doubt(c)),
    Act.DOUBT: lambda c: (_doubt(c), _say(c), _explain(c)),
    Act.ACCEPT: lambda c: ((f"{c.id}.accept", c.accept),),
}


def _gone_cold(script: Script, moment: Moment) -> bool:
    """Whether somebody who has said this before, and wasn't heard, now says it in five words."""
    pressed = moment.state.concerns[moment.concern.id].pressed
    ignored = moment.next.lead in (Act.FEEL_IGNORED, Act.NOTICE_REPEAT)
    cold = moment.attitude is Attitude.COLD
    before = sum(line.startswith("terse.") for line in moment.state.used)
    again = ignored and cold and pressed >= 2 and before < MOST_TERSE
    return again and script.chance(TERSE_OFTEN)


def _terse() -> Pool:
    return ("terse", manners().terse)


def _said(script: Script, line: str) -> str:
    """A written line in this person's register."""
    if script.manner.spelled_out:
        return spelled_out(line)
    return clipped(line) if script.manner.clipped else line


# --- what this person puts round it ---


def _front(script: Script, moment: Moment, body: str) -> str:
    """At most one thing before it: a pause, an answer, a remark, the seller's words, an opener."""
    if moment.next.act in BARE:
        return ""
    tone = tone_of(moment.next.lead or moment.next.act)
    if tone is Tone.HURT and moment.attitude is Attitude.WARM:
        return ""  # a slip between people who get on
    if tone is Tone.HURT and moment.attitude is Attitude.COLD and script.chance(PAUSES_OFTEN):
        return script.pick(("pause", manners().pauses))
    return _said(script, _about_me(script, moment) or _began(script, moment, tone, body))


def _began(script: Script, moment: Moment, tone: Tone, body: str) -> str:
    if manners().begun.search(body):
        return ""
    said = (
        _verdict(script, moment)
        or _remark(script, moment)
        or _picked_up(script, moment, tone, body)
    )
    twice = tone is Tone.AGREE and body.startswith("That")  # "That'll do. That I can back."
    if said or twice or not script.chance(script.manner.opens):
        return said
    return script.pick((f"manner.open.{tone.value}", script.manner.openers.get(tone, ())))


def _about_me(script: Script, moment: Moment) -> str:
    """The answer to a question about the person, once each."""
    if moment.next.act is Act.TELL_FACT:  # the scenario knows better what was asked
        return ""
    for question in questions(moment.said):
        for name, about in manners().about_me.items():
            if about.asks.search(question) and script.once(f"about.{name}"):
                return script.pick((f"about.{name}.say", about.say))
    return ""


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


def _close(script: Script, moment: Moment, body: str) -> str:
    """What comes after having told something: a question back, or "now you know"."""
    planned, manner = moment.next, script.manner
    if planned.follow or body.endswith("?") or moment.attitude is Attitude.COLD:
        return ""
    if planned.act is Act.REVEAL and script.chance(0.5):
        return _said(script, script.pick(("manner.confides", manner.confides)))
    if planned.act in (Act.EXPLAIN, Act.TELL_FACT) and script.chance(manner.asks_back_often):
        return _said(script, script.pick(("manner.asks-back", manner.asks_back)))
    return ""
