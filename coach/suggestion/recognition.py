"""Which objection is this? Read from meaning and telling words, by examples (``examples.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coach.perception import content_words
from coach.perception.sentence import words_of
from coach.scenario_book import read_yaml
from coach.suggestion.fitting import ByExample
from coach.suggestion.objections import NONE, ObjectionGuess, Reading, wordings
from knowledge.chunking import sentences
from knowledge.evidence import Filters, Kind, Truth

if TYPE_CHECKING:
    from coach.ports import Embedder, Retriever
    from knowledge.evidence import Passage

Vectors = NDArray[np.float32]

EXAMPLES = Path(__file__).parent / "examples.yaml"
MOST_SENTENCES = 40  # of one message, as in perception
WORD_WEIGHT = 0.25  # of a telling word beside the meaning, whose vectors have length 1
HEAT = 0.09  # score to confidence: a lead of this much makes a reading e times as likely
UNLIKE_ALL = 0.4  # score of "none" for what resembles no example at all
NONE_AHEAD = -0.09  # of any other type, so that 97 of 100 requests to an assistant are none
#: A named competitor makes the two types about competitors likelier, and chatter less so.
NAMED = {"incumbent_competitor": 0.1, "superior_competitor": 0.15, NONE: -0.1}

SURE = 0.5  # least confidence of a sure reading
LEAD = 0.2  # and how far it must be ahead of the next
WORTH_NAMING = 0.1  # least confidence of a further reading

UNCLEAR = "unclear"  # doubt without its reason: the likeliest reasons are asked about
HEARSAY = "trust_unknown_rumour"  # what is said against us; its truth decides further
HEARSAY_MAY_BE = 0.1  # least confidence that the words are hearsay to look for the rumour
RUMOUR_NEAR = 0.42  # the words are about a known rumour
SHARED = 0.1  # nearer for a word of the rumour itself, and for a second one
_BY_TRUTH = {
    Truth.TRUE: "trust_true_rumour",
    Truth.FALSE: "trust_false_rumour",
    Truth.UNKNOWN: HEARSAY,
}
RUMOURS = frozenset(_BY_TRUTH.values())


@dataclass(frozen=True)
class _Type:
    examples: tuple[str, ...]
    words: re.Pattern[str] | None  # None: no word tells it


@cache
def _types() -> dict[str, _Type]:
    raw: dict[str, dict[str, list[str]]] = read_yaml(EXAMPLES)
    return {
        name: _Type(tuple(entry["examples"]), _any_of(entry.get("words", ())))
        for name, entry in raw.items()
    }


def _any_of(words: Sequence[str]) -> re.Pattern[str] | None:
    """``*`` at the end is any ending."""
    stems = (re.escape(w.removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in words)
    return re.compile(rf"\b(?:{'|'.join(stems)})\b", re.IGNORECASE) if words else None


class Recogniser:
    """Types of objections by meaning and words; a known rumour decides by its truth."""

    def __init__(self, embedder: Embedder, retriever: Retriever) -> None:
        self._embedder, self._retriever = embedder, retriever

    @cached_property
    def _fitted(self) -> ByExample:
        types = _types().values()
        texts = [text for one in types for text in one.examples]
        labels = [place for place, one in enumerate(types) for _ in one.examples]
        else_score = [UNLIKE_ALL if name == NONE else 0.0 for name in _types()]
        # Type by type: an embedder takes a thousand texts at once for an import and forgets them.
        vectors = np.vstack([self._embedder.embed(one.examples) for one in types])
        return ByExample(_features(texts, vectors), labels, else_score)

    def recognise(
        self, text: str, vector: Vectors, competitor: str | None = None
    ) -> ObjectionGuess:
        """Which objection it is, and what else it may be.

        ``vector`` is that of the whole text; ``competitor`` is the one that the text names.
        """
        if not words_of(text):  # "...", "?!": nobody objects without a word
            return _told(NONE, 1.0, ())
        read, vectors = text, vector[None]
        if competitor:
            read = _unnamed(text, competitor)
            vectors = self._embedder.embed([read])
        parts = [read[a:b] for a, b in sentences(read)[:MOST_SENTENCES]]
        if len(parts) > 1:
            vectors = np.vstack([vectors, self._embedder.embed(parts)])
        confidence = self._confidence([read, *parts][: len(vectors)], vectors, bool(competitor))
        if rumour := self._rumour(text, vectors, confidence):
            return rumour
        return _guess(confidence)

    def _confidence(
        self, texts: Sequence[str], vectors: Vectors, names_competitor: bool
    ) -> dict[str, float]:
        """Per type, adding up to 1. A message raises what one of its sentences raises, and is
        chatter as far as all of them are; the whole counts as much as its sentences."""
        names = list(_types())
        scores = self._fitted.scores(_features(texts, vectors))
        total = scores[0]
        if len(scores) > 1:
            raised = scores[1:].max(axis=0)
            raised[names.index(NONE)] = scores[1:, names.index(NONE)].min()
            total = (total + raised) / 2
        total[names.index(NONE)] += NONE_AHEAD
        if names_competitor:
            total += np.array([NAMED.get(name, 0.0) for name in names])
        weight = np.exp((total - total.max()) / HEAT)
        return dict(zip(names, (weight / weight.sum()).tolist(), strict=True))

    def _rumour(
        self, text: str, vectors: Vectors, confidence: Mapping[str, float]
    ) -> ObjectionGuess | None:
        """The guess where the words are about a rumour of the knowledge base."""
        if confidence[HEARSAY] < HEARSAY_MAY_BE:
            return None
        found = self._retriever.search(text, limit=1, filters=Filters(kinds=(Kind.RUMOUR,)))
        if not found or found[0].evidence.truth is None:
            return None
        item = found[0].evidence
        opening = [item.text[a:b] for a, b in sentences(item.text)[:3]]
        told = [item.title, *opening]
        near = float(np.max(self._embedder.embed(told) @ vectors.T))
        near += SHARED * min(2, len(_stems(text) & _stems(" ".join(told))))
        if near < RUMOUR_NEAR:
            return None
        name = _BY_TRUTH[found[0].evidence.truth]
        others = {k: p for k, p in confidence.items() if k not in (HEARSAY, NONE, UNCLEAR)}
        return _told(
            name, min(1.0, max(near, confidence[HEARSAY])), _worth_naming(others), found[0]
        )


def _unnamed(text: str, competitor: str) -> str:
    """A name may carry a meaning of its own, which says nothing about the objection."""
    name = rf"(?<!\w){re.escape(competitor)}(?!\w)"
    return re.sub(name, "another vendor", text, flags=re.IGNORECASE)


def _stems(text: str) -> set[str]:
    return {word[:6] for word in content_words(text)}


def _features(texts: Iterable[str], vectors: Vectors) -> NDArray[Any]:
    """(n, dimensions + types): the meaning, and for each type whether a word tells it."""
    told = [
        [bool(one.words and one.words.search(text)) for one in _types().values()] for text in texts
    ]
    return np.hstack([vectors, WORD_WEIGHT * np.array(told, dtype=np.float32)])


def _guess(confidence: Mapping[str, float]) -> ObjectionGuess:
    unclear = max(confidence, key=confidence.__getitem__) == UNCLEAR
    known = {k: p for k, p in confidence.items() if k != UNCLEAR and not (unclear and k == NONE)}
    best, second = sorted(known, key=known.__getitem__, reverse=True)[:2]
    sure = not unclear and known[best] >= max(SURE, known[second] + LEAD)
    others = {k: p for k, p in known.items() if k != best}
    named = _worth_naming(others) or (() if sure else (_reading(second, confidence[second]),))
    return _told(best, confidence[best], named, sure=sure)


def _worth_naming(confidence: Mapping[str, float]) -> tuple[Reading, ...]:
    """The two likeliest, as far as they are likely."""
    ranked = sorted(confidence.items(), key=lambda pair: -pair[1])[:2]
    return tuple(_reading(name, p) for name, p in ranked if p >= WORTH_NAMING)


def _reading(name: str, confidence: float) -> Reading:
    return Reading(name, wordings()[name].scenario, round(confidence, 2))


def _told(
    name: str,
    confidence: float,
    alternatives: tuple[Reading, ...],
    rumour: Passage | None = None,
    sure: bool = True,
) -> ObjectionGuess:
    scenario = wordings()[name].scenario
    return ObjectionGuess(name, scenario, round(confidence, 2), rumour, sure, alternatives)
