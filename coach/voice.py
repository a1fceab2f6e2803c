"""Words for the buyer's next act. Code has decided the act; here it is only said.

The scripted voice composes written lines (``lines/`` and the scenario's own); a model rewords
what the scripted voice would say. Whatever a model does wrong, the scripted words stand.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from string import Formatter
from typing import TYPE_CHECKING, Any

from coach.buyer import BuyerState, Next, attitude
from coach.errors import ModelFailed
from coach.events import ReplyDelta, ReplyReset
from coach.scenario import Act, Attitude, Concern, Persona, Scenario
from coach.scenario_book import shared_lines
from prompts import hash_of

if TYPE_CHECKING:
    from coach.ports import Model
    from coach.session import Turn

#: A name that makes line ids unique, and the lines.
Pool = tuple[str, Sequence[str]]

PROMPT = "buyer/reply.v1"
EMBEDDED = "embedded"
HISTORY = 10  # turns that a model sees
LONGEST_REPLY = 900  # characters of a model's reply
WORDS_MAX = {Act.OPEN: 60, Act.WALK_AWAY: 45, Act.AGREE: 60}

#: Acts that let go of something; a model may only sound like that when code decided one of them.
CONCEDING = (Act.ACCEPT, Act.AGREE, Act.INVITE)


@dataclass(frozen=True)
class Utterance:
    """What was said, by which engine. ``lines`` are the ids of the written lines it rests on."""

    text: str
    lines: frozenset[str] = frozenset()
    voice: str = EMBEDDED
    note: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """All that the voice may know. Hidden concerns that weren't earned are not reachable here."""

    scenario: Scenario
    persona: Persona
    state: BuyerState  # after the reaction
    next: Next
    seed: int
    echo: str = ""
    history: Sequence[Turn] = ()

    @property
    def attitude(self) -> Attitude:
        return attitude(self.state)


class _Script:
    """Picks written lines, none of them twice in a session."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._used = set(moment.state.used)
        self._random = Random(f"{moment.seed}/{moment.state.turn}")  # noqa: S311
        self._slots = _slots(moment)
        self.picked: set[str] = set()

    def pick(self, *pools: Pool) -> str:
        """A line from the first pool that has an unused one that fits; "" if none has."""
        for name, lines in pools:
            free = [
                (f"{name}.{i}", line)
                for i, line in enumerate(lines)
                if f"{name}.{i}" not in self._used and self._fits(line)
            ]
            if free:
                key, line = self._random.choice(free)
                self._used.add(key)
                self.picked.add(key)
                return line.format(**self._slots)
        return ""

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def _fits(self, line: str) -> bool:
        return all(self._slots.get(name) for _, name, _, _ in Formatter().parse(line) if name)

    def act(self, act: Act) -> str:
        """A line for ``act`` from the scenario's own pool and the shared one, in this attitude."""
        mood = self._moment.attitude.value
        own = self._moment.scenario.lines.get(act)
        shared = shared_lines(self._moment.scenario.kind).get(act)
        # a line that fits any mood keeps its id in all of them, so that it is said once
        moods = (mood, "any") if self.chance(0.85) else ("any", mood)
        mine = [(f"{act.value}.own.{m}", getattr(own, m)) for m in moods] if own else []
        others = [(f"{act.value}.{m}", getattr(shared, m)) for m in moods] if shared else []
        pools: list[Pool] = mine + others if self.chance(0.6) else others + mine
        if shared:
            pools.append((f"{act.value}.neutral", shared.neutral))
        return self.pick(*pools)


def _slots(moment: Moment) -> dict[str, str]:
    scenario, persona = moment.scenario, moment.persona
    key = moment.next.concern or moment.state.focus
    concern = next(c for c in scenario.concerns if c.id == key)
    return {
        "name": persona.name,
        "role": persona.role,
        "organisation": persona.organisation,
        "sector": persona.sector,
        "region": persona.region,
        "competitor": scenario.competitor or "",
        "vendor": scenario.vendor,
        "echo": moment.echo,
        "claim": _short(moment.next.claim or ""),
        "concern": concern.short,
        "topic": concern.short,
    }


def _short(words: str) -> str:
    """A claim short enough to be thrown back; "" when it can't be cut without harm."""
    words = words.strip().rstrip(".!?")
    return words if len(words) <= 90 and not re.search(r"[<>{}\[\]|`\\]|https?:", words) else ""


def compose(moment: Moment) -> Utterance:
    """The scripted words for the moment: lead, act and follow, each from its own pool."""
    script = _Script(moment)
    parts = [
        _lead(script, moment),
        _core(script, moment),
        _follow(script, moment),
    ]
    text = " ".join(part for part in parts if part)
    if not text:  # every line was spoken; a real person would fall silent too
        text = script.pick(("silence", _SILENCE)) or "…"
    return Utterance(text, frozenset(script.picked))


_SILENCE = (
    "I have said what I have to say about this.",
    "I don't want to repeat myself.",
    "You know where I stand.",
    "I'm listening, but I've nothing to add.",
    "My answer hasn't changed.",
    "We are going round in circles.",
)


def _lead(script: _Script, moment: Moment) -> str:
    planned = moment.next
    if planned.lead is Act.EXPLAIN:
        concern = next(c for c in moment.scenario.concerns if c.id == planned.concern)
        return script.pick(_explain(concern))
    return script.act(planned.lead) if planned.lead else ""


def _core(script: _Script, moment: Moment) -> str:
    planned, scenario = moment.next, moment.scenario
    concern = next((c for c in scenario.concerns if c.id == planned.concern), None)
    act = planned.act
    if act is Act.OPEN:
        return script.pick(("opening", scenario.opening))
    if act is Act.AGREE:
        return script.pick(("step.accept", scenario.next_step.accept))
    if act is Act.NOT_YET:
        decline = script.pick(("step.decline", scenario.next_step.decline))
        worry = script.pick(*_press(concern)) if concern and script.chance(0.5) else ""
        return f"{decline} {worry}".strip()
    if act is Act.TELL_FACT:
        fact = next(f for f in scenario.facts if f.id == planned.fact)
        return script.pick((f"fact.{fact.id}", fact.say)) or _told_already(script)
    if concern and act in _FROM_CONCERN:
        return script.pick(*_FROM_CONCERN[act](concern, planned))
    return script.act(act)


def _told_already(script: _Script) -> str:
    return script.pick(
        (
            "told",
            (
                "I told you that already.",
                "As I said before.",
                "You asked me that; the answer is the same.",
                "Same as I told you earlier.",
            ),
        )
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


_FROM_CONCERN: Mapping[Act, Callable[[Concern, Next], tuple[Pool, ...]]] = {
    Act.PRESS: lambda c, _: _press(c),
    Act.FEEL_IGNORED: lambda c, _: _press(c),
    Act.REVEAL: lambda c, _: (_say(c), _explain(c)),
    Act.EXPLAIN: lambda c, _: (_explain(c), _say(c), _doubt(c)),
    Act.DOUBT: lambda c, _: (_doubt(c), _say(c), _explain(c)),
    Act.ACCEPT: lambda c, _: ((f"{c.id}.accept", c.accept),),
    Act.ASK_FOR: lambda c, planned: (_ask(c, planned), _doubt(c), _say(c)),
}


def _follow(script: _Script, moment: Moment) -> str:
    planned = moment.next
    if planned.follow is None:
        return ""
    if planned.follow is Act.PRESS:  # the next concern, after one was settled
        upcoming = next(c for c in moment.scenario.concerns if c.id == moment.state.focus)
        return script.pick(*_press(upcoming))
    return script.act(planned.follow)


# --- a model's words for the same act ---


def variables(moment: Moment, core: str) -> dict[str, Any]:
    """What the prompt is given: the persona, the talk, the act and what it must say. Nothing that
    wasn't earned: no other concern than the one on the table, no rubric."""
    scenario, persona, state = moment.scenario, moment.persona, moment.state
    key = moment.next.concern or state.focus
    concern = next(c for c in scenario.concerns if c.id == key)
    return {
        "persona": persona.model_dump(mode="json", exclude={"id", "size"}),
        "kind": scenario.kind,
        "vendor": scenario.vendor,
        "competitor": scenario.competitor or "",
        "summary": scenario.summary,
        "history": [
            {"speaker": t.speaker.value, "text": t.text} for t in moment.history[-HISTORY:]
        ],
        "act": moment.next.act.value,
        "attitude": moment.attitude.value,
        "concern": concern.short,
        "core": core,
        "trust": round(state.trust),
        "value": round(state.value),
        "patience": round(state.patience),
        "words_max": WORDS_MAX.get(moment.next.act, 50),
    }


async def speak(
    moment: Moment, model: Model | None
) -> AsyncIterator[ReplyDelta | ReplyReset | Utterance]:
    """Deltas, then the Utterance. A model that fails is replaced whole, never spliced."""
    scripted = compose(moment)
    note = ""
    if model is not None and moment.next.act is not Act.OPEN:
        said: list[str] = []
        try:
            async for words in model.stream(PROMPT, variables(moment, scripted.text)):
                said.append(words)
                yield ReplyDelta(words)
                if sum(map(len, said)) > LONGEST_REPLY:
                    break
            text = "".join(said).strip()
            if fault := fault_in(text, moment, scripted.text):
                raise ModelFailed(fault)
            yield Utterance(text, scripted.lines, model.name, prompts={PROMPT: hash_of(PROMPT)})
            return
        except ModelFailed as error:
            note = f"{error.message}; this reply is from the embedded engine."
            if said:
                yield ReplyReset(note)
    for piece in re.findall(r"\S+\s*", scripted.text):
        yield ReplyDelta(piece)
    yield Utterance(scripted.text, scripted.lines, EMBEDDED, note)


_DIGITS = re.compile(r"\d+")
_FENCE = re.compile(r"<<<|>>>|```|<\|")
_ROLE_FLIP = re.compile(
    r"\bas an? (?:ai|language model|assistant)\b|\bhow (?:can|may) i (?:help|assist) you\b"
    r"|\bi(?:['’]m| am) (?:here to help|an ai|a language model)\b"
    r"|^\s*(?:seller|assistant|buyer|user|system)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_CONCESSION = re.compile(
    r"\b(?:i(?:['’]m| am) (?:convinced|sold|in|ready to sign)"
    r"|let(?:['’]s| us) (?:do it|go ahead|proceed|sign)|i (?:accept|agree)\b"
    r"|you(?:['’]ve| have) (?:convinced|won) me|sign me up|we have a deal"
    r"|i(?:['’]ll| will) (?:take it|sign|buy))",
    re.IGNORECASE,
)


def fault_in(text: str, moment: Moment, core: str) -> str:
    """Why a model's reply can't be used, or "": the checks that code can make for sure."""
    history = " ".join(t.text for t in moment.history)
    invented = set(_DIGITS.findall(text)) - set(_DIGITS.findall(f"{core} {history}"))
    conceded = moment.next.act not in CONCEDING and _CONCESSION.search(text)
    faults = (
        (not text, "The model said nothing"),
        (len(text) > LONGEST_REPLY, "The model went on too long"),
        (_FENCE.search(text), "The model repeated what it was told instead of answering"),
        (_ROLE_FLIP.search(text), "The model fell out of its role"),
        (conceded, "The model conceded what it was not asked to"),
        (invented, "The model made up a number"),
    )
    return next((fault for found, fault in faults if found), "")
