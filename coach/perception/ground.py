"""What a scenario is about, as vectors: its concerns, what they need, its facts and its rumour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from coach.moves import Move, MoveKind
from coach.perception.cues import asking, language, offering
from coach.perception.nearness import Groups
from coach.perception.sentence import Sentence, Vectors
from coach.scenario import Need, Scenario

if TYPE_CHECKING:
    from coach.ports import Embedder

#: A sentence says what an example of a need says (MiniLM cosine).
SAME_MEANING = 0.52
#: How much nearer a sentence may be to another need before it no longer says this one.
BESIDE = 0.1
_HARM = (MoveKind.PUSH, MoveKind.DISPARAGE, MoveKind.FLATTER, MoveKind.DISMISS, MoveKind.DISCOUNT)


class NeedGround:
    """A need's examples as vectors, and how to tell that the buyer asked for it."""

    def __init__(self, need: Need) -> None:
        self.move = need.move
        self.negated = [bool(language.NEGATED.search(text)) for text in need.about]
        self.refuses = [bool(offering.REFUSES.search(text)) for text in need.about]
        self.asks = [bool(asking.OPEN_QUESTION.search(text)) for text in need.about]
        self._asked = [_as_spoken(line) for line in need.ask]

    def asked_for(self, last_words: str) -> bool:
        return any(line.search(last_words) for line in self._asked)


def _as_spoken(line: str) -> re.Pattern[str]:
    """A written line as it is spoken, whatever its slots were filled with."""
    return re.compile(re.sub(r"\\\{\w+\\\}", ".{1,90}?", re.escape(line)))


class Ground:
    """A scenario's topics and examples as vectors, made once per scenario version."""

    def __init__(self, scenario: Scenario, embedder: Embedder) -> None:
        def rows(texts: Sequence[str]) -> Vectors:
            return embedder.embed([t.replace("{", "").replace("}", "") for t in texts])

        self.concerns = Groups(
            {c.id: rows([c.topic, *c.say[:6], *c.explain[:6]]) for c in scenario.concerns}
        )
        needs = {f"{c.id}/{n.id}": n for c in scenario.concerns for n in c.needs if n.about}
        self.needs = {key: NeedGround(need) for key, need in needs.items()}
        self.near_needs = Groups({key: rows(need.about) for key, need in needs.items()})
        self.facts = Groups({f.id: rows([f.topic]) for f in scenario.facts})
        self.rumour = rows([scenario.rumour.statement]) if scenario.rumour else None
        # a rumour that is itself negated ("could not call") can't be denied by likeness
        self.rumour_is_plain = bool(
            scenario.rumour and not language.NEGATED.search(scenario.rumour.statement)
        )
        self.truth = scenario.rumour.truth if scenario.rumour else None
        self.competitor = (scenario.competitor or "").casefold()


def needs_brought(
    fresh: Sequence[Sentence],
    ground: Ground,
    made: set[tuple[tuple[int, int], MoveKind]],
    last_words: str,
) -> dict[str, Move]:
    """What the buyer needs and was brought, by likeness to a need's examples.

    Less likeness will do for what the buyer has just asked for, and where the sentence makes the
    move that the need wants; more where it looks like an example and is another kind of sentence.
    A sentence that is clearly nearer to another need says that one.
    """
    found: dict[str, Move] = {}
    asked = {key: need.asked_for(last_words) for key, need in ground.needs.items()}
    for s in fresh:
        # pressing or mocking brings nothing
        if len(s.words) < 4 or any((s.span, kind) in made for kind in _HARM):
            continue
        likeness = ground.near_needs.each(s.vector)
        nearest = max((float(rows.max()) for rows in likeness.values()), default=0.0)
        for key, need in ground.needs.items():
            best = int(np.argmax(likeness[key]))
            strength = min(1.0, float(likeness[key][best]))
            bar = _bar(s, need, best, asked[key], (s.span, need.move) in made)
            beside = strength < nearest - BESIDE and not asked[key]
            if strength >= bar and not beside and strength > found.get(key, _NOTHING).strength:
                found[key] = s.move(MoveKind.CLAIM, strength)
    return found


_NOTHING = Move(MoveKind.CLAIM, (0, 0), "", 0.0)


def _bar(s: Sentence, need: NeedGround, best: int, asked: bool, moved: bool) -> float:
    """How near a sentence must be to the example of a need that it is nearest to."""
    if moved:
        return SAME_MEANING - 0.16
    # "we don't offer a pilot" is near "we offer a pilot" and means the opposite
    if offering.REFUSES.search(s.text) and not need.refuses[best]:
        return SAME_MEANING + 0.25
    if language.NEGATED.search(s.text) and not need.negated[best] and not s.question:
        return SAME_MEANING + 0.12
    if s.open and not need.asks[best]:  # asking about a thing isn't bringing it
        return SAME_MEANING + 0.15
    return SAME_MEANING - (0.12 if asked else 0.0)


def fact_asked(fresh: Sequence[Sentence], ground: Ground) -> str | None:
    best, likeness = None, 0.42
    for s in fresh:
        if s.question or s.open:
            worry = max(ground.concerns.nearest(s.vector).values())
            for key, value in ground.facts.nearest(s.vector).items():
                if value > max(likeness, worry - 0.02):
                    best, likeness = key, value
    return best
