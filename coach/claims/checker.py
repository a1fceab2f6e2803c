"""Checks a message: its clauses, the evidence for each, and the worst finding of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from coach.claims import talk
from coach.claims.assertion import Kind, asks, clauses, core_of, kind_of
from coach.claims.figures import DATE, figures
from coach.claims.finding import Finding
from coach.claims.grounds import REMEMBERED_ITEMS, Fact, Facts, Ground, SentenceVectors, Vector
from coach.claims.inference import Inference, TokenReader
from coach.claims.inference.weighing import weighed
from coach.claims.ledger import Citation, Claim, ClaimStatus
from coach.claims.limits import SAME_TOPIC
from coach.claims.naming import Mentions, Names
from coach.claims.patterns import opening
from coach.claims.statement import Statement, read
from coach.claims.verdict import judge, quotation
from knowledge.chunking import sentences
from knowledge.evidence import Evidence, Filters

if TYPE_CHECKING:  # coach.ports leads back here through coach.assessment
    from coach.ports import Clock, Embedder, Retriever

MOST_SENTENCES = 40
PASSAGES = 10
LONGEST_CLAUSE = 600
LONGEST_NOTE = 200
FAILED = "The check failed, so nothing is said about this sentence."
MOST_CITED = 3
# Strengths from which an unsure claim may be found wrong; the second where only a "not" differs.
CLEARLY, VERY_CLEARLY = 0.46, 0.52
# From which evidence is about the thing, though it doesn't say it; and words of a plain statement.
ON_TOPIC, FEWEST_STATED = 0.38, 3
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
#: What goes on about whom the sentence named before.
_GOES_ON = opening(r"(?:has|have|is|are|was|were|now)\b", talk.PAST, r"[a-z]+(?:n['’]t| not)\b")
_PRONOUNS = (
    *("they ", "they'", "they’", "their ", "it ", "it'", "it’", "its "),
    *("she ", "he ", "her ", "his "),
)


Ranked = list[tuple[float, Fact]]


@dataclass(frozen=True)
class _Part:
    """One clause that may claim something."""

    said: Statement
    sure: bool
    kind: Kind


@dataclass(frozen=True)
class _Read:
    """A sentence with its parts; ``context`` is who is spoken of after it."""

    sentence: str
    parts: tuple[_Part, ...]
    context: Mentions


@dataclass(frozen=True)
class Checked:
    """What came of a sentence; the span of its claim begins at 0, ``context`` as in ``_Read``."""

    claim: Claim
    context: Mentions


#: A sentence, who was spoken of before it, what the other side says, and whether it is a plan.
Place = tuple[str, Mentions, str, bool]


def unchecked(text: str) -> tuple[Claim, ...]:
    """The sentences of ``text`` for a check that failed."""
    spans = sentences(text)[:MOST_SENTENCES]
    return tuple(Claim(text[slice(*s)], s, ClaimStatus.UNCHECKED, note=FAILED) for s in spans)


class ClaimChecker:
    """Checks what a seller writes; embedded only. Synchronous and safe from any thread.

    Whatever the retriever or the embedder raises goes through. ``memory`` is for evidence, and a
    day, that stay the same meanwhile: a sentence that was checked once is looked up.
    """

    def __init__(
        self,
        retriever: Retriever,
        embedder: Embedder,
        clock: Clock,
        vendor: str,
        memory: MutableMapping[Place, Checked] | None = None,
        inference: Inference | None = None,
    ) -> None:
        self._retriever, self._memory = retriever, memory
        self._clock = clock
        self._vendor = vendor
        self._vectors = SentenceVectors(embedder)
        reader = Inference(embedder) if isinstance(embedder, TokenReader) else None
        self._inference = inference or reader
        self._lock = Lock()
        self._facts: Facts | None = None

    def check(self, text: str, heard: str = "", plan: bool = False) -> list[Claim]:
        """One claim per sentence of ``text`` in order, of the first 40.

        ``heard`` is what the other side says: a name in it wasn't invented by the seller. ``plan``
        says that the talk is about a plan, in which an argument needs no source.
        """
        spans = sentences(text)[:MOST_SENTENCES]
        if not spans:
            return []
        facts = self._current()
        names = facts.names.knowing(heard)
        known = {} if self._memory is None else self._memory
        fresh: dict[Place, _Read] = {}
        places: list[Place] = []
        context = Mentions()
        for start, end in spans:
            place = (text[start:end], context, heard, plan)
            places.append(place)
            if place not in known and place not in fresh:
                fresh[place] = _read_sentence(place, names)
            context = (known.get(place) or fresh[place]).context
        known.update(zip(fresh, self._checked(fresh.values(), facts), strict=True))
        return [
            replace(known[place].claim, span=span)
            for place, span in zip(places, spans, strict=True)
        ]

    def _checked(self, read: Iterable[_Read], facts: Facts) -> Iterator[Checked]:
        """What comes of each sentence; what they need is embedded together."""
        whole = list(read)
        parts = [part for one in whole for part in one.parts]
        likely = self._likely(parts, facts)
        found = iter(zip(likely, self._findings(parts, likely, facts), strict=True))
        for one in whole:
            own = [next(found) for _ in one.parts]
            claim = _claim(one.sentence, self._counting(one, own))
            named = facts.sources.named_in(one.sentence)
            yield Checked(_with_source(claim, named), one.context)

    def _counting(self, read: _Read, own: Sequence[tuple[Ranked, Finding]]) -> list[Finding]:
        """What counts of the findings about one sentence."""
        near = [fact for ranked, _ in own for _, fact in ranked]
        quoted = quotation(read.sentence, near, self._clock().date())
        words = quoted.facts[0].said.text.casefold() if quoted and quoted.facts else ""
        kept = [
            finding
            for part, (_, finding) in zip(read.parts, own, strict=True)
            if _counts(part, finding) and part.said.text.casefold().strip(" .!") not in words
        ]
        return [quoted, *kept] if quoted else kept

    def warm(
        self,
        go_on: Callable[[], bool] = lambda: True,
        limit: int = 4_000,
        about: Sequence[str] = (),
    ) -> None:
        """Reads and embeds up to ``limit`` sentences of the evidence while it may ``go_on``; first
        of all the rumours, and what is found for ``about``."""
        facts = self._current()
        items = islice(self._first_about(about, facts), REMEMBERED_ITEMS)
        texts = islice((fact.said.text for item in items for fact in facts.of(item)), limit)
        while go_on() and (some := list(islice(texts, _BATCH))):
            self._vectors.of(some)

    def warm_nets(self, go_on: Callable[[], bool] = lambda: True, limit: int = 2_000) -> None:
        """The same for what the nets read; without it a sentence waits for some facts."""
        if self._inference is None:
            return
        facts = self._current()
        items = facts.items[:REMEMBERED_ITEMS]
        texts = islice((fact.said.text for item in items for fact in facts.of(item)), limit)
        while go_on() and (some := list(islice(texts, _BATCH))):
            self._inference.warm(some)

    def _first_about(self, about: Sequence[str], facts: Facts) -> Iterator[Evidence]:
        """All items, each once; what is searched for is embedded in batches."""
        first = {fact.evidence.id: fact.evidence for fact in facts.told}
        yield from first.values()
        for start in range(0, len(about), _BATCH):
            some = about[start : start + _BATCH]
            self._retriever.prepare(some)
            found = (self._retriever.search(text, limit=PASSAGES) for text in some)
            for item in (passage.evidence for passages in found for passage in passages):
                if item.id not in first:
                    first[item.id] = item
                    yield item
        yield from (item for item in facts.items if item.id not in first)

    def _current(self) -> Facts:
        items = self._retriever.listing(Filters(), _ALL, 0)
        with self._lock:
            if self._facts is None or self._facts.items != items:
                self._facts = Facts(items, self._vendor)
            return self._facts

    def _likely(self, parts: Sequence[_Part], facts: Facts) -> list[Ranked]:
        texts = [part.said.normal for part in parts]
        self._retriever.prepare(texts)
        return [
            facts.likely(
                part.said, self._items(part.said, facts), partial(self._vectors.nearness, vector)
            )
            for part, vector in zip(parts, self._vectors.of(texts), strict=True)
        ]

    def _findings(
        self, parts: Sequence[_Part], likely: Sequence[Ranked], facts: Facts
    ) -> Iterator[Finding]:
        wanted = [part.said.normal for part in parts]
        wanted += [fact.said.text for ranked in likely for _, fact in ranked]
        known = dict(zip(wanted, self._vectors.of(wanted), strict=True))
        grounded = [
            (part.said, sorted(_grounds(part.said, ranked, known, facts), key=_by_score))
            for part, ranked in zip(parts, likely, strict=True)
        ]
        today = self._clock().date()
        found = [judge(said, near, facts, today) for said, near in grounded]
        if self._inference is None:
            return iter(found)
        open_to_it = [
            place
            for place, part in enumerate(parts)
            if (part.sure or not _idle(part.said))
            and self._inference.may_change(part.said, found[place])
        ]
        readings = self._inference.read([grounded[place] for place in open_to_it])
        for place, reading in zip(open_to_it, readings, strict=True):
            if reading:
                said, sure = parts[place].said, parts[place].sure
                found[place] = weighed(said, found[place], reading, today, sure=sure)
        return iter(found)

    def _items(self, said: Statement, facts: Facts) -> list[Evidence]:
        passages = self._retriever.search(said.normal, limit=PASSAGES)
        items = {passage.evidence.id: passage.evidence for passage in passages}
        for name in said.names.customers | said.names.competitors:
            items.update((item.id, item) for item in facts.by_name.get(name, []))
        return list(items.values())


def _grounds(
    said: Statement, ranked: Ranked, known: Mapping[str, Vector], facts: Facts
) -> Iterator[Ground]:
    for words, fact in ranked:
        closeness = float(known[said.normal] @ known[fact.said.text])
        yield facts.ground(said, fact, closeness, words)


def _by_score(ground: Ground) -> float:
    return -ground.score


def _read_sentence(place: Place, names: Names) -> _Read:
    sentence, context, _, plan = place
    asked = asks(sentence)
    found = clauses(sentence)
    parts = []
    for number, clause in enumerate(found):
        alone = read(clause[:LONGEST_CLAUSE], names)
        said = _in_context(alone, names, context, number > 0)
        goes_on = number > 0 and _GOES_ON.match(clause)
        kind = kind_of(said if goes_on else alone, asked and number == len(found) - 1, plan)
        if kind is not Kind.TALK:
            core = _core(said, clause, names, context, number > 0)
            sure = kind is Kind.CLAIM and (len(found) == 1 or _says_something(core))
            parts.append(_Part(core, sure, kind))
        if said.names.customers or said.names.competitors:
            context = said.names
    return _Read(sentence, tuple(parts), context)


def _counts(part: _Part, finding: Finding) -> bool:
    """What only may be a claim is one where the evidence clearly speaks of it; what is planned,
    where the evidence clearly says it too."""
    if part.sure:
        return True
    backed = finding.status in {ClaimStatus.SUPPORTED, ClaimStatus.STALE}
    if part.kind is Kind.PLAN:
        against = finding.status is ClaimStatus.CONTRADICTED and not finding.by_negation
        terms = against and all(figure.unit == DATE for figure in part.said.figures)
        return (backed or terms) and finding.strength >= CLEARLY
    if finding.status is ClaimStatus.UNSUPPORTED and not finding.facts:
        stated = part.kind is Kind.MAYBE and not _idle(part.said)
        return stated and finding.strength >= ON_TOPIC
    needed = SAME_TOPIC if backed else CLEARLY
    if finding.by_negation:
        needed = 1.0 if _starts_with(part.said.text, _PRONOUNS) else VERY_CLEARLY
    return bool(finding.facts) and finding.strength >= needed


def _idle(said: Statement) -> bool:
    """True for what is said of nothing in particular, or to somebody."""
    return bool(talk.SOFT.search(said.text) or talk.ADDRESSED.search(said.text)) or (
        len(said.topic) < FEWEST_STATED
    )


def _says_something(said: Statement) -> bool:
    named = said.names.customers or said.names.competitors or said.names.unknown
    return bool(named or said.figures) or len(said.topic) >= FEWEST_TOPIC_WORDS


def _core(
    said: Statement, clause: str, names: Names, context: Mentions, goes_on: bool
) -> Statement:
    """``said`` without "Did you know that" and its like."""
    core = core_of(clause)
    if core == clause:
        return said
    return _in_context(read(core[:LONGEST_CLAUSE], names), names, context, goes_on)


def _in_context(alone: Statement, names: Names, context: Mentions, goes_on: bool) -> Statement:
    """``context`` holds who was named before; ``goes_on`` says that it was in this sentence."""
    named = alone.names.customers or alone.names.competitors
    if named or not (context.customers or context.competitors):
        return alone
    clause = alone.text
    refers = _starts_with(clause, _PRONOUNS) or (goes_on and bool(_GOES_ON.match(clause)))
    return read(clause, names, context) if refers else alone


def _starts_with(clause: str, words: tuple[str, ...]) -> bool:
    return clause.lower().lstrip(" \"'“‘(*_").startswith(words)


def _with_source(claim: Claim, source: str) -> Claim:
    """A sentence that only says where something stands claims nothing beyond that."""
    only_names = not any(figure.unit != DATE for figure in figures(claim.text))
    if source and only_names and claim.status is ClaimStatus.UNSUPPORTED:
        return replace(claim, status=ClaimStatus.NOT_A_CLAIM, note="", source=source)
    return replace(claim, source=source)


def _claim(said: str, found: Sequence[Finding]) -> Claim:
    span = (0, len(said))
    if not found:
        return Claim(said, span, ClaimStatus.NOT_A_CLAIM)
    worst = min(found, key=lambda finding: _WORST_FIRST.index(finding.status))
    facts = [f for finding in found if finding.status is worst.status for f in finding.facts]
    cited = [Citation(f.evidence.id, f.quote, f.span) for f in facts if f.span]
    evidence = tuple(dict.fromkeys(cited))[:MOST_CITED]
    return Claim(said, span, worst.status, evidence, worst.note[:LONGEST_NOTE])
