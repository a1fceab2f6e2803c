"""A new scenario file: one to change, a copy of another, or a bare frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coach.authoring.review import ENOUGH, TODO
from coach.authoring.writing import FIRST_LINE, renamed, yaml_of

START = Path(__file__).with_name("start.yaml")


def started(scenario_id: str) -> str:
    """A whole small scenario with comments, to change bit by bit."""
    return FIRST_LINE + renamed(START.read_text(encoding="utf-8"), scenario_id)


def copied(scenario_id: str, source: str) -> str:
    kept = [line for line in source.splitlines(keepends=True) if "yaml-language-server" not in line]
    return FIRST_LINE + renamed("".join(kept), scenario_id)


def blank(scenario_id: str) -> str:
    """Every field that is needed, each with what to think about; valid, and all still to do."""
    return FIRST_LINE + yaml_of(_frame(scenario_id))


def _lines(what: str, number: int) -> list[str]:
    return [f"{TODO} {what} ({n + 1})" for n in range(number)]


def _concern(concern_id: str, about: str, **more: Any) -> dict[str, Any]:
    said = {
        "say": f"how the buyer says that {about}",
        "explain": f"more about it, asked openly: {about}",
        "doubt": f"that isn't enough yet: {about}",
        "accept": f"settled: {about}",
    }
    need = {
        "id": "what-would-do",
        "about": [f"{TODO} a sentence of a good seller that answers: {about}"],
        "ask": _lines(f"how the buyer asks for it: {about}", ENOUGH["ask"]),
    }
    lines = {part: _lines(what, ENOUGH[part]) for part, what in said.items()}
    named = {"id": concern_id, "label": f"{TODO} in few words", "card": f"{TODO} what is behind it"}
    return {**named, "topic": f"{TODO} {about}", **more, "needs": [need], **lines}


def _frame(scenario_id: str) -> dict[str, Any]:
    persona = {
        "id": "first-person",
        "name": f"{TODO} name",
        "role": f"{TODO} role",
        "organisation": f"{TODO} organisation",
        "sector": f"{TODO} sector",
        "region": f"{TODO} region",
        "size": 100,
        "temperament": "guarded",
        "manner": f"{TODO} how this person speaks, in one sentence",
    }
    rubric = [
        _check("asks-first", f"{TODO} Did the rep ask before answering?", "first", ["explore"], []),
        _check("proves", f"{TODO} Was each claim backed?", "on_claim", ["evidence"], ["invent"]),
        _check(
            "no-pressure", f"{TODO} No pressure?", "each", [], ["push", "disparage", "discount"]
        ),
    ]
    return {
        "id": scenario_id,
        "kind": "tactical",
        "title": f"{TODO} title",
        "summary": f"{TODO} who the buyer is and what stands in the way",
        "guide_section": f"{TODO} where in your sales guide this belongs",
        "goal": f"{TODO} what the seller should reach",
        "objection": "interest",
        "vendor": f"{TODO} who the seller works for",
        "personas": [persona],
        "opening": _lines("how the buyer opens", ENOUGH["opening"]),
        "concerns": [
            _concern("what-is-said", "what the buyer says openly"),
            _concern("what-is-hidden", "what the buyer only tells who asks", hidden=True, weight=3),
        ],
        "facts": [
            {
                "id": "a-fact",
                "topic": f"{TODO} a harmless thing the buyer tells when asked",
                "say": _lines("the harmless thing", 2),
            }
        ],
        "next_step": {
            "label": f"{TODO} the step that both would take",
            "accept": _lines("yes to the step", ENOUGH["step"]),
            "decline": _lines("not yet to the step", ENOUGH["step"]),
        },
        "rubric": rubric,
    }


def _check(
    check_id: str, question: str, when: str, yes: list[str], no: list[str]
) -> dict[str, Any]:
    given = {"yes": yes, "no": no}
    return {
        "id": check_id,
        "question": question,
        "when": when,
        **{side: rules for side, rules in given.items() if rules},
        "why_yes": f"{TODO} why this was good",
        "why_no": f"{TODO} why this was not",
        "tip": f"{TODO} what to do instead",
    }
