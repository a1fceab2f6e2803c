"""Who speaks: the buyer, never a helper, a program, the seller or somebody who plays a part."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from coach.late_pattern import late
from coach.vetting.fault import Fault
from coach.vetting.words import unquoted

if TYPE_CHECKING:
    from coach.vetting.ground import Ground

_PROGRAM = late(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|assistant|chat ?bot|buyer"
    r"|persona)\b"
    r"|\bi(?:['’]m| am)(?: only| just| merely| actually)? an? (?:ai|bot|chat ?bot|program|machine"
    r"|(?:large )?language model|(?:virtual |digital )?assistant)\b"
    r"|\bmy (?:system )?(?:prompt|instructions|guidelines|training data|programming)\b"
    r"|\b(?:system|developer) (?:prompt|message|mode)\b|\bi (?:was|am) (?:instructed|programmed"
    r"|prompted|told) to\b|\b(?:openai|chatgpt|gpt-?\d|llama|anthropic|mistral)\b"
    r"|\b(?:here (?:is|are)|sure,? here|certainly[,!] here)\b[^.]{0,60}[:\n]"
    r"|\b(?:rewritten|reworded|rephrased) (?:line|version|text|sentence)\b"
    r"|\bthe line (?:is|says)\b",
    re.IGNORECASE,
)
_HELPER = late(
    r"\bhow (?:can|may|could|else can) (?:i|we) (?:help|assist|support|serve)\b"
    r"|\b(?:here|happy|glad|pleased|ready) to (?:help|assist)\b"
    r"|\banything else (?:i can|you['’]?d like me|you need (?:help|from me))\b"
    r"|\bi (?:can(?:not|['’]t)|am unable to|can) (?:assist|help) (?:you )?with (?:that|this)\b"
    r"|\bi(?:['’]m| am) sorry,? but i can(?:not|['’]t)\b|\bfeel free to ask\b",
    re.IGNORECASE,
)
_LABEL = late(
    r"^\W*(?:seller|rep|you|assistant|ai|buyer|customer|user|human|system|coach|narrator"
    r"|line|answer|reply|response|output)\s*\**\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_STAGE = late(
    r"^\s*[(*\[][^)*\]]{2,80}[)*\]]|\*[a-z][^*]{2,60}\*"
    r"|\((?:\w+ly |\w+s )?(?:sighs?|smiles?|nods?|pauses?|laughs?|frowns?|shrugs?|leans?|looks?)\b",
    re.IGNORECASE,
)
_EXERCISE = late(
    r"\b(?:this|our|the) (?:role[- ]?play|simulation|exercise|practice session|scenario)\b"
    r"|\bin (?:my|the) role (?:as|of)\b|\bin character\b|\bpretend(?:ing)? to be\b"
    r"|\b(?:great|good|nice|excellent|well) (?:job|objection handling|pitch|done)\b[!.,]"
    r"|\byour (?:score|rubric|assessment|verdict)\b|\b(?:sales )?coach(?:ing)? tip\b"
    r"|\bas (?:your|a) (?:sales )?(?:coach|trainer)\b|\bhidden (?:concern|card|worry)\b",
    re.IGNORECASE,
)
_SELLS = late(
    r"\b(?:i|we)(?: at \w+)?(?:['’]d| would|['’]ll| will| can| could)?"
    r" (?:like |love |be happy |be glad )?"
    r"(?:to )?(?:offer|sell|quote|pitch) (?:you|your)\b"
    r"|\b(?:shall|can|may|could) (?:i|we) (?:send|email) you (?:a|our|the) "
    r"(?:proposal|quote|quotation|contract|brochure|offer)\b"
    r"|\bour (?:platform|solution|software|product) (?:can|will|could|would) (?:help|save|give)\b"
    r"|\bwhat (?:are|is) your (?:budget|pain points?|biggest challenge|objections?)\b",
    re.IGNORECASE,
)


def role(text: str, ground: Ground) -> Fault | None:
    """Words that stand in quotation marks or in the line itself don't count."""
    said = unquoted(text)
    patterns = [_PROGRAM, _HELPER, _LABEL, _STAGE, _EXERCISE, _SELLS]
    if ground.moment.scenario.kind != "strategic":  # there the other side may be one of us
        patterns.append(_speaks_for(ground.moment.scenario.vendor))
    fell = any(p.search(said) and not p.search(ground.core) for p in patterns)
    return Fault.ROLE if fell else None


def is_program(text: str) -> bool:
    """Whether a program speaks, or somebody who plays a part."""
    said = unquoted(text)
    return any(p.search(said) for p in (_PROGRAM, _LABEL, _EXERCISE))


@lru_cache(maxsize=64)
def _speaks_for(vendor: str) -> re.Pattern[str]:
    name = re.escape(vendor)
    return re.compile(
        rf"\b(?:we|us|here|i) at {name}\b|\b(?:i|we) (?:work for|represent|are from) {name}\b"
        rf"|\bi(?:['’]m| am) (?:with|from|calling from) {name}\b",
        re.IGNORECASE,
    )
