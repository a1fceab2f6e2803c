"""One sentence of a message, and which sentences are worth hearing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.moves import Move, MoveKind
from coach.perception.cues import asking, harming, language

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Sentence:
    text: str
    span: tuple[int, int]
    vector: Vectors
    words: tuple[str, ...]  # lower case

    @classmethod
    def of(cls, text: str, span: tuple[int, int], vector: Vectors) -> Sentence:
        """The sentence that stands in ``text`` at ``span``."""
        own = text[span[0] : span[1]]
        return cls(own, span, vector, tuple(words_of(own)))

    @cached_property
    def question(self) -> bool:
        """Asks for something, by its mark, its order of words or an "I wonder what"."""
        text = self.text
        if asking.ASSENT.match(text) or self._wants_a_nod:
            return False
        if text.rstrip(" \"'”’)").endswith("?"):
            return True
        if asking.EMBEDDED_OPEN.search(text) and not asking.LEADING_WH.search(text):
            return True
        begins = (
            asking.OPEN_QUESTION.search(text) and not asking.STATED_WH.search(text)
        ) or asking.CLOSED_QUESTION.match(text)
        return bool(begins) and not text.rstrip().endswith((".", "!"))

    @cached_property
    def _wants_a_nod(self) -> bool:
        """A statement with a tag: without the tag nothing in it asks."""
        stated = asking.TAG.sub(".", self.text)
        asks = asking.INVERTED.search(stated) or asking.OPEN_QUESTION.search(stated)
        return stated != self.text and not asks

    @cached_property
    def open(self) -> bool:
        """An open question: it can't be answered with yes, no or a number."""
        text = self.text
        if asking.COUNTING.search(text) or asking.LEADING_WH.search(text):
            return False
        if asking.EMBEDDED_OPEN.search(text):
            return True
        asks = bool(asking.OPEN_QUESTION.search(text) or asking.INNER_OPEN.search(text))
        return asks and (self.question or bool(asking.IMPERATIVE.search(text)))

    @cached_property
    def asks_other(self) -> bool:
        """A question to the other one about their side: not an offer, not about oneself."""
        own = asking.SELF.search(self.text) and not asking.YOU.search(self.text)
        return (self.question or self.open) and not own and not asking.OFFERS_TALK.search(self.text)

    @cached_property
    def particular(self) -> bool:
        """Holds a meaning word that not every question could hold."""
        return bool(content_words(self.text) - asking.GENERAL)

    def move(self, kind: MoveKind, strength: float = 1.0) -> Move:
        return Move(kind, self.span, self.text, strength)


def words_of(text: str) -> list[str]:
    """All words, lower case, in order."""
    return [w.casefold() for w in language.WORD.findall(text)]


@lru_cache(maxsize=1_024)  # what was said last is looked at again and again
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, lower case and without a plural s."""
    return frozenset(
        w.removesuffix("'s").removesuffix("’s").rstrip("s")
        for w in words_of(text)
        if len(w) > 3 and w not in language.GLUE
    )


def not_talk(text: str, words: Sequence[str]) -> Move | None:
    """The one move of a message that is no talk with a buyer at all."""
    span = (0, len(text))
    letters = sum(ch.isalpha() for ch in text)
    if not words or letters < 0.4 * len(text.replace(" ", "")):
        return None if _short_answer(text, words) else Move(MoveKind.NOISE, span, text)
    latin = sum(ch.isalpha() and ch < "\u0250" for ch in text)
    if latin < 0.5 * letters or language.language_of(list(words)):
        return Move(MoveKind.FOREIGN, span, text)
    vowels = [w for w in words if any(ch in "aeiouyäöüéèå" for ch in w)]
    if len(vowels) < 0.5 * len(words) or max(map(len, words)) > 45:
        return Move(MoveKind.NOISE, span, text)
    return None


def _short_answer(text: str, words: Sequence[str]) -> bool:
    return bool(words) and any(ch.isdigit() for ch in text) and len(text) < 40


def _is_stuffing(s: Sentence) -> bool:
    """Key words in a row: too few of the small words that a sentence needs."""
    words = [w for w in s.words if not w[0].isdigit()]  # a calculation is full of figures
    if len(words) < 4:
        return False
    glue = sum(w in language.GLUE for w in words) / len(words)
    if glue < (0.09 if len(words) <= 12 else 0.1) or len(set(words)) < 0.4 * len(words):
        return True
    return sum(w in language.ASKING for w in words) >= max(
        4, 0.4 * len(words)
    )  # "what how why who?"


def fresh_of(
    heard: Sequence[Sentence], said: Sequence[str]
) -> tuple[list[Sentence], list[str], list[Move]]:
    """Sentences worth hearing, their fingerprints, and REPEAT / STUFF moves for the others."""
    fresh: list[Sentence] = []
    prints: list[str] = []
    moves: list[Move] = []
    known = [frozenset(p.split()) for p in said]
    for s in heard:
        fingerprint = frozenset(s.words)
        if _is_stuffing(s) and not harming.PROMPT_LIKE.search(s.text):
            moves.append(s.move(MoveKind.STUFF))
            continue
        if len(fingerprint) >= 2 and any(alike(fingerprint, k) for k in known):
            moves.append(s.move(MoveKind.REPEAT))
            continue
        known.append(fingerprint)
        prints.append(" ".join(sorted(fingerprint)))
        fresh.append(s)
    repeated = [m for m in moves if m.kind is MoveKind.REPEAT]
    if len(repeated) >= 3:  # "I understand. I understand. I understand. ..."
        moves.append(replace(repeated[0], kind=MoveKind.STUFF))
    return fresh, prints, moves


def alike(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sentences are the same but for a word or two, by their sets of words."""
    return len(a & b) >= 0.8 * len(a | b)
