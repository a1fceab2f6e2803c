"""The scripted voice: what was decided, said by this person, now, to these words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.buyer import Next
from coach.scenario import Act, Attitude, Concern, Scenario
from coach.voice.asides import aside, cannot_say, once_more, ready
from coach.voice.framing import close, front
from coach.voice.manner import manners
from coach.voice.moment import Moment, Utterance
from coach.voice.script import Pool, Script

TERSE_OFTEN = 0.35
MOST_TERSE = 2  # of a session


def compose(moment: Moment) -> Utterance:
    """The scripted words for the moment; ids of every part stand in ``lines``."""
    script = Script(moment)
    body = _joined(_lead(script, moment), _core(script, moment), _follow(script, moment))
    if not body:  # every line was spoken; a real person would fall silent too
        body = script.pick(("silence", _SILENCE), _terse()) or "…"
    else:
        body = _joined(front(script, moment, body), body, close(script, moment, body))
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


def _lead(script: Script, moment: Moment) -> str:
    planned = moment.next
    if planned.lead is Act.EXPLAIN:
        return script.said(_explained(script, moment))
    if planned.lead and planned.lead in _OWN_LEADS:
        return script.said(_OWN_LEADS[planned.lead](script, moment))
    if planned.lead is Act.FEEL_IGNORED and planned.act in (Act.INVITE, Act.HESITATE):
        return script.said(script.pick(("past", manners().past)))  # no question was open
    return script.said(script.act(planned.lead)) if planned.lead else ""


def _core(script: Script, moment: Moment) -> str:
    planned, scenario, act = moment.next, moment.scenario, moment.next.act
    concern = next((c for c in scenario.concerns if c.id == planned.concern), None)
    if act is Act.ASK_FOR and concern:  # word for word: perception knows a demand by its words
        asked = script.pick(_ask(concern, planned))
        return asked or script.said(script.pick(_doubt(concern), _say(concern)))
    return script.said(_decided(script, moment, concern))


def _decided(script: Script, moment: Moment, concern: Concern | None) -> str:
    """The line of the act itself, from the concern, the fact, the step, or the act's own pool."""
    act = moment.next.act
    if act in _FROM_SCENARIO:
        return script.pick(_FROM_SCENARIO[act](moment.scenario))
    if act in _OF_THE_MOMENT:
        return _OF_THE_MOMENT[act](script, moment)
    if concern and act in _FROM_CONCERN:
        curt = [_terse()] if act is Act.PRESS and _gone_cold(script, moment) else []
        return script.pick(*curt, *_FROM_CONCERN[act](concern))
    return script.act(act)


def _not_yet(script: Script, moment: Moment) -> str:
    decline = script.pick(("step.decline", moment.scenario.next_step.decline))
    blocked = moment.next.concern and script.chance(0.5)
    return _joined(decline, script.pick(*_press(moment.concern)) if blocked else "")


def _fact(script: Script, moment: Moment) -> str:
    fact = next(f for f in moment.scenario.facts if f.id == moment.next.fact)
    return script.pick((f"fact.{fact.id}", fact.say), ("told", _TOLD))


def _explained(script: Script, moment: Moment) -> str:
    """What there is to tell, rather what was asked about."""
    near = moment.asked.near if moment.asked and not moment.asked.general else {}
    concern = moment.concern
    return script.pick(_explain(concern), _say(concern), _doubt(concern), near=near)


def _invited(script: Script, moment: Moment) -> str:
    return (ready(script, moment) if moment.next.about else "") or script.act(Act.INVITE)


def _follow(script: Script, moment: Moment) -> str:
    planned = moment.next
    if planned.follow is None:
        return ""
    if planned.follow is Act.PRESS:  # the next concern, after one was settled
        upcoming = moment.find(moment.state.focus)
        said = script.pick(*_press(upcoming))
        needed = said and not manners().bridged.search(said)
        bridge = script.pick(("manner.bridge", script.manner.bridge)) if needed else ""
        return script.said(_joined(bridge, said))
    if planned.follow is Act.WARN and planned.act is Act.INVITE:
        return script.said(script.pick(("soon", manners().soon)))  # nothing else is being asked
    return script.said(script.act(planned.follow))


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


#: What comes before another act.
_OWN_LEADS: Mapping[Act, Callable[[Script, Moment], str]] = {
    Act.ASIDE: once_more,
    Act.CANNOT_SAY: cannot_say,
}
_OF_THE_MOMENT: Mapping[Act, Callable[[Script, Moment], str]] = {
    Act.NOT_YET: _not_yet,
    Act.TELL_FACT: _fact,
    Act.ASIDE: aside,
    Act.CANNOT_SAY: cannot_say,
    Act.EXPLAIN: _explained,
    Act.INVITE: _invited,
}
_FROM_SCENARIO: Mapping[Act, Callable[[Scenario], Pool]] = {
    Act.OPEN: lambda s: ("opening", s.opening),
    Act.AGREE: lambda s: ("step.accept", s.next_step.accept),
}
_FROM_CONCERN: Mapping[Act, Callable[[Concern], tuple[Pool, ...]]] = {
    Act.PRESS: _press,
    Act.FEEL_IGNORED: _press,
    Act.REVEAL: lambda c: (_say(c), _explain(c)),
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
