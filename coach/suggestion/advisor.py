"""What do I say to this? The embedded engine's suggestions, put together from quotable evidence.

Its own wording (``objections.yaml``) holds no fact; facts are quotes, and ``grounding.py`` checks
the whole once more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coach.perception import content_words
from coach.suggestion import Advice, Lack, Missing, Situation, Style, Suggestion
from coach.suggestion.grounding import figures, names, uncovered
from coach.suggestion.objections import NONE, ObjectionGuess, Wording, wordings
from coach.suggestion.proof import Proof, concedes, quotable, whole
from coach.suggestion.recognition import Recogniser
from knowledge.evidence import Advantage, Evidence, Filters, Kind, Passage, Peer

if TYPE_CHECKING:
    from coach.ports import Clock, Embedder, Retriever

Vectors = NDArray[np.float32]

READ = 14  # passages looked at
MOST_WANTED = 5  # searches beside the one for the objection itself
MOST_PROOFS = 6
ELSEWHERE = 4  # times as many are read where what holds for other places drops out
SENTENCES = 56  # embedded per answer at most
RELEVANT = 0.24  # likeness of a quote to the objection below which it is no proof


class Advisor:
    """Answers "what do I say to this?"; synchronous parts run on a thread of the caller."""

    def __init__(self, retriever: Retriever, embedder: Embedder, clock: Clock) -> None:
        self._retriever, self._embedder, self._clock = retriever, embedder, clock
        self._recogniser = Recogniser(embedder, retriever)

    def warm(self) -> None:
        """Prepares examples and names, so that the first answer is as quick as the others."""
        self.advise("We are happy with what we have.", Situation(), 1)

    def advise(
        self,
        objection: str,
        situation: Situation,
        count: int = 3,
        kind: str | None = None,
        wanted: Sequence[str] = (),
        places: Sequence[str] = (),
    ) -> Advice:
        """The embedded engine's advice. ``kind`` is the type of objection where it is known,
        ``wanted`` are sentences that say what a good answer would bring here, and ``places`` the
        names of the country that a plan is about: what holds elsewhere proves nothing there."""
        vector = self._embedder.embed([objection])[0]
        competitor = self._competitor_in(objection)
        guess = self._guess(objection, vector, competitor, kind)
        if not guess.answerable:
            return Advice(guess, tuple(clarifying(objection, guess)))
        wording = wordings()[guess.type]
        competitor = situation.competitor or competitor
        near = Peer(situation.sector, situation.region, situation.customer_size)
        texts = tuple(wanted) or wording.seek
        asked = _Asked(
            objection,
            vector,
            guess,
            wording,
            competitor,
            near,
            texts,
            self._embedder.embed(texts),
            tuple(places),
        )
        passages = self._passages(asked)
        proofs = self._proofs(passages, asked)
        used = [p for p in passages if any(p.evidence.id == proof.item.id for proof in proofs)]
        return Advice(
            guess,
            tuple(assemble(objection, wording, proofs, count, guess.asks)),
            tuple(used or passages[:4]),
            tuple(missing(asked, situation.sector, proofs)),
        )

    def _guess(
        self, objection: str, vector: Vectors, competitor: str | None, kind: str | None
    ) -> ObjectionGuess:
        known = wordings().get(kind or "")
        if known and not known.live:
            return ObjectionGuess(str(kind), known.scenario, 1.0)
        guess = self._recogniser.recognise(objection, vector, competitor)
        if known and guess.rumour is None:
            return ObjectionGuess(str(kind), known.scenario, 1.0)
        return replace(guess, sure=True) if known else guess

    # --- finding proof ---

    def _competitor_in(self, text: str) -> str | None:
        return next((n for n in self.competitors() if _mentions(text, n)), None)

    def competitors(self) -> list[str]:
        """Names of competitors that the knowledge base has anything on."""
        return sorted(self._retriever.values("competitor"), key=lambda name: (-len(name), name))

    def _passages(self, asked: _Asked) -> list[Passage]:
        """What may be quoted, by the objection itself and by what a proof would sound like."""
        today, kinds = self._clock().date(), asked.wording.kinds

        def search(text: str, limit: int, **filters: Any) -> list[Passage]:
            allowed = Filters(quotable_on=today, **filters)
            read = limit * ELSEWHERE if asked.places else limit
            found = self._retriever.search(text, limit=read, filters=allowed, near=asked.near)
            return [p for p in found if _holds_in(asked.places, p.evidence)][:limit]

        wanted = asked.wanted[:MOST_WANTED]
        self._retriever.prepare([asked.text, *wanted])

        found: list[Passage] = []
        if (rumour := asked.guess.rumour) and rumour.evidence.quotable_on(today):
            found.append(whole(rumour.evidence))
        if asked.competitor and Kind.COMPETITIVE_FACT in kinds:
            facts = {"kinds": (Kind.COMPETITIVE_FACT,), "competitor": asked.competitor}
            found += search(asked.text, 4, **facts)
        others = tuple(k for k in kinds if k not in (Kind.COMPETITIVE_FACT, Kind.RUMOUR))
        for text in wanted:
            found += search(text, 2, kinds=others)
        found += search(asked.text, 4, kinds=others)
        unique = {p.evidence.id: p for p in reversed(found)}
        return list(reversed(unique.values()))[:READ]

    def _proofs(self, passages: Sequence[Passage], asked: _Asked) -> list[Proof]:
        """The best quotes, the best first; one of each item, two of the rumour itself."""
        candidates = [
            (passage.evidence, span)
            for passage in passages
            for span in quotable(passage, self._clock().date())
        ][:SENTENCES]
        if not candidates:
            return []
        rows = self._embedder.embed([item.text[a:b] for item, (a, b) in candidates])
        scored = sorted(
            (
                self._weighed(item, span, row, asked)
                for (item, span), row in zip(candidates, rows, strict=True)
            ),
            key=lambda pair: -pair[0],
        )
        kept: list[Proof] = []
        for _, proof in scored:
            same = sum(p.item.id == proof.item.id for p in kept)
            if same < (2 if proof.item.kind is Kind.RUMOUR else 1) and _serves(proof, asked):
                kept.append(proof)
        return _peer_early(kept, asked.near.sector)[:MOST_PROOFS]

    def _weighed(
        self, item: Evidence, span: tuple[int, int], row: Vectors, asked: _Asked
    ) -> tuple[float, Proof]:
        quote, near = item.text[span[0] : span[1]], asked.near
        to_objection = float(row @ asked.vector)
        to_seek = float(np.max(asked.seek @ row)) if len(asked.seek) else 0.0
        score = 0.35 * to_objection + 0.65 * to_seek + (0.05 if figures(quote) else 0.0)
        score += 0.04 if names(quote) else 0.0  # says who, and can be checked
        score -= 0.08 if quote[-1] not in '.!?”"' else 0.0  # a heading or half a sentence
        score += 0.3 if asked.guess.rumour and item.id == asked.guess.rumour.evidence.id else 0.0
        if asked.competitor and item.competitor == asked.competitor:
            telling = item.advantage is Advantage.US or (concedes(item) and _raised(item, asked))
            compared = asked.guess.type == "superior_competitor" and telling
            score += 0.2 if compared else 0.05
        score += 0.1 if near.sector and _same(item.sector, near.sector) else 0.0
        score += _KIND_BONUS.get(asked.wording.place(item.kind), 0.0)
        score += 0.03 if near.region and _same(item.region, near.region) else 0.0
        return score, Proof(
            item, quote, span, max(to_objection, to_seek), concedes(item), to_objection
        )


#: For the kind of proof that this objection wants most, and the next two.
_KIND_BONUS = {0: 0.1, 1: 0.08, 2: 0.03}


@dataclass(frozen=True)
class _Asked:
    """An objection, and all that is known about who asks."""

    text: str
    vector: Vectors
    guess: ObjectionGuess
    wording: Wording
    competitor: str | None
    near: Peer
    wanted: tuple[str, ...]
    seek: Vectors
    places: tuple[str, ...] = ()


def _peer_early(proofs: list[Proof], sector: str | None) -> list[Proof]:
    """A customer from the buyer's own sector is heard among the first two."""
    peer = next((p for p in proofs if sector and _same(p.item.sector, sector)), None)
    if peer is None or peer in proofs[:2]:
        return proofs
    return [proofs[0], peer, *(p for p in proofs[1:] if p is not peer)]


def _serves(proof: Proof, asked: _Asked) -> bool:
    """Near enough to be an answer; a concession only where the customer raised that very point."""
    if proof.concedes:
        return _raised(proof.item, asked)
    return proof.likeness >= RELEVANT or proof.item.kind is Kind.RUMOUR


def _raised(item: Evidence, asked: _Asked) -> bool:
    """True when the customer raised the very point that ``item`` compares."""
    better = asked.guess.type == "superior_competitor"
    point = f"{item.criterion} {item.us} {item.them}" if better else item.criterion or ""
    return bool(_stems(point, asked.competitor) & _stems(asked.text, asked.competitor))


def _stems(text: str, but: str | None) -> set[str]:
    return {w[:6] for w in content_words(text) if w != (but or "").casefold()}


def _holds_in(places: Sequence[str], item: Evidence) -> bool:
    """False for what is known of another region only; what names none holds everywhere."""
    return (
        not places
        or not item.region
        or any(_same(item.region, place) or _mentions(item.text, place) for place in places)
    )


def _mentions(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _pick(options: Sequence[str], objection: str, salt: str) -> str:
    """The same words for the same objection, other words for another."""
    return options[int(sha256(f"{salt}{objection}".encode()).hexdigest(), 16) % len(options)]


def _bridge(proof: Proof, place: int, wording: Wording, objection: str) -> str:
    """Words before a quote: the voice of others, or a fact of our own."""
    if place:
        return ("And also", "Besides")[(place - 1) % 2]
    others = proof.item.kind in (Kind.CASE_STUDY, Kind.TESTIMONIAL, Kind.RUMOUR)
    return _pick(wording.bridge if others else _OWN_FACT, objection, "b")


_OWN_FACT = ("To be concrete", "What I can point to", "Something you can check")


def _said(proof: Proof, bridge: str) -> str:
    """The proof as something to say: quoted to the letter, and conceded where it must be."""
    quoted = proof.quote if "“" in proof.quote else f"“{proof.quote}”"
    if proof.item.advantage is Advantage.THEM:
        return f"They are ahead on this one, and you should know it: {quoted}"
    if proof.item.advantage in (Advantage.SIMILAR, Advantage.MIXED):
        return f"On this one there is no clear winner; our side of it: {quoted}"
    return f"{bridge}: {quoted}"


def clarifying(objection: str, guess: ObjectionGuess) -> list[Suggestion]:
    """A question back where it isn't clear what is meant; nothing for what is no objection."""
    if guess.sure:
        return []
    return [_shaped(Style.ACKNOWLEDGE_AND_ASK, objection, wordings()[NONE], (), guess.asks)]


def assemble(
    objection: str, wording: Wording, proofs: Sequence[Proof], count: int, asks: str = ""
) -> list[Suggestion]:
    """Up to ``count`` replies. ``asks`` settles what the objection is, where that isn't sure: the
    first reply then only asks, and the others ask it after answering the likeliest."""
    plain = [p for p in proofs if not p.concedes]
    conceded = sorted((p for p in proofs if p.concedes), key=lambda p: -p.to_objection)
    lead = (conceded[:1] if conceded else []) + plain
    shapes = {
        Style.ACKNOWLEDGE_AND_ASK: (plain or list(proofs))[:1],
        Style.EVIDENCE_LED: lead[:3] if conceded else plain[:2],
        Style.CONCISE: (plain or list(proofs))[:1],
    }
    found = []
    for style, chosen in list(shapes.items())[:count]:
        if asks and style is Style.ACKNOWLEDGE_AND_ASK:
            suggestion = _shaped(style, objection, wordings()[NONE], (), asks)
        else:
            suggestion = _shaped(style, objection, wording, chosen, asks)
        quotes = [c.quote for c in suggestion.claims]
        if not uncovered(suggestion.text, quotes, objection):
            found.append(suggestion)
    return found


def _shaped(
    style: Style, objection: str, wording: Wording, chosen: Sequence[Proof], asks: str = ""
) -> Suggestion:
    acknowledge = _pick(wording.acknowledge, objection, f"a{style}")
    question = asks or _pick(wording.question, objection, f"q{style}")
    step = _pick(wording.step, objection, f"s{style}")
    facts = [
        (p, _said(p, _bridge(p, i, wording, f"{style}{objection}"))) for i, p in enumerate(chosen)
    ]
    told = " ".join(sentence for _, sentence in facts)
    honest = "I have nothing on that I could prove to you today; I'd rather find out than guess."
    if style is Style.ACKNOWLEDGE_AND_ASK:
        text = f"{acknowledge} {question}" + (f" {told}" if told else "")
    elif style is Style.EVIDENCE_LED:
        text = f"{acknowledge} {told or honest} {question} What I'd suggest next: {step}."
    else:
        text = f"{told or honest} {question}"
    return Suggestion(
        style, text, tuple(p.cited(sentence) for p, sentence in facts), question, step
    )


def missing(asked: _Asked, sector: str | None, proofs: Sequence[Proof]) -> list[Missing]:
    """What the answer does without. No comparison or reference is missed where the objection
    doesn't call for one."""
    competitor, kinds, found = asked.competitor, set(asked.wording.kinds), []
    items = [proof.item for proof in proofs]
    if not items:
        words = f"Nothing that may be quoted answers this objection ({asked.guess.type})."
        found.append(Missing(Lack.PROOF, words))
    compares = not competitor or any(_same(item.competitor, competitor) for item in items)
    if competitor and Kind.COMPETITIVE_FACT in kinds and not compares:
        words = f"No quotable fact compares us with {competitor} on this."
        found.append(Missing(Lack.COMPARISON, words, competitor))
    refers = not sector or any(item.customer and _same(item.sector, sector) for item in items)
    if sector and kinds & {Kind.CASE_STUDY, Kind.TESTIMONIAL} and not refers:
        words = f"No reference from the sector {sector} was found for this."
        found.append(Missing(Lack.REFERENCE, words, sector))
    return found


def _same(a: str | None, b: str) -> bool:
    return (a or "").casefold() == b.casefold()
