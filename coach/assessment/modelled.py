"""A language model judges, and code checks every quote of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coach.assessment.judge import applies
from coach.assessment.reply import Reply
from coach.assessment.tips import tip_for
from coach.assessment.verdict import Assessment, Check, Verdict
from coach.scenario import Scenario
from knowledge.evidence import verbatim_span

if TYPE_CHECKING:
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


async def judged_by(
    model: Model, scenario: Scenario, reply: Reply, embedded: Assessment
) -> Assessment:
    """The model's verdicts where their quotes exist; hard rules and the rest stay with code.

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
    )
    given = {raw["id"]: raw for raw in answer["checks"]}
    kept = {i.id for i in scenario.checks if i.fatal or not applies(i, reply)}
    checks = tuple(
        check if check.id in kept else _trusted(given.get(check.id), check, reply.text)
        for check in embedded.checks
    )
    return replace(embedded, checks=checks, tip=tip_for(scenario, checks, reply))


def _trusted(raw: Mapping[str, Any] | None, embedded: Check, text: str) -> Check:
    """The model's verdict if its quote stands in the reply, else the embedded one."""
    if raw is None:
        return embedded
    verdict, quote = Verdict(raw["verdict"]), raw["quote"].strip()
    if verdict is Verdict.NOT_OBSERVABLE:
        return replace(
            embedded, verdict=verdict, quote="", span=(0, 0), explanation=raw["explanation"]
        )
    span = verbatim_span(text, quote)
    if span is None and verdict is Verdict.NO:
        quote, span = embedded.quote, embedded.span
    if span is None or not quote:
        return embedded
    return replace(
        embedded, verdict=verdict, quote=quote, span=span, explanation=raw["explanation"]
    )
