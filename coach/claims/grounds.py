"""The sentences of the evidence that a statement can be held against, best first."""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coach.claims.agreement import compare
from coach.claims.naming import Names
from coach.claims.sources import Sources
from coach.claims.statement import Part, Statement, read, stems
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Kind, Truth

if TYPE_CHECKING:  # coach.ports leads back here through coach.assessment
    from coach.ports import Embedder

Vector = NDArray[np.float32]

CANDIDATES = 7  # sentences embedded per statement
REMEMBERED_SENTENCES, REMEMBERED_ITEMS = 8_192, 2_048
# In a ranking before anything is embedded: a figure found there, and a name.
FIGURE_BONUS, NAME_BONUS = 0.25, 0.2
STANCE_RARITY = 1.5
MEANING, WORDS = 0.65, 0.35
_REPORTED = re.compile(r"\b(?:rumou?r|stor(?:y|ies)|people say|claim(?:s|ed)? that)\b", re.I)


@dataclass(frozen=True, eq=False)
class Fact:
    """One sentence of an item: ``evidence.text[span[0]:span[1]] == said.text``.

    ``told`` marks what a rumour says, which nobody asserts; where it is only the title of the
    item, ``span`` is None.
    """

    evidence: Evidence
    span: tuple[int, int] | None
    said: Statement
    told: bool

    def part_about(self, words: frozenset[str]) -> Part:
        """The part that has most of ``words``; of several the shortest."""
        pieces = self.said.parts[1:] or self.said.parts
        return max(pieces, key=lambda part: (len(part.words & words), -len(part.words)))


@dataclass(frozen=True, eq=False)
class Ground:
    """A fact beside a statement. ``words`` and ``topic`` are the shares of the statement's words,
    with and without names, that the fact has; by rarity."""

    fact: Fact
    closeness: float  # cosine
    words: float
    topic: float
    rest: float  # as topic, of what stands for no end of a thing

    @property
    def score(self) -> float:
        return MEANING * self.closeness + WORDS * self.words


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
        self.names = Names(items, vendor)
        self.sources = Sources(items, vendor)
        self.by_id = {item.id: item for item in items}
        self.by_name: dict[str, list[Evidence]] = {}
        for item in items:
            for name in filter(None, (item.customer, item.competitor)):
                self.by_name.setdefault(name, []).append(item)
        frequency = Counter(word for item in items for word in stems(item.text))
        self._rarest = math.log(1 + max(len(items), 1))
        self._rarities = {
            word: math.log(1 + max(len(items), 1) / (1 + times))
            for word, times in frequency.items()
        }
        self._unsayable: dict[str, list[tuple[Statement, str]]] = {}
        for item in items:
            for phrase in item.do_not_say:
                listed = read(phrase, self.names)
                for word in listed.topic:
                    self._unsayable.setdefault(word, []).append((listed, item.id))
        self._read: OrderedDict[str, tuple[Fact, ...]] = OrderedDict()
        self._titles: dict[str, frozenset[str]] = {}
        self._lock = Lock()

    @cached_property
    def told(self) -> tuple[Fact, ...]:
        """What the rumours say, by their titles."""
        rumours = (item for item in self.items if item.kind is Kind.RUMOUR)
        return tuple(fact for item in rumours for fact in self.of(item) if fact.span is None)

    def of(self, item: Evidence) -> tuple[Fact, ...]:
        with self._lock:
            known = self._read.get(item.id)
            if known and known[0].evidence is item:
                self._read.move_to_end(item.id)
                return known
        found = tuple(_facts(item, self.names))
        with self._lock:
            self._read[item.id] = found
            while len(self._read) > REMEMBERED_ITEMS:
                self._read.popitem(last=False)
        return found

    def share(self, words: frozenset[str], of: frozenset[str]) -> float:
        """The share of the words ``of`` that ``words`` has, by rarity."""
        total = math.fsum(map(self._rarity, of))
        return math.fsum(map(self._rarity, of & words)) / total if total else 0.0

    def likely(self, said: Statement, items: Iterable[Evidence]) -> list[tuple[float, Fact]]:
        """The facts worth embedding, with their share of words."""
        ranked = [
            (self.share(fact.said.words | self._title(item), said.words), fact)
            for item in items
            for fact in self.of(item)
        ]
        ranked.sort(
            key=lambda pair: -(pair[0] + self._topic(said, pair[1]) + _bonus(said, pair[1]))
        )
        return ranked[:CANDIDATES]

    def ground(self, said: Statement, fact: Fact, closeness: float, words: float) -> Ground:
        topic = self._topic(said, fact) if said.topic else words
        about = said.topic - stems(" ".join(said.places))
        of_place = bool(about) and not about & fact.said.words  # has the place, and nothing else
        rest = self.share(fact.said.words, said.rest) if said.rest else 1.0
        return Ground(fact, closeness, words, 0.0 if of_place else topic, rest)

    def unsayable(self, said: Statement) -> list[tuple[Statement, str]]:
        """What items list as not to be said, where it shares a word with ``said``."""
        shared = (pair for word in said.topic for pair in self._unsayable.get(word, ()))
        return list(dict.fromkeys(shared))

    def _topic(self, said: Statement, fact: Fact) -> float:
        return self.share(fact.said.words, said.topic)

    def _title(self, item: Evidence) -> frozenset[str]:
        parts = (item.title, item.criterion, item.customer, item.competitor)
        known = self._titles.get(item.id)
        if known is None:
            known = self._titles[item.id] = stems(" ".join(part for part in parts if part))
        return known

    def _rarity(self, word: str) -> float:
        if word[0] == "~":
            return STANCE_RARITY
        return self._rarities.get(word, self._rarest)


def asserted(fact: Fact, facts: Facts) -> Fact:
    """``fact``, or where it is only told the first sentence of its item that asserts."""
    return next((f for f in facts.of(fact.evidence) if not f.told), fact) if fact.told else fact


def _bonus(said: Statement, fact: Fact) -> float:
    same = sum(
        any(compare(figure, there).found for there in fact.said.figures) for figure in said.figures
    )
    named = said.names.customers | said.names.competitors
    there = fact.said.names.customers | fact.said.names.competitors
    return FIGURE_BONUS * min(same, 2) + (NAME_BONUS if named & there else 0.0)


def _facts(item: Evidence, names: Names) -> Iterator[Fact]:
    rumour = item.kind is Kind.RUMOUR
    for start, end in sentences(item.text):
        if not _heading(item.text, start):
            said = read(item.text[start:end], names)
            told = rumour and item.truth is not Truth.TRUE and bool(_REPORTED.search(said.text))
            yield Fact(item, (start, end), said, told)
    if rumour:
        said = read(item.title.strip(" “”\"'"), names)
        yield Fact(item, None, said, True)


def _heading(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.lstrip().startswith("#")
