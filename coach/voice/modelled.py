"""A model's words for the same act. Whatever a model does wrong, the scripted words stand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from coach.errors import ModelFailed
from coach.events import ReplyDelta, ReplyReset
from coach.scenario import Act
from coach.voice.composing import compose
from coach.voice.moment import EMBEDDED, Moment, Utterance
from prompts import hash_of

if TYPE_CHECKING:
    from coach.ports import Model

PROMPT = "buyer/reply.v1"
HISTORY = 10  # turns that a model sees
LONGEST_REPLY = 900  # characters of a model's reply
WORDS_MAX = {Act.OPEN: 60, Act.WALK_AWAY: 45, Act.AGREE: 60}

#: Acts that let go of something; a model may only sound like that when code decided one of them.
CONCEDING = (Act.ACCEPT, Act.AGREE, Act.INVITE)


def variables(moment: Moment, core: str) -> dict[str, Any]:
    """What the prompt is given: the persona, the talk, the act and what it must say. Nothing that
    wasn't earned: no other concern than the one on the table, no rubric."""
    scenario, persona, state = moment.scenario, moment.persona, moment.state
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
        "concern": moment.concern.short,
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
