"""Buyers, messages and scenarios as small as can be, made by the test that needs them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coach.buyer import BuyerState, Next, opening_state, react
from coach.moves import Move
from coach.moves import MoveKind as M
from coach.perception import Perception, remark
from coach.scenario import Difficulty, Scenario

EASY, NORMAL, HARD = Difficulty.EASY, Difficulty.NORMAL, Difficulty.HARD
WORDS = {part: ["one", "two", "three"] for part in ("say", "explain", "doubt", "accept")}


def concern(key: str, *needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    asks = [{"ask": ["a?", "b?"], **need} for need in needs]
    return {"id": key, "card": "c", "topic": key, "needs": asks, **WORDS, **more}


def scenario(truth: str = "", need_exists: bool | float = True) -> Scenario:
    """Two worries on the table and a third that is told to a seller who earns it.

    Where there may be no need, what there is instead takes the place of the third.
    """
    instead = concern(
        "instead",
        {"id": "honest-no", "move": "disqualify"},
        hidden=True,
        weight=3,
        when_needed=False,
    )
    return Scenario.model_validate(
        {
            "id": "a-test",
            "kind": "tactical",
            "title": "t",
            "summary": "s",
            "guide_section": "g",
            "goal": "g",
            "objection": "unknown",
            "vendor": "Corvane",
            "rumour": {"evidence": "r", "truth": truth, "statement": "It broke."}
            if truth
            else None,
            "personas": [
                {
                    "id": mood,
                    "name": "N",
                    "role": "R",
                    "organisation": "O",
                    "sector": "retail",
                    "region": "Nordics",
                    "size": 100,
                    "temperament": mood,
                    "manner": "m",
                }
                for mood in ("brisk", "warm", "guarded")
            ],
            "opening": ["1", "2", "3"],
            "concerns": [
                concern(
                    "risk", {"id": "plan", "about": ["p"]}, {"id": "proof", "move": "evidence"}
                ),
                concern("cost", {"id": "sum", "about": ["s"]}),
                concern(
                    "fear",
                    {"id": "heard", "about": ["h"]},
                    hidden=True,
                    weight=3,
                    when_needed=None if need_exists is True else True,
                ),
                *([] if need_exists is True else [instead]),
            ],
            "need_exists": need_exists,
            "facts": [{"id": "size", "topic": "size", "say": ["x"]}],
            "next_step": {
                "label": "l",
                "accept": ["1", "2", "3"],
                "decline": ["1", "2", "3"],
            },
            "rubric": [
                {"id": f"r{n}", "question": "?", "why_yes": "y", "why_no": "n", "tip": "t", **more}
                for n, more in enumerate(
                    (
                        {"when": "by_end", "yes": ["next_step"], "when_needed": True},
                        {"yes": ["disqualify"], "no": ["next_step"], "fatal": True}
                        | {"when_needed": False},
                        {"when": "on_claim", "yes": ["evidence"], "no": ["invent"], "fatal": True},
                    )
                )
            ],
        }
    )


PLAIN = scenario()


def said(text: str, *moves: M, needs: tuple[str, ...] = (), **more: Any) -> Perception:
    """One sentence as it is heard, with the moves that it makes and the needs that it meets."""
    made = tuple(Move(kind, (0, len(text)), text) for kind in moves)
    brought = {key: Move(M.CLAIM, (0, len(text)), text) for key in needs}
    return Perception(made, brought, remarks=(remark(text, text.endswith("?")),), **more)


def heard(*moves: M, needs: tuple[str, ...] = (), strength: float = 1.0, **more: Any) -> Perception:
    made = tuple(Move(kind, (0, 1), "x", strength) for kind in moves)
    brought = {key: Move(M.CLAIM, (0, 1), "x") for key in needs}
    return Perception(moves=made, needs=brought, **more)


def start(where: Scenario = PLAIN, difficulty: Difficulty = NORMAL) -> BuyerState:
    return opening_state(where, where.personas[0], difficulty, 1)


def after(
    *messages: Perception, where: Scenario = PLAIN, difficulty: Difficulty = NORMAL, **changes: Any
) -> tuple[BuyerState, Next]:
    state = replace(start(where, difficulty), **changes)
    for message in messages:
        state, planned = react(state, message, where, difficulty)
    return state, planned


ASKS = heard(M.ACKNOWLEDGE, M.EXPLORE)
ANSWERS_RISK = heard(M.EVIDENCE, needs=("risk/plan",))
ANSWERS_COST = heard(needs=("cost/sum",), relevance={"cost": 0.9})
ANSWERS_FEAR = heard(M.REFLECT, needs=("fear/heard",))
ASKS_WHAT_ELSE = heard(M.CHECK)
PROPOSES = heard(M.NEXT_STEP)
WINS = (ASKS, ANSWERS_RISK, ANSWERS_COST, ASKS_WHAT_ELSE, ANSWERS_FEAR, PROPOSES)
