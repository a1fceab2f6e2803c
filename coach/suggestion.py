"""Suggested replies to an objection, every fact in them cited to the exact words of evidence.

The embedded engine assembles them: its own wording holds no fact, facts are quotes. A model may
write them instead; either way ``coach.grounding`` checks them and drops what isn't covered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coach.errors import ModelFailed
from coach.grounding import figures, uncovered
from coach.objections import NONE, ObjectionGuess, Recogniser, Wording, wordings
from coach.perception import content_words
from knowledge.chunking import sentences
from knowledge.evidence import Advantage, Evidence, Filters, Kind, Passage, Peer, verbatim_span

if TYPE_CHECKING:
    from coach.ports import Clock, Embedder, Model, Retriever

PROMPT = "coach/suggest.v1"
EMBEDDED = "embedded"
READ = 10  # passages looked at
SENTENCES = 24  # embedded per answer at most
RELEVANT = 0.24  # likeness of a quote to the objection below which it is no proof
QUOTE_WORDS = (5, 45)


class Style(StrEnum):
    ACKNOWLEDGE_AND_ASK = "acknowledge_and_ask"
    EVIDENCE_LED = "evidence_led"
    CONCISE = "concise"


@dataclass(frozen=True)
class CitedClaim:
    """``text`` is the sentence of the suggestion; ``quote`` the words of evidence it rests on,
    ``evidence.text[span[0]:span[1]]``."""

    text: str
    evidence_id: str
    quote: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Suggestion:
    style: Style
    text: str
    claims: tuple[CitedClaim, ...]
    question: str
    next_step: str


@dataclass(frozen=True)
class Situation:
    """What is known of the customer who objects; all optional."""

    sector: str | None = None
    region: str | None = None
    competitor: str | None = None
    customer_size: int | None = None


@dataclass(frozen=True)
class Advice:
    objection: ObjectionGuess
    suggestions: tuple[Suggestion, ...] = ()
    evidence: tuple[Passage, ...] = ()
    gaps: tuple[str, ...] = ()
    engine: str = EMBEDDED
    note: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Proof:
    """A quote that may be shown to a customer, and how it must be introduced."""

    item: Evidence
    quote: str
    span: tuple[int, int]
    likeness: float
    concedes: bool = False  # the competitor is ahead, or it is even

    def cited(self, sentence: str) -> CitedClaim:
        return CitedClaim(sentence, self.item.id, self.quote, self.span)


class Advisor:
    """Answers "what do I say to this?"; synchronous parts run on a thread of the caller."""

    def __init__(self, retriever: Retriever, embedder: Embedder, clock: Clock, vendor: str) -> None:
        self._retriever, self._embedder, self._clock = retriever, embedder, clock
        self._vendor = vendor
        self._recogniser = Recogniser(embedder, retriever)

    def warm(self) -> None:
        """Prepares examples and names, so that the first answer is as quick as the others."""
        self.advise("We are happy with what we have.", Situation(), 1)

    def advise(
        self, objection: str, situation: Situation, count: int = 3, kind: str | None = None
    ) -> Advice:
        """The embedded engine's advice; ``kind`` is the type of objection where it is known."""
        vector = self._embedder.embed([objection])[0]
        guess = self._recogniser.recognise(objection, vector)
        if kind in wordings() and guess.rumour is None:
            guess = replace(guess, type=str(kind), scenario=wordings()[str(kind)].scenario)
        if guess.type == NONE:
            return Advice(guess)
        wording = wordings()[guess.type]
        competitor = situation.competitor or self._competitor_in(objection)
        passages = self._passages(objection, vector, wording, situation, competitor, guess)
        proofs = self._proofs(passages, vector, objection, competitor)
        used = [p for p in passages if any(p.evidence.id == proof.item.id for proof in proofs)]
        return Advice(
            guess,
            tuple(_assemble(objection, wording, proofs, count)),
            tuple(used or passages[:4]),
            tuple(_gaps(guess, situation, competitor, proofs)),
        )

    # --- finding proof ---

    def _competitor_in(self, text: str) -> str | None:
        return next((n for n in self.competitors() if _mentions(text, n)), None)

    def competitors(self) -> list[str]:
        """Names of competitors that the knowledge base has anything on."""
        items = self._retriever.listing(Filters(kinds=(Kind.COMPETITIVE_FACT,)), 100_000, 0)
        return sorted({i.competitor for i in items if i.competitor}, key=lambda n: (-len(n), n))

    def _passages(
        self,
        objection: str,
        vector: NDArray[np.float32],
        wording: Wording,
        situation: Situation,
        competitor: str | None,
        guess: ObjectionGuess,
    ) -> list[Passage]:
        today = self._clock().date()
        near = Peer(situation.sector, situation.region, situation.customer_size)
        found = [guess.rumour] if guess.rumour and guess.rumour.evidence.quotable_on(today) else []

        def search(limit: int, **filters: Any) -> list[Passage]:
            return self._retriever.search(
                objection,
                limit=limit,
                filters=Filters(quotable_on=today, **filters),
                vector=vector,
                near=near,
            )

        if competitor and Kind.COMPETITIVE_FACT in wording.kinds:
            found += search(4, kinds=(Kind.COMPETITIVE_FACT,), competitor=competitor)
        others = tuple(k for k in wording.kinds if k not in (Kind.COMPETITIVE_FACT, Kind.RUMOUR))
        found += search(READ, kinds=others)
        seen: set[str] = set()
        return [p for p in found if not (p.evidence.id in seen or seen.add(p.evidence.id))][:READ]  # type: ignore[func-returns-value]

    def _proofs(
        self,
        passages: Sequence[Passage],
        vector: NDArray[np.float32],
        objection: str,
        competitor: str | None,
    ) -> list[_Proof]:
        """The best quote of each passage, the best proof first."""
        candidates = [
            (passage.evidence, span, rank)
            for rank, passage in enumerate(passages)
            for span in _quotable(passage, self._clock().date(), objection)
        ][:SENTENCES]
        if not candidates:
            return []
        rows = self._embedder.embed([item.text[a:b] for item, (a, b), _ in candidates])
        best: dict[str, tuple[float, _Proof]] = {}
        for (item, (start, end), rank), row in zip(candidates, rows, strict=True):
            quote, likeness = item.text[start:end], float(row @ vector)
            score = likeness - 0.015 * rank + (0.06 if figures(quote) else 0.0)
            if item.kind is Kind.COMPETITIVE_FACT and competitor:
                score += 0.12
            proof = _Proof(item, quote, (start, end), likeness, _concedes(item))
            if item.id not in best or score > best[item.id][0]:
                best[item.id] = (score, proof)
        ranked = sorted(best.values(), key=lambda pair: -pair[0])
        named = [
            proof
            for _, proof in ranked
            if proof.likeness >= RELEVANT
            or proof.item.kind is Kind.RUMOUR
            or (competitor and proof.item.competitor == competitor and proof.likeness >= 0.15)
        ]
        return named[:6]

    # --- a model writes, code checks ---

    async def written(
        self, model: Model, objection: str, situation: Situation, embedded: Advice, count: int
    ) -> Advice:
        """The model's suggestions from the same evidence; ModelFailed when none is grounded."""
        passages = {p.evidence.id: p for p in embedded.evidence}
        styles = [s.value for s in Style][:count]
        answer = await model.structured(
            PROMPT,
            {
                "vendor": self._vendor,
                "objection": objection,
                "situation": {
                    "sector": situation.sector,
                    "region": situation.region,
                    "competitor": situation.competitor,
                    "customer_size": situation.customer_size,
                },
                "passages": [_for_model(p) for p in passages.values()],
                "styles": styles,
                "words_max": 90,
            },
            _schema(list(passages), styles),
        )
        written = [_checked(raw, passages, objection) for raw in answer["suggestions"]]
        kept = tuple(s for s in written if s is not None)[:count]
        if not kept:
            raise ModelFailed("The model's suggestions held facts that no evidence covers")
        from prompts import hash_of  # noqa: PLC0415  # only a model's answer needs it

        return Advice(
            embedded.objection,
            kept,
            embedded.evidence,
            embedded.gaps,
            model.name,
            prompts={PROMPT: hash_of(PROMPT)},
        )


def _mentions(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _concedes(item: Evidence) -> bool:
    return item.advantage in (Advantage.THEM, Advantage.SIMILAR, Advantage.MIXED)


def _quotable(passage: Passage, today: date, objection: str) -> list[tuple[int, int]]:
    """Sentences of the passage that can stand alone in front of a customer."""
    item = passage.evidence
    if not item.quotable_on(today):
        return []
    if item.kind is Kind.COMPETITIVE_FACT:
        own = item.them if item.advantage is Advantage.THEM else item.us
        span = verbatim_span(item.text, own) if own else None
        if item.advantage in (None, Advantage.UNSTATED) and not own:
            return []  # who is ahead is unknown: nothing to say to a customer
        return [span] if span and len(own or "") <= 400 else _standing(item.text, span)
    return _standing(item.text, passage.span)


def _standing(text: str, within: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Whole sentences inside ``within`` that need no sentence before them."""
    start, end = within or (0, len(text))
    least, most = QUOTE_WORDS
    found = []
    for a, b in sentences(text[start:end]):
        sentence = text[start + a : start + b]
        words = sentence.split()
        if least <= len(words) <= most and not _LEANS.match(sentence) and "\n" not in sentence:
            found.append((start + a, start + b))
    return found[:8]


_LEANS = re.compile(
    r"(?:[#*\-|>•–—]|it\b|its\b|they\b|their\b|this\b|that\b|these\b|those\b|he\b|she\b|his\b|her\b|but\b|and\b|so\b|also\b|then\b|however\b|there is a rumour)",
    re.IGNORECASE,
)


def _pick(options: Sequence[str], objection: str, salt: str) -> str:
    """The same words for the same objection, other words for another."""
    return options[int(sha256(f"{salt}{objection}".encode()).hexdigest(), 16) % len(options)]


def _said(proof: _Proof, bridge: str) -> str:
    """The proof as something to say: quoted to the letter, and conceded where it must be."""
    if proof.item.advantage is Advantage.THEM:
        return f"They are ahead on this one, and you should know it: “{proof.quote}”"
    if proof.item.advantage in (Advantage.SIMILAR, Advantage.MIXED):
        return f"On this one there is no clear winner; our side of it: “{proof.quote}”"
    return f"{bridge}: “{proof.quote}”"


def _assemble(
    objection: str, wording: Wording, proofs: Sequence[_Proof], count: int
) -> list[Suggestion]:
    plain = [p for p in proofs if not p.concedes]
    conceded = [p for p in proofs if p.concedes]
    lead = (conceded[:1] if conceded else []) + plain
    shapes = {
        Style.ACKNOWLEDGE_AND_ASK: (plain or list(proofs))[:1],
        Style.EVIDENCE_LED: lead[:3] if conceded else plain[:2],
        Style.CONCISE: (plain or list(proofs))[:1],
    }
    found = []
    for style, chosen in list(shapes.items())[:count]:
        suggestion = _shaped(style, objection, wording, chosen)
        quotes = [c.quote for c in suggestion.claims]
        if not uncovered(suggestion.text, quotes, objection):
            found.append(suggestion)
    return found


def _shaped(style: Style, objection: str, wording: Wording, chosen: Sequence[_Proof]) -> Suggestion:
    acknowledge = _pick(wording.acknowledge, objection, f"a{style}")
    question = _pick(wording.question, objection, f"q{style}")
    step = _pick(wording.step, objection, f"s{style}")
    bridges = [_pick(wording.bridge, objection, f"b{style}"), "And also", "Besides"]
    facts = [(p, _said(p, bridges[min(i, 2)])) for i, p in enumerate(chosen)]
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


def _gaps(
    guess: ObjectionGuess, situation: Situation, competitor: str | None, proofs: Sequence[_Proof]
) -> list[str]:
    gaps = []
    if not proofs:
        gaps.append(f"Nothing that may be quoted answers this objection ({guess.type}).")
    if competitor and not any(p.item.competitor == competitor for p in proofs):
        gaps.append(f"No quotable fact compares us with {competitor} on this.")
    peers = [p for p in proofs if p.item.customer]
    if situation.sector and not any(_same(p.item.sector, situation.sector) for p in peers):
        gaps.append(f"No reference from the sector {situation.sector} was found for this.")
    return gaps


def _same(a: str | None, b: str) -> bool:
    return (a or "").casefold() == b.casefold()


# --- what a model is asked for, and what of its answer stands ---


def _for_model(passage: Passage) -> dict[str, Any]:
    item = passage.evidence
    return {
        "id": item.id,
        "kind": item.kind.value,
        "title": item.title,
        "text": passage.text,
        "as_of": item.as_of.isoformat() if item.as_of else None,
        "advantage": item.advantage.value if item.advantage else None,
        "truth": item.truth.value if item.truth else None,
        "position": item.position,
    }


def _schema(ids: Sequence[str], styles: Sequence[str]) -> dict[str, Any]:
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": 400},
            "evidence_id": {"type": "string", "enum": [*ids, "none"]},
        },
        "required": ["text", "evidence_id"],
        "additionalProperties": False,
    }
    suggestion = {
        "type": "object",
        "properties": {
            "style": {"type": "string", "enum": list(styles)},
            "sentences": {"type": "array", "items": sentence, "minItems": 1, "maxItems": 8},
            "question": {"type": "string", "maxLength": 300},
            "next_step": {"type": "string", "maxLength": 300},
        },
        "required": ["style", "sentences", "question", "next_step"],
        "additionalProperties": False,
    }
    return {
        "title": "suggestions",
        "type": "object",
        "properties": {
            "suggestions": {
                "type": "array",
                "items": suggestion,
                "minItems": 1,
                "maxItems": len(styles),
            }
        },
        "required": ["suggestions"],
        "additionalProperties": False,
    }


def _checked(
    raw: Mapping[str, Any], passages: Mapping[str, Passage], objection: str
) -> Suggestion | None:
    """The suggestion without the sentences that aren't covered by what they cite; None if no
    sentence is left or a win is claimed where the evidence has none."""
    kept: list[str] = []
    claims: list[CitedClaim] = []
    for sentence in raw["sentences"]:
        text = _plain(sentence["text"])
        passage = passages.get(sentence["evidence_id"])
        cited = _best_quote(text, passage) if passage else None
        if uncovered(text, [cited.quote] if cited else [], objection):
            continue
        if passage and _concedes(passage.evidence) and _WIN.search(text):
            continue
        kept.append(text)
        if cited:
            claims.append(CitedClaim(text, cited.item.id, cited.quote, cited.span))
    question, step = _plain(raw["question"]), _plain(raw["next_step"])
    if not kept or uncovered(f"{question} {step}", [c.quote for c in claims], objection):
        return None
    return Suggestion(Style(raw["style"]), " ".join(kept), tuple(claims), question, step)


_WIN = re.compile(
    r"\b(?:we(?:['’]re| are)|ours is) (?:\w+ )?(?:better|ahead|stronger|superior)\b", re.I
)


def _plain(text: str) -> str:
    """A model's words without markup and links."""
    return re.sub(r"\s+", " ", re.sub(r"https?://\S+|[<>`*_#\[\]]", "", text)).strip()


def _best_quote(text: str, passage: Passage) -> _Proof | None:
    """The sentence of the passage that covers the model's sentence best."""
    item, wanted = passage.evidence, content_words(text)
    spans = sentences(passage.text)
    if not spans:
        return None
    start, end = max(
        spans,
        key=lambda s: (
            len(figures(text) & figures(passage.text[s[0] : s[1]])),
            len(wanted & content_words(passage.text[s[0] : s[1]])),
        ),
    )
    base = passage.span[0]
    return _Proof(item, passage.text[start:end], (base + start, base + end), 1.0)
