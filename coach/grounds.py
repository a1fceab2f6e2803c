"""The sentences of the evidence that a statement can be held against, best first."""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.figures import Match, compare
from coach.naming import Names
from coach.statement import Statement, read
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Kind, Truth

if TYPE_CHECKING:  # coach.ports leads back here through coach.assessment
    from coach.ports import Embedder

Vector = NDArray[np.float32]

CANDIDATES = 8  # sentences embedded per statement
REMEMBERED_SENTENCES, REMEMBERED_ITEMS = 8_192, 2_048
_REPORTED = re.compile(
    r"\b(?:rumou?r|story|stories|is said|people say|claim(?:s|ed)? that)\b", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Fact:
    """One sentence of an item: ``evidence.text[span[0]:span[1]] == said.text``."""

    evidence: Evidence
    span: tuple[int, int]
    said: Statement
    reported: bool  # a rumour told as a rumour, not asserted


@dataclass(frozen=True, eq=False)
class Ground:
    """A fact beside a statement; ``words`` is the share of the statement's words it has."""

    fact: Fact
    closeness: float  # cosine
    words: float

    @property
    def score(self) -> float:
        return 0.65 * self.closeness + 0.35 * self.words


class SentenceVectors:
    """Vectors by text, the latest kept; safe from any thread."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text; those not known yet are embedded in one call."""
        wanted = dict.fromkeys(texts)
        with self._lock:
            have = {text: self._known[text] for text in wanted if text in self._known}
        missing = [text for text in wanted if text not in have]
        if missing:
            have.update(zip(missing, self._embedder.embed(missing), strict=True))
        with self._lock:
            for text in wanted:
                self._known[text] = have[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED_SENTENCES:
                self._known.popitem(last=False)
        return [have[text] for text in texts]


class Facts:
    """The items of one state of the knowledge base, read sentence by sentence when needed."""

    def __init__(self, items: Sequence[Evidence], vendor: str) -> None:
        self.items = items
        self.names = Names.of(items, vendor)
        self.by_customer = _by(items, "customer")
        self.by_competitor = _by(items, "competitor")
        self._size = max(len(items), 1)
        self._frequency = Counter(word for item in items for word in _words_of(item))
        self._read: OrderedDict[str, tuple[Fact, ...]] = OrderedDict()
        self._lock = Lock()

    def of(self, item: Evidence) -> tuple[Fact, ...]:
        with self._lock:
            known = self._read.get(item.id)
            if known is not None and known and known[0].evidence is item:
                self._read.move_to_end(item.id)
                return known
        found = tuple(_facts(item, self.names))
        with self._lock:
            self._read[item.id] = found
            while len(self._read) > REMEMBERED_ITEMS:
                self._read.popitem(last=False)
        return found

    def rarity(self, word: str) -> float:
        return math.log(1 + self._size / (1 + self._frequency[word]))

    def shared(self, statement: Statement, fact: Fact) -> float:
        """The share of the statement's words, by rarity, that the fact or its title has."""
        total = sum(map(self.rarity, statement.words))
        there = fact.said.words | _title_words(fact.evidence)
        return sum(self.rarity(word) for word in statement.words & there) / total if total else 0.0

    def likely(self, statement: Statement, items: Iterable[Evidence]) -> list[tuple[float, Fact]]:
        """The facts worth embedding, by words, names and figures; with their share of words."""
        ranked = [(self.shared(statement, fact), fact) for item in items for fact in self.of(item)]
        ranked.sort(key=lambda pair: -(pair[0] + _bonus(statement, pair[1])))
        return ranked[:CANDIDATES]


def _by(items: Sequence[Evidence], attribute: str) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for item in items:
        name = getattr(item, attribute)
        if name:
            found.setdefault(name, []).append(item)
    return found


def _words_of(item: Evidence) -> frozenset[str]:
    from coach.statement import stems  # noqa: PLC0415

    return stems(item.text)


def _title_words(item: Evidence) -> frozenset[str]:
    from coach.statement import stems  # noqa: PLC0415

    return stems(
        " ".join(
            part for part in (item.title, item.criterion, item.customer, item.competitor) if part
        )
    )


def _bonus(statement: Statement, fact: Fact) -> float:
    same = sum(
        any(compare(said, there) in {Match.SAME, Match.INFLATED} for there in fact.said.figures)
        for said in statement.figures
    )
    named = statement.names.customers | statement.names.competitors
    there = fact.said.names.customers | fact.said.names.competitors
    return 0.25 * min(same, 2) + (0.2 if named & there else 0.0)


def _facts(item: Evidence, names: Names) -> Iterable[Fact]:
    for start, end in sentences(item.text):
        if not _heading(item.text, start):
            said = read(item.text[start:end], names)
            reported = (
                item.kind is Kind.RUMOUR
                and item.truth is not Truth.TRUE
                and bool(_REPORTED.search(said.text))
            )
            yield Fact(item, (start, end), said, reported)


def _heading(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.lstrip().startswith("#")
