"""Which objection is this? Compared in meaning with examples per type (``objections.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.scenario_book import read_yaml
from knowledge.chunking import sentences
from knowledge.evidence import Filters, Kind, Passage, Truth

if TYPE_CHECKING:
    from coach.ports import Embedder, Retriever

EXAMPLES = Path(__file__).parent / "objections.yaml"
NONE = "none"
UNSURE = 0.28  # below this likeness nothing is recognised
RUMOUR_NEAR = 0.42  # the words are about a known rumour

_BY_TRUTH = {
    Truth.TRUE: "trust_true_rumour",
    Truth.FALSE: "trust_false_rumour",
    Truth.UNKNOWN: "trust_unknown_rumour",
}


@dataclass(frozen=True)
class Wording:
    """How replies to one type of objection are worded; holds no fact of any kind.

    A type that isn't ``live`` is an objection to a plan, raised by colleagues and partners; it is
    known from its scenario and never guessed from a customer's words.
    """

    scenario: str | None
    kinds: tuple[Kind, ...]
    examples: tuple[str, ...] = ()
    live: bool = True
    seek: tuple[str, ...] = ()
    acknowledge: tuple[str, ...] = ()
    bridge: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    step: tuple[str, ...] = ()

    def place(self, kind: Kind) -> int:
        """How far down the list of wanted kinds of proof ``kind`` stands; 99 when it doesn't."""
        return self.kinds.index(kind) if kind in self.kinds else 99


@cache
def wordings() -> dict[str, Wording]:
    raw = read_yaml(EXAMPLES)
    return {
        name: Wording(
            scenario=entry["scenario"],
            kinds=tuple(Kind(kind) for kind in entry["kinds"]),
            live=entry.get("live", True),
            **{key: tuple(entry.get(key, ())) for key in _TEXTS},
        )
        for name, entry in raw.items()
    }


_TEXTS = ("examples", "seek", "acknowledge", "bridge", "question", "step")


#: Phrases that meaning alone mixes up: how long they have been together, or who is better.
_CUES = {
    "incumbent_competitor": re.compile(
        r"\b(?:years?|decade|loyal|relationship|always (?:used|worked|been)|long[- ]standing)\b"
        r"|\b(?:switch|tied|bound|contract with)\b",
        re.IGNORECASE,
    ),
    "superior_competitor": re.compile(
        r"\b(?:better|superior|ahead|stronger|faster|easier|simpler|nicer|best|prefer|beats?)\b"
        r"|\bthan (?:yours?|you|what you)\b",
        re.IGNORECASE,
    ),
}


def _near(likeness: NDArray[np.float32]) -> float:
    """The best example counts most, the next two confirm it."""
    best = np.sort(likeness)[::-1][:3]
    return float(0.7 * best[0] + 0.3 * best.mean())


@dataclass(frozen=True)
class ObjectionGuess:
    """``type`` is an objection id or "none"; ``scenario`` the one to practise it in;
    ``confidence`` 0 to 1."""

    type: str
    scenario: str | None
    confidence: float
    rumour: Passage | None = None


class Recogniser:
    """Types of objections by meaning; a known rumour decides by its truth."""

    def __init__(self, embedder: Embedder, retriever: Retriever) -> None:
        self._embedder, self._retriever = embedder, retriever

    @cached_property
    def _rows(self) -> dict[str, NDArray[np.float32]]:
        return {
            name: self._embedder.embed(wording.examples)
            for name, wording in wordings().items()
            if wording.live
        }

    def recognise(
        self, text: str, vector: NDArray[np.float32], names_competitor: bool = False
    ) -> ObjectionGuess:
        """Which objection it is; a competitor's name makes the two about competitors likelier."""
        likeness = {name: _near(rows @ vector) for name, rows in self._rows.items()}
        for name, cue in _CUES.items():
            likeness[name] += (0.12 if cue.search(text) else 0.0) + (0.1 if names_competitor else 0)
        if rumour := self._rumour(text, vector, likeness):
            return rumour
        best = max((name for name in likeness if name != NONE), key=likeness.__getitem__)
        if likeness[best] < UNSURE or likeness[NONE] >= likeness[best]:
            return ObjectionGuess(NONE, None, round(1 - max(0.0, likeness[best]), 2))
        return ObjectionGuess(best, wordings()[best].scenario, round(likeness[best], 2))

    def _rumour(
        self, text: str, vector: NDArray[np.float32], likeness: dict[str, float]
    ) -> ObjectionGuess | None:
        found = self._retriever.search(text, limit=1, filters=Filters(kinds=(Kind.RUMOUR,)))
        if not found or likeness[NONE] > max(
            v for k, v in likeness.items() if k.startswith("trust")
        ):
            return None
        item = found[0].evidence
        opening = [item.text[a:b] for a, b in sentences(item.text)[:3]]
        near = float(np.max(self._embedder.embed([item.title, *opening]) @ vector))
        truth = item.truth
        if near < RUMOUR_NEAR or truth is None:
            return None
        name = _BY_TRUTH[truth]
        return ObjectionGuess(name, wordings()[name].scenario, round(near, 2), found[0])
