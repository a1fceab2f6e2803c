"""The claim ledger: each sentence of the seller against the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from coach.assertion import Clause, Kind, asks, clauses, core_of, kind_of
from coach.finding import Finding
from coach.grounds import Fact, Facts, Ground, SentenceVectors, Vector
from coach.ledger import Citation, Claim, ClaimStatus
from coach.naming import Mentions
from coach.statement import Statement, read
from coach.verdict import SAME_TOPIC, judge
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Filters

if TYPE_CHECKING:  # coach.ports leads back here through coach.assessment
    from coach.ports import Clock, Embedder, Retriever

__all__ = ["Citation", "Claim", "ClaimChecker", "ClaimStatus"]

MOST_SENTENCES = 40
MOST_ITEMS = 1_000_000
PASSAGES = 10
LONGEST_CLAUSE = 600
LONGEST_NOTE = 200

# Of the clauses of one sentence the worst decides.
_WORST_FIRST = (
    ClaimStatus.CONTRADICTED, ClaimStatus.OVERSTATED, ClaimStatus.UNSUPPORTED,
    ClaimStatus.STALE, ClaimStatus.SUPPORTED,
)  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """One clause that may claim something, and the sentence it belongs to."""

    sentence: int
    said: Statement
    sure: bool


class ClaimChecker:
    """Checks what a seller writes; embedded only. Synchronous and safe from any thread."""

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
        """Reads and embeds up to ``limit`` sentences of evidence ahead; how many there were."""
        facts = self._current()
        texts = [fact.said.text for item in facts.items for fact in facts.of(item)][:limit]
        for start in range(0, len(texts), 32):
            self._vectors.of(texts[start : start + 32])
        return len(texts)

    def _current(self) -> Facts:
        items = self._retriever.listing(Filters(), MOST_ITEMS, 0)
        with self._lock:
            if self._facts is None or self._facts.items != items:
                self._facts = Facts(items, self._vendor)
            return self._facts

    def _findings(self, parts: Sequence[_Part], facts: Facts) -> list[Finding]:
        vectors = self._vectors.of([part.said.normal for part in parts])
        likely = [
            facts.likely(part.said, self._items(part.said, vector, facts))
            for part, vector in zip(parts, vectors, strict=True)
        ]
        wanted = [fact.said.text for found in likely for _, fact in found]
        known = dict(zip(wanted, self._vectors.of(wanted), strict=True))
        today = self._clock().date()
        return [
            judge(part.said, _grounds(vector, found, known), _cards(part.said, facts), today)
            for part, vector, found in zip(parts, vectors, likely, strict=True)
        ]

    def _items(self, said: Statement, vector: Vector, facts: Facts) -> list[Evidence]:
        passages = self._retriever.search(said.normal, limit=PASSAGES, vector=vector)
        items = {passage.evidence.id: passage.evidence for passage in passages}
        for name in said.names.customers:
            items.update((item.id, item) for item in facts.by_customer.get(name, []))
        for name in said.names.competitors:
            items.update((item.id, item) for item in facts.by_competitor.get(name, []))
        return list(items.values())


def _parts(text: str, spans: Sequence[tuple[int, int]], facts: Facts) -> list[_Part]:
    parts = []
    context = Mentions()
    for index, (start, end) in enumerate(spans):
        sentence = text[start:end]
        asked = asks(sentence)
        for number, clause in enumerate(pieces := clauses(sentence)):
            said = _read(clause, facts, context)
            kind = kind_of(said, asked and number == len(pieces) - 1)
            if kind is not Kind.TALK:
                parts.append(_Part(index, _core(clause, facts, context), kind is Kind.CLAIM))
            if said.names.customers or said.names.competitors:
                context = said.names
    return parts


def _read(clause: Clause, facts: Facts, context: Mentions) -> Statement:
    return read(
        clause.text[:LONGEST_CLAUSE], facts.names, context if _refers(clause.text) else None
    )


def _core(clause: Clause, facts: Facts, context: Mentions) -> Statement:
    core = core_of(clause.text[:LONGEST_CLAUSE])
    return read(core, facts.names, context if _refers(core) else None)


def _refers(text: str) -> bool:
    return (
        text.lower()
        .lstrip(" \"'“‘(*_")
        .startswith(("they ", "their ", "they'", "they’", "it ", "its ", "she ", "he "))
    )


def _grounds(
    vector: Vector, found: Sequence[tuple[float, Fact]], known: dict[str, Vector]
) -> list[Ground]:
    grounds = [Ground(fact, float(vector @ known[fact.said.text]), words) for words, fact in found]
    return sorted(grounds, key=lambda ground: -ground.score)


def _cards(said: Statement, facts: Facts) -> list[Fact]:
    return [
        fact
        for name in said.names.competitors
        for item in facts.by_competitor.get(name, [])
        for fact in facts.of(item)
    ]


def _claim(text: str, span: tuple[int, int], found: Sequence[Finding]) -> Claim:
    said = text[slice(*span)]
    if not found:
        return Claim(said, span, ClaimStatus.NOT_A_CLAIM)
    worst = min(found, key=lambda finding: _WORST_FIRST.index(finding.status))
    cited = tuple(Citation(f.evidence.id, f.said.text, f.span) for f in worst.facts)
    return Claim(said, span, worst.status, cited, worst.note[:LONGEST_NOTE])
