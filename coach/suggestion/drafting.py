"""A model writes the suggestions from the evidence that was found; code keeps what is covered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from coach.errors import ModelFailed
from coach.perception import content_words
from coach.suggestion import Advice, CitedClaim, Situation, Style, Suggestion
from coach.suggestion.grounding import figures, uncovered
from coach.suggestion.proof import Proof, concedes
from knowledge.chunking import sentences
from knowledge.evidence import Passage
from prompts import hash_of

if TYPE_CHECKING:
    from coach.ports import Model

PROMPT = "coach/suggest.v2"
WORDS_MAX = 90


async def drafted(
    model: Model,
    vendor: str,
    objection: str,
    situation: Situation,
    embedded: Advice,
    count: int,
    listener: str | None = None,
) -> Advice:
    """The model's suggestions from the same evidence; ModelFailed when none is grounded.

    ``listener`` is the role of the one who doubts a plan; None: a customer objects.
    """
    asks = embedded.objection.asks
    passages = {p.evidence.id: p for p in embedded.evidence}
    styles = [s.value for s in Style][:count]
    answer = await model.structured(
        PROMPT,
        {
            "vendor": vendor,
            "objection": objection,
            "situation": asdict(situation),
            "listener": listener,
            "asks": asks,
            "passages": [_for_model(p) for p in passages.values()],
            "styles": styles,
            "words_max": WORDS_MAX,
        },
        _schema(list(passages), styles),
    )
    checked = [_checked(raw, passages, objection, asks) for raw in answer["suggestions"]]
    kept = tuple(s for s in checked if s is not None)[:count]
    if not kept:
        raise ModelFailed("The model's suggestions held facts that no evidence covers")
    return Advice(
        embedded.objection,
        kept,
        embedded.evidence,
        embedded.missing,
        model.name,
        prompts={PROMPT: hash_of(PROMPT)},
    )


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
    raw: Mapping[str, Any], passages: Mapping[str, Passage], objection: str, asks: str
) -> Suggestion | None:
    """The suggestion without the sentences that aren't covered by what they cite; None if no
    sentence is left or a win is claimed where the evidence has none. Where ``asks`` has to settle
    what is meant, it is the question."""
    kept: list[str] = []
    claims: list[CitedClaim] = []
    for sentence in raw["sentences"]:
        text = _plain(sentence["text"])
        passage = passages.get(sentence["evidence_id"])
        cited = _best_quote(text, passage) if passage else None
        if uncovered(text, [cited.quote] if cited else [], objection):
            continue
        if passage and concedes(passage.evidence) and _WIN.search(text):
            continue
        kept.append(text)
        if cited:
            claims.append(CitedClaim(text, cited.item.id, cited.quote, cited.span))
    question, step = asks or _plain(raw["question"]), _plain(raw["next_step"])
    if not kept or uncovered(f"{question} {step}", [c.quote for c in claims], objection):
        return None
    if asks and asks not in kept:
        kept.append(asks)
    return Suggestion(Style(raw["style"]), " ".join(kept), tuple(claims), question, step)


_WIN = re.compile(
    r"\b(?:we(?:['’]re| are)|ours is) (?:\w+ )?(?:better|ahead|stronger|superior)\b", re.I
)


def _plain(text: str) -> str:
    """A model's words without markup and links."""
    return re.sub(r"\s+", " ", re.sub(r"https?://\S+|[<>`*_#\[\]]", "", text)).strip()


def _best_quote(text: str, passage: Passage) -> Proof | None:
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
    return Proof(item, passage.text[start:end], (base + start, base + end), 1.0)
