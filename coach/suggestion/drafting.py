"""A model writes the suggestions from the evidence that was found; code keeps what is covered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from coach.errors import ModelFailed
from coach.suggestion import Advice, Situation, Style
from coach.suggestion.vetting import Ledger, Vetting
from knowledge.evidence import Passage
from prompts import hash_of

if TYPE_CHECKING:
    from coach.models import Receipt
    from coach.ports import Model

PROMPT = "coach/suggest.v2"
WORDS_MAX = 90


async def drafted(  # noqa: PLR0913  # all of it is in the prompt, but for ledger and receipt
    model: Model,
    vendor: str,
    objection: str,
    situation: Situation,
    embedded: Advice,
    count: int,
    ledger: Ledger,
    listener: str | None = None,
    *,
    receipt: Receipt | None = None,
) -> Advice:
    """The model's suggestions from the same evidence; ModelFailed when none is grounded.

    ``ledger`` holds what they say against all evidence. ``listener`` is the role of the one who
    doubts a plan; None: a customer objects.
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
        receipt,
    )
    vetting = Vetting(passages, objection, asks, ledger, PROMPT)
    checked = await asyncio.to_thread(
        lambda: [vetting.suggestion(s) for s in answer["suggestions"]]
    )
    kept = tuple(s for s in checked if s is not None)[:count]
    if not kept:
        raise ModelFailed("The model's suggestions held facts that no evidence covers")
    return replace(embedded, suggestions=kept, engine=model.name, prompts={PROMPT: hash_of(PROMPT)})


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
