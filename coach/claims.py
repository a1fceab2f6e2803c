"""The claim ledger: each sentence of the seller against the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from coach.checking.assertion import Kind, asks, clauses, core_of, kind_of
from coach.checking.finding import Finding
from coach.checking.grounds import Facts, Ground, SentenceVectors, Vector
from coach.checking.limits import SAME_TOPIC
from coach.checking.naming import Mentions
from coach.checking.statement import Statement, read
from coach.checking.verdict import judge
from coach.ledger import Citation, Claim, ClaimStatus
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Filters

if TYPE_CHECKING:  # coach.ports leads back here through coach.assessment
    from coach.ports import Clock, Embedder, Retriever

__all__ = ["Citation", "Claim", "ClaimChecker", "ClaimStatus"]

MOST_SENTENCES = 40
PASSAGES = 10
LONGEST_CLAUSE = 600
LONGEST_NOTE = 200
FEWEST_TOPIC_WORDS = 2  # of a clause beside another that has more to say
_ALL = 1_000_000
_BATCH = 32

# Of the clauses of one sentence the worst decides.
_WORST_FIRST = (
    ClaimStatus.CONTRADICTED,
    ClaimStatus.OVERSTATED,
    ClaimStatus.UNSUPPORTED,
    ClaimStatus.STALE,
    ClaimStatus.SUPPORTED,
)
_PRONOUNS = ("they ", "their ", "they'", "they’", "it ", "its ", "she ", "he ", "her ", "his ")


@dataclass(frozen=True)
class _Part:
    """One clause that may claim something, and the sentence it belongs to."""

    sentence: int
    said: Statement
    sure: bool


class ClaimChecker:
    """Checks what a seller writes; embedded only. Synchronous and safe from any thread.

    Whatever the retriever or the embedder raises goes through.
    """

    def __init__(self, retriever: Retriever, embedder: Embedder, clock: Clock, vendor: str) -> None:
        self._retriever = retriever
        self._clock = clock
        self._vendor = vendor
        self._vectors = SentenceVectors(embedder)
        self._lock = Lock()
        self._facts: Facts | None = None

    def check(self, text: str) -> list[Claim]:
        """One claim per sentence of ``text`` in order, of the first 40."""
        spans = sentences(text)[:MOST_SENTENCES]
        if not spans:
            return []
        facts = self._current()
        parts = list(_parts(text, spans, facts))
        found: dict[int, list[Finding]] = {}
        for part, finding in zip(parts, self._findings(parts, facts), strict=True):
            if part.sure or finding.strength >= SAME_TOPIC:
                found.setdefault(part.sentence, []).append(finding)
        return [_claim(text, span, found.get(index, [])) for index, span in enumerate(spans)]

    def warm(self, limit: int = 4_000) -> int:
        """Reads and embeds up to ``limit`` sentences of the evidence; how many there were."""
        facts = self._current()
        texts = [fact.said.text for item in facts.items for fact in facts.of(item)][:limit]
        for start in range(0, len(texts), _BATCH):
            self._vectors.of(texts[start : start + _BATCH])
        return len(texts)

    def _current(self) -> Facts:
        items = self._retriever.listing(Filters(), _ALL, 0)
        with self._lock:
            if self._facts is None or self._facts.items != items:
                self._facts = Facts(items, self._vendor)
            return self._facts

    def _findings(self, parts: Sequence[_Part], facts: Facts) -> Iterator[Finding]:
        vectors = self._vectors.of([part.said.normal for part in parts])
        likely = [
            facts.likely(part.said, self._items(part.said, vector, facts))
            for part, vector in zip(parts, vectors, strict=True)
        ]
        wanted = [fact.said.text for found in likely for _, fact in found]
        known = dict(zip(wanted, self._vectors.of(wanted), strict=True))
        today = self._clock().date()
        for part, vector, found in zip(parts, vectors, likely, strict=True):
            grounds = [
                facts.ground(part.said, fact, float(vector @ known[fact.said.text]), words)
                for words, fact in found
            ]
            yield judge(part.said, sorted(grounds, key=_by_score), facts, today)

    def _items(self, said: Statement, vector: Vector, facts: Facts) -> list[Evidence]:
        passages = self._retriever.search(said.normal, limit=PASSAGES, vector=vector)
        items = {passage.evidence.id: passage.evidence for passage in passages}
        for name in said.names.customers | said.names.competitors:
            items.update((item.id, item) for item in facts.by_name.get(name, []))
        return list(items.values())


def _by_score(ground: Ground) -> float:
    return -ground.score


def _parts(text: str, spans: Sequence[tuple[int, int]], facts: Facts) -> Iterator[_Part]:
    context = Mentions()
    for index, (start, end) in enumerate(spans):
        sentence = text[start:end]
        asked = asks(sentence)
        found = clauses(sentence)
        for number, clause in enumerate(found):
            said = _read(clause, facts, context)
            kind = kind_of(said, asked and number == len(found) - 1, facts.vocabulary)
            if kind is not Kind.TALK:
                core = _read(core_of(clause), facts, context)
                sure = kind is Kind.CLAIM and (len(found) == 1 or _says_something(core))
                yield _Part(index, core, sure)
            if said.names.customers or said.names.competitors:
                context = said.names


def _says_something(said: Statement) -> bool:
    named = said.names.customers or said.names.competitors or said.names.unknown
    return bool(named or said.figures) or len(said.topic) >= FEWEST_TOPIC_WORDS


def _read(clause: str, facts: Facts, context: Mentions) -> Statement:
    refers = clause.lower().lstrip(" \"'“‘(*_").startswith(_PRONOUNS)
    return read(clause[:LONGEST_CLAUSE], facts.names, context if refers else None)


def _claim(text: str, span: tuple[int, int], found: Sequence[Finding]) -> Claim:
    said = text[slice(*span)]
    if not found:
        return Claim(said, span, ClaimStatus.NOT_A_CLAIM)
    worst = min(found, key=lambda finding: _WORST_FIRST.index(finding.status))
    cited = tuple(Citation(f.evidence.id, f.said.text, f.span) for f in worst.facts if f.span)
    return Claim(said, span, worst.status, cited, worst.note[:LONGEST_NOTE])
