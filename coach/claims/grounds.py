"""The sentences of the evidence that a statement can be held against, best first."""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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

CANDIDATES, NEAREST = 7, 4  # facts per statement: by words, and by meaning where it is known
REMEMBERED_SENTENCES, REMEMBERED_ITEMS = 8_192, 2_048
# In a ranking before anything is embedded: a figure found there, and a name.
FIGURE_BONUS, NAME_BONUS = 0.25, 0.2
STANCE_RARITY = 1.5
MEANING, WORDS = 0.65, 0.35
#: Kinds whose titles say what is so.
_TOLD_BY_TITLE = frozenset({Kind.CASE_STUDY, Kind.COMPETITIVE_FACT})
_REPORTED = re.compile(r"\b(?:rumou?r|stor(?:y|ies)|people say|claim(?:s|ed)? that)\b", re.I)


@dataclass(frozen=True, eq=False)
class Fact:
    """One sentence of an item, or its title with the ``span`` of the sentence that is nearest.

    ``told`` marks what a rumour says, which nobody asserts; where it is only the title of the
    item, ``span`` is None.
    """

    evidence: Evidence
    span: tuple[int, int] | None
    said: Statement
    told: bool

    @property
    def quote(self) -> str:
        """The words of the item that say it, verbatim."""
        return self.evidence.text[slice(*self.span)] if self.span else ""

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

    def nearness(self, vector: Vector, texts: Sequence[str]) -> list[float]:
        """Cosines to ``vector``, 0 for a text that wasn't embedded before."""
        with self._lock:
            have = [(place, self._known.get(text)) for place, text in enumerate(texts)]
        known = [(place, other) for place, other in have if other is not None]
        found = [0.0] * len(texts)
        if known:
            cosines = np.stack([other for _, other in known]) @ vector
            for (place, _), cosine in zip(known, cosines, strict=True):
                found[place] = float(cosine)
        return found


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

    def competitors_of(self, customer: str) -> frozenset[str]:
        """Those that are named in what there is about a customer."""
        items = self.by_name.get(customer, [])
        named = (fact.said.names.competitors for item in items for fact in self.of(item))
        return frozenset[str]().union(*named, (i.competitor for i in items if i.competitor))

    def share(self, words: frozenset[str], of: frozenset[str]) -> float:
        """The share of the words ``of`` that ``words`` has, by rarity."""
        total = math.fsum(map(self._rarity, of))
        return math.fsum(map(self._rarity, of & words)) / total if total else 0.0

    def likely(
        self, said: Statement, items: Iterable[Evidence], near: Callable[[list[str]], list[float]]
    ) -> list[tuple[float, Fact]]:
        """The facts worth comparing, with their share of words: those that share most words and
        figures, and those that are ``near`` in meaning."""
        ranked = [
            (self.share(fact.said.words | self._title(item), said.words), fact)
            for item in items
            for fact in self.of(item)
        ]
        nearness = near([fact.said.text for _, fact in ranked])
        closest = sorted(range(len(ranked)), key=lambda place: -nearness[place])[:NEAREST]
        ranked = sorted(
            (pair for pair in ranked),
            key=lambda pair: -(pair[0] + self._topic(said, pair[1]) + _bonus(said, pair[1])),
        )[:CANDIDATES] + [ranked[place] for place in closest]
        return list(dict.fromkeys(ranked))

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
    found = []
    for start, end in sentences(item.text):
        if not _heading(item.text, start):
            said = read(item.text[start:end], names)
            told = rumour and item.truth is not Truth.TRUE and bool(_REPORTED.search(said.text))
            if item.kind is Kind.CASE_STUDY and any(figure.became for figure in said.figures):
                said = replace(said, stances={**said.stances, "course": 1})  # told as a success
            found.append(Fact(item, (start, end), said, told))
    yield from found
    title = read(item.title.strip(" “”\"'"), names)
    if rumour:
        yield Fact(item, None, title, True)
    elif found and item.kind in _TOLD_BY_TITLE:
        nearest = max(found, key=lambda fact: len(fact.said.words & title.words))
        yield Fact(item, nearest.span, title, False)


def _heading(text: str, start: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.lstrip().startswith("#")
