"""The scripted voice: what was decided, said by this person, now, to these words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.buyer import Next
from coach.scenario import Act, Attitude, Concern, Scenario
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
        return script.said(script.pick(_explain(moment.concern)))
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
