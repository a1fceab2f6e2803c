"""Does the buyer answer the very question, or say that they can't?

Run: pytest -m eval -s tests/evals/test_questions.py. The sets are our own: `questions.yaml` was
looked at while the rules were made, `questions_blind.yaml` was written afterwards, by the same
hand, and only measured.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from coach.perception import Perceiver
from coach.scenario_book import load_scenarios
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = pytest.mark.eval

HERE = Path(__file__).parent
FLOORS = {"questions": (0.85, 0.08), "questions_blind": (0.55, 0.1)}


@cache
def perceiver() -> Perceiver:
    return Perceiver(MiniLMEmbedder())


@pytest.mark.parametrize("name", FLOORS)
def test_the_question_is_answered_by_its_own_fact_or_by_none(name: str) -> None:
    """The share told right, and the share told something that wasn't asked."""
    right = wrong = there = 0
    missed = []
    for scenario, asked in yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8")).items():
        for question, gold in asked.items():
            heard = perceiver().hear(load_scenarios().get(scenario), question, "", ())
            wanted = None if gold in ("none", "worry") else gold
            there += 1
            right += heard.asked_fact == wanted
            wrong += heard.asked_fact not in (None, wanted)
            if heard.asked_fact != wanted:
                missed.append(f"  {scenario}: {question} -> {heard.asked_fact}, not {wanted}")
    print(
        f"\n{name}, {there}: right {right / there:.1%}, told what wasn't asked {wrong / there:.1%}"
    )
    if name != "questions_blind":  # the blind ones are counted, never read
        print("\n".join(missed))
    least, most = FLOORS[name]
    assert right / there >= least
    assert wrong / there <= most
