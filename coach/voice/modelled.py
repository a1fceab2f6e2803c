"""A model's words for the same act. Whatever a model does wrong, the scripted words stand.

A sentence is shown once it is whole and was found in order: that is the safety window, and at most
one sentence waits in it. What is wrong costs the whole answer: what was shown is withdrawn, the
model is asked once more, and then the written line is said. Two texts are never joined.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coach import telemetry
from coach.errors import ModelFailed
from coach.events import ReplyDelta, ReplyReset
from coach.models import Receipt
from coach.scenario import Act
from coach.session import FAILED, ModelWork
from coach.vetting import (
    LONGEST,
    Fault,
    Ground,
    Window,
    notes_of,
    prints,
    vetted,
    vetted_whole,
)
from coach.voice.asking import PROMPT, canary_of, variables
from coach.voice.composing import compose
from coach.voice.moment import Moment, Utterance
from prompts import hash_of

if TYPE_CHECKING:
    from coach.ports import Model

TRIES = 2

Said = ReplyDelta | ReplyReset | Utterance


async def speak(moment: Moment, model: Model | None) -> AsyncIterator[Said]:
    """Deltas, then the Utterance."""
    scripted = compose(moment)
    if model is None or moment.next.act is Act.OPEN:
        for event in _recited(scripted):
            yield event
        return
    async for event in _Asking(moment, scripted, model).events():
        yield event


def _recited(scripted: Utterance) -> Iterator[Said]:
    for piece in re.findall(r"\S+\s*", scripted.text):
        yield ReplyDelta(piece)
    yield scripted


class _Faulty(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass
class _Asking:
    """One reply that a model is asked for, and what became of each answer."""

    moment: Moment
    scripted: Utterance
    model: Model
    receipts: list[Receipt] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    failure: str = ""

    async def events(self) -> AsyncIterator[Said]:
        """The model's words, or the written line when both its answers were at fault, or none
        came."""
        ground = Ground(self.moment, self.scripted.text, canary_of(self.moment), notes_of(PROMPT))
        while not self._given_up:
            shown: list[str] = []
            try:
                async for sentence in self._sentences(ground):
                    shown.append(sentence)
                    yield ReplyDelta(sentence)
                yield self._worded("".join(shown).strip())
                return
            except _Faulty as found:
                self._blame(found.fault)
            except ModelFailed as error:
                self.failure = error.message
            if shown:
                yield ReplyReset(self._note if self._given_up else "")
        telemetry.counted("coach.turns.replaced", reason=self._work.replaced)
        for event in _recited(replace(self.scripted, note=self._note, work=self._work)):
            yield event

    async def _sentences(self, ground: Ground) -> AsyncIterator[str]:
        """Those that are in order, as soon as they are whole; raises at the first that isn't."""
        window, text = Window(), ""
        self.receipts.append(Receipt())
        again = self.faults[-1].advice if self.faults else ""
        told = variables(self.moment, self.scripted.text, again)
        async with aclosing(self.model.stream(PROMPT, told, self.receipts[-1])) as words:
            async for piece in words:
                for sentence in window.add(piece):
                    _insist(vetted(sentence, text, ground))
                    text += sentence
                    yield sentence
                _insist(Fault.TOO_LONG if len(text) + window.held > LONGEST else None)
        last = window.rest()
        _insist(vetted(last, text, ground) or vetted_whole(text + last, ground))
        if last:
            yield last

    def _blame(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) == 1:
            telemetry.counted("coach.turns.regenerated", reason=fault.value)

    @property
    def _given_up(self) -> bool:
        return bool(self.failure) or len(self.faults) == TRIES

    @property
    def _note(self) -> str:
        why = self.failure or self.faults[-1].note
        return f"{why}; this reply is from the embedded engine."

    @property
    def _work(self) -> ModelWork:
        """What it took; ``replaced`` where the model was given up."""
        why = FAILED if self.failure else self.faults[-1].value if self._given_up else ""
        return ModelWork(
            tries=len(self.receipts),
            faults=tuple(fault.value for fault in self.faults),
            replaced=why,
            model=self.model.name,
            tokens_in=sum(receipt.tokens_in for receipt in self.receipts),
            tokens_out=sum(receipt.tokens_out for receipt in self.receipts),
        )

    def _worded(self, text: str) -> Utterance:
        lines = self.scripted.lines | prints(text)
        prompts = {PROMPT: hash_of(PROMPT)}
        return Utterance(text, lines, self.model.name, prompts=prompts, work=self._work)


def _insist(fault: Fault | None) -> None:
    if fault:
        raise _Faulty(fault)
