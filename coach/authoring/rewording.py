"""A drafted buyer's lines in a model's words; each line that doesn't hold keeps its old ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING, Any

from coach.suggestion.grounding import uncovered

if TYPE_CHECKING:
    from coach.ports import Model

PROMPT = "coach/scenario.v1"
PARTS = ("say", "explain")
LONGEST = 300  # characters of a line


async def reworded(model: Model, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same draft; ModelFailed when the model gives no answer of the right form."""
    concerns = [await _concern(model, fields, concern) for concern in fields["concerns"]]
    return {**fields, "concerns": concerns}


async def _concern(
    model: Model, fields: Mapping[str, Any], concern: Mapping[str, Any]
) -> dict[str, Any]:
    old = [line for part in PARTS for line in concern[part]]
    answer = await model.structured(
        PROMPT,
        {
            "vendor": fields["vendor"],
            "competitor": fields.get("competitor", "nobody"),
            "topic": concern["topic"],
            "facts": [text for need in concern["needs"] for text in need["about"]],
            "lines": old,
        },
        _schema(len(old)),
    )
    known = " ".join([concern["topic"], fields["vendor"], fields.get("competitor", "")])
    new = _fitting(old, answer["lines"], known)
    at = len(concern[PARTS[0]])
    return {**concern, PARTS[0]: new[:at], PARTS[1]: new[at:]}


def _schema(number: int) -> dict[str, Any]:
    line = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    lines = {"type": "array", "items": line, "minItems": number, "maxItems": number}
    return {
        "title": "lines",
        "type": "object",
        "properties": {"lines": lines},
        "required": ["lines"],
        "additionalProperties": False,
    }


def _fitting(old: Sequence[str], new: Sequence[str], known: str) -> list[str]:
    kept: list[str] = []
    for before, given in zip(old, new, strict=True):
        text = " ".join(re.sub(r"[<>`*_#\[\]]", "", given).split())
        kept.append(text if _holds(text, before, known) and text not in kept else before)
    return kept


def _holds(text: str, before: str, known: str) -> bool:
    """Nothing is in it that wasn't in the line before."""
    try:
        same_slots = _slots(text) == _slots(before)
    except ValueError:  # braces that don't match
        return False
    return bool(text) and same_slots and not uncovered(text, [before], known)


def _slots(line: str) -> set[str]:
    return {slot for _, slot, _, _ in Formatter().parse(line) if slot is not None}
