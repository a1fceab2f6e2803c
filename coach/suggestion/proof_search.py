"""From an objection to the quotes that answer it best."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from coach.perception import content_words
from coach.suggestion.asked import ANYWHERE, Asked, Vectors, same
from coach.suggestion.grounding import names
from coach.suggestion.proof import Proof, Span, concedes, quotable, speaker_of, whole
from coach.suggestion.standing import strength
from knowledge.evidence import Advantage, Evidence, Filters, Kind, Passage
from knowledge.searching.peers import REFERENCES, in_common

if TYPE_CHECKING:
    from datetime import date

    from coach.ports import Clock, Embedder, Retriever

READ = 14  # passages looked at
MOST_WANTED = 5  # searches beside the one for the objection itself
MOST_PROOFS = 6
ELSEWHERE = 4  # times as many are read where what holds for other places drops out
EACH_ITEM = 3  # sentences of one item that are embedded
SENTENCES = 26  # and of all
RELEVANT = 0.25  # likeness of a quote to what is looked for below which it is no proof
OF_A_PEER = 0.24  # the same for a customer of the buyer's own sector, who counts as such
#: Beside a quote that is much nearer it is none either: this share of the best likeness, up to ...
BESIDE, ENOUGH = 0.6, 0.36
SAYABLE, TOO_LONG = 25, 0.003  # words that are said with ease, and what each further one costs
REPEATED = 0.6  # share of its words from which a quote says what another one says
SHARED = 2  # words of its own that a question has in common with its answer
COMMON = 0.6  # share of what was found from which a word is none of its own
#: Likeness from which a quote answers words whose meaning isn't clear; from the second on, one
#: word in common is enough, as an abbreviation is.
DIRECT, PLAINLY = 0.45, 0.48

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")
#: For the kind of proof that this objection wants most, and the next two.
_KIND_BONUS = {0: 0.07, 1: 0.05, 2: 0.02}
_PEER_BONUS = {"same sector": 0.08, "same region": 0.03, "similar size": 0.03}


class ProofSearch:
    """Finds what may be quoted; synchronous and safe from any thread."""

    def __init__(self, retriever: Retriever, embedder: Embedder, clock: Clock) -> None:
        self._retriever, self._embedder, self._clock = retriever, embedder, clock

    def passages(self, asked: Asked) -> list[Passage]:
        """What may be quoted, by the objection itself and by what a proof would sound like."""
        today = self._clock().date()
        wanted = asked.wanted[:MOST_WANTED]
        self._retriever.prepare([asked.text, *wanted])
        found: list[Passage] = []
        if (rumour := asked.guess.rumour) and rumour.evidence.quotable_on(today):
            found.append(whole(rumour.evidence))
        if asked.competitor and Kind.COMPETITIVE_FACT in asked.wording.kinds:
            facts = {"kinds": (Kind.COMPETITIVE_FACT,), "competitor": asked.competitor}
            found += self._found(asked, asked.text, 4, today, **facts)
        for text in wanted:
            found += self._found(asked, text, 2, today, kinds=asked.other_kinds)
        found += self._found(asked, asked.text, 4, today, kinds=asked.other_kinds)
        unique = {p.evidence.id: p for p in reversed(found)}
        return list(reversed(unique.values()))[:READ]

    def proofs(self, passages: Sequence[Passage], asked: Asked) -> list[Proof]:
        """The best quotes, the best first; one of each item, three of the rumour itself."""
        ranked = [proof for _, proof in self._scored(passages, asked)]
        best = max((p.likeness for p in ranked if not p.concedes), default=0.0)
        floor = max(RELEVANT, min(ENOUGH, BESIDE * best))
        kept = _record(ranked, asked)
        for proof in ranked:
            taken = proof.item.id in {p.item.id for p in kept}
            if not taken and _serves(proof, asked, floor) and _is_new(proof, kept):
                kept.append(proof)
        return _peer_early(kept)[:MOST_PROOFS]

    def direct(self, asked: Asked) -> list[Proof]:
        """Quotes so near to the customer's words that they answer them, whatever they object to."""
        today = self._clock().date()
        kinds = tuple(kind for kind in Kind if kind is not Kind.RUMOUR)
        found = self._found(asked, asked.text, 8, today, kinds=kinds)
        words = _telling(asked.text, found)
        best: dict[str, Proof] = {}
        for _, proof in self._scored(found, asked):
            shared = words & _stems(proof.quote)
            enough = min(SHARED, len(words)) if proof.to_objection < PLAINLY else 1
            alike = len(shared) >= max(1, enough) or any(word.isupper() for word in shared)
            if (
                proof.to_objection >= DIRECT
                and alike
                and (not proof.concedes or asked.raised(proof.item))
            ):
                best.setdefault(proof.item.id, proof)
        return sorted(best.values(), key=lambda proof: -proof.to_objection)

    def _found(
        self, asked: Asked, text: str, limit: int, today: date, **filters: Any
    ) -> list[Passage]:
        allowed = Filters(quotable_on=today, **filters)
        read = limit * ELSEWHERE if asked.places else limit
        found = self._retriever.search(text, limit=read, filters=allowed, near=asked.near)
        return [p for p in found if asked.holds(p.evidence)][:limit]

    def _scored(self, passages: Sequence[Passage], asked: Asked) -> list[tuple[float, Proof]]:
        candidates = list(islice(self._candidates(passages, asked), SENTENCES))
        if not candidates:
            return []
        rows = self._embedder.embed([item.text[a:b] for item, (a, b) in candidates])
        weighed = [
            _weighed(item, span, row, asked)
            for (item, span), row in zip(candidates, rows, strict=True)
        ]
        return sorted(weighed, key=lambda pair: -pair[0])

    def _candidates(
        self, passages: Sequence[Passage], asked: Asked
    ) -> Iterator[tuple[Evidence, Span]]:
        """The sentences worth embedding, by the words they share with what is looked for."""
        told = content_words(" ".join((asked.text, *asked.wanted)))

        def promise(item: Evidence, span: Span) -> float:
            sentence = item.text[slice(*span)]
            shared = content_words(sentence) & told
            return strength(sentence, item, span[0]) + 0.03 * len(shared)

        for passage in passages:
            item = passage.evidence
            spans = quotable(passage, self._clock().date())
            if not asked.is_own_rumour(item):
                spans = sorted(spans, key=lambda span: -promise(item, span))[:EACH_ITEM]
            yield from ((item, span) for span in spans)


def _weighed(item: Evidence, span: Span, row: Vectors, asked: Asked) -> tuple[float, Proof]:
    quote = item.text[slice(*span)]
    to_objection = float(row @ asked.vector)
    to_seek = max(map(float, asked.seek @ row), default=0.0)
    score = 0.35 * to_objection + 0.65 * to_seek + strength(quote, item, span[0])
    score += 0.04 if names(quote) else 0.0  # says who, and can be checked
    score -= TOO_LONG * max(0, len(quote.split()) - SAYABLE)
    score += 0.3 if asked.is_own_rumour(item) else 0.0
    if asked.competitor and item.competitor == asked.competitor:
        telling = item.advantage is Advantage.US or (concedes(item) and asked.raised(item))
        score += 0.2 if asked.guess.type == "superior_competitor" and telling else 0.05
    score += _KIND_BONUS.get(asked.wording.place(item.kind), 0.0)
    score += sum(_PEER_BONUS[shared] for shared in in_common(asked.near, item))
    likeness = max(to_objection, to_seek)
    of_peer = item.kind in REFERENCES and same(item.sector, asked.near.sector)
    return score, Proof(
        item, quote, span, likeness, concedes(item), to_objection, speaker_of(item), of_peer
    )


def _serves(proof: Proof, asked: Asked, floor: float) -> bool:
    """Near enough to be an answer; a concession only where the customer raised that very point."""
    if proof.concedes:
        return asked.raised(proof.item)
    if proof.of_peer:
        floor = OF_A_PEER
    return proof.likeness >= floor and proof.item.kind is not Kind.RUMOUR


def _telling(text: str, found: Sequence[Passage]) -> set[str]:
    """The words of ``text``, without those that most of what was found has: our own name."""
    have = [_stems(passage.text) for passage in found]
    return {
        w
        for w in _stems(text)
        if w.isupper() or sum(w in one for one in have) <= COMMON * len(have)
    }


def _stems(text: str) -> set[str]:
    """Beginnings of words, and abbreviations, however short."""
    return {word[:6] for word in content_words(text) - ANYWHERE} | set(_ABBREVIATION.findall(text))


def _is_new(proof: Proof, kept: Sequence[Proof]) -> bool:
    """False where another quote says much the same."""
    words = content_words(proof.quote)
    others = (content_words(other.quote) for other in kept)
    return all(len(words & other) < REPEATED * min(len(words), len(other)) for other in others)


def _peer_early(proofs: list[Proof]) -> list[Proof]:
    """A customer from the buyer's own sector is heard among the first two."""
    peer = next((p for p in proofs if p.of_peer), None)
    if peer is None or peer in proofs[:2]:
        return proofs
    return [proofs[0], peer, *(p for p in proofs[1:] if p is not peer)]


def _record(ranked: Sequence[Proof], asked: Asked) -> list[Proof]:
    """Of the rumour itself: its first sentence that can be said, since what is so comes before
    why, and the two that answer best."""
    own = [proof for proof in ranked if asked.is_own_rumour(proof.item)]
    if not own:
        return []
    first = min(own, key=lambda proof: proof.span)
    return [first, *[proof for proof in own if proof is not first][:2]]
