"""A language model judges, and code checks every quote of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coach.assessment.judge import applies
from coach.assessment.remarks import remark_fault
from coach.assessment.reply import Reply
from coach.assessment.tips import tip_for
from coach.assessment.verdict import Assessment, Check, Verdict
from coach.late_pattern import late
from coach.moves import MoveKind
from coach.scenario import Scenario
from knowledge.chunking import sentences
from knowledge.evidence import verbatim_span

if TYPE_CHECKING:
    from coach.models import Receipt
    from coach.ports import Model

PROMPT = "judge/assess.v1"


def judge_schema(scenario: Scenario) -> dict[str, Any]:
    ids = [item.id for item in scenario.checks]
    check = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "enum": ids},
            "verdict": {"type": "string", "enum": [v.value for v in Verdict]},
            "quote": {"type": "string", "maxLength": 600},
            "explanation": {"type": "string", "maxLength": 300},
        },
        "required": ["id", "verdict", "quote", "explanation"],
        "additionalProperties": False,
    }
    return {
        "title": "assessment",
        "type": "object",
        "properties": {"checks": {"type": "array", "items": check, "maxItems": len(ids)}},
        "required": ["checks"],
        "additionalProperties": False,
    }


def orders_about(reply: Reply) -> bool:
    """Whether the reply may give orders to a program, or is no talk at all. What a model makes of
    such a reply may be what it was ordered to, so that code judges it alone."""
    return reply.heard.has(*_NO_TALK) or bool(_ORDERS.search(reply.text))


_NO_TALK = (MoveKind.PROMPT_LIKE, MoveKind.OFF_TOPIC, MoveKind.NOISE, MoveKind.FOREIGN)
#: Beside what perception knows for a prompt: what would move a judge and is said to no buyer.
_ORDERS = late(
    r"\b(?:swap|switch|change|reverse) roles\b|\bpretend (?:that |to |you)"
    r"|\brepeat (?:everything|all|the (?:text|words|lines?))\b|\b(?:answer|reply|respond|output)"
    r"(?: only)? (?:as|in|with) (?:json|xml|html|a link|yes|the word)\b|\brender (?:this|the)\b"
    r"|\bhidden (?:concern|worry|card)\b|\b(?:full|top|highest) (?:marks?|scores?)\b"
    r"|\b(?:mark|grade|rate|score|judge|count) (?:this|it|me|my|all|every|each)\b[^.!?]{0,60}"
    r"\b(?:yes|kept|passed|full|top|best|highest|correct|points|marks)\b"
    r"|\b(?:all|every|each) (?:of the )?(?:checks?|criteria|questions?|verdicts?)\b"
    r"|\b(?:verdicts?|rubric|canary|json)\b|</?\w+[^>]*>|\]\(",
    re.IGNORECASE,
)


async def judged_by(
    model: Model,
    scenario: Scenario,
    reply: Reply,
    embedded: Assessment,
    receipt: Receipt | None = None,
) -> tuple[Assessment, tuple[str, ...]]:
    """The model's verdicts where their quotes exist, and what was wrong with the others; hard rules
    and the rest stay with code.

    Raises ModelFailed.
    """
    answer = await model.structured(
        PROMPT,
        {
            "rubric": [{"id": i.id, "question": i.question} for i in scenario.checks],
            "buyer": reply.words,
            "reply": reply.text,
        },
        judge_schema(scenario),
        receipt,
    )
    given = {raw["id"]: raw for raw in answer["checks"]}
    kept = {i.id for i in scenario.checks if i.fatal or not applies(i, reply)}
    faults: list[str] = []
    checks = tuple(
        check if check.id in kept else _trusted(given.get(check.id), check, reply, scenario, faults)
        for check in embedded.checks
    )
    return replace(embedded, checks=checks, tip=tip_for(scenario, checks, reply)), tuple(faults)


def _trusted(
    raw: Mapping[str, Any] | None,
    embedded: Check,
    reply: Reply,
    scenario: Scenario,
    faults: list[str],
) -> Check:
    """The model's verdict if its quote stands in the reply and its reason may be shown, else the
    embedded one."""
    if raw is None:
        return embedded
    verdict, quote, text = Verdict(raw["verdict"]), raw["quote"].strip(), reply.text
    if fault := remark_fault(raw["explanation"], f"{reply.words}\n{text}", scenario):
        faults.append(fault)
        return embedded
    span = verbatim_span(text, quote) if quote else None
    if verdict is Verdict.NOT_OBSERVABLE:
        # without words of its own it can't take the place of a verdict that has some
        if embedded.verdict is Verdict.YES:
            return embedded
        quote, span = "", (0, 0)
    elif verdict is Verdict.NO and not quote:  # simply missing
        span = next(iter(sentences(text)), (0, len(text)))
        quote = text[slice(*span)]
    elif span is None:
        faults.append("quote_not_verbatim")
        return embedded
    return replace(
        embedded, verdict=verdict, quote=quote, span=span, explanation=raw["explanation"].strip()
    )
