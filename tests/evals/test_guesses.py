"""Guesses at what a buyer hides: how often their closeness is told as a person told it.

The set is our own (``guesses.yaml``). Half of each list was tuned on, the other only measured.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from coach.buyer import opening_state
from coach.diagnosis.closeness import Closeness
from coach.diagnosis.matching import Matcher
from coach.scenario import Difficulty
from coach.scenario_book import load_scenarios
from knowledge.vectors.embedding import MiniLMEmbedder

pytestmark = pytest.mark.eval

SET = Path(__file__).parent / "guesses.yaml"
#: Guess, scenario, whether there is no need, the label; in each list every second is held out.
Row = tuple[str, str, bool, Closeness]


def rows(held_out: bool) -> list[Row]:
    return [
        (text, part["scenario"], part.get("no_need", False), level)
        for part in yaml.safe_load(SET.read_text("utf-8"))
        for level in Closeness
        for text in part[level.value][int(held_out) :: 2]
    ]


@pytest.fixture(scope="module")
def judged() -> dict[bool, list[tuple[Row, Closeness]]]:
    book = load_scenarios()
    matcher = Matcher(MiniLMEmbedder(), book.all())

    def level(row: Row) -> Closeness:
        text, name, no_need, _ = row
        scenario = book.get(name)
        seed = next(n for n in range(1000) if scenario.needed(n) is not no_need)
        state = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, seed)
        return matcher.match(text, scenario, state).level

    return {held: [(row, level(row)) for row in rows(held)] for held in (False, True)}


def test_how_often_the_level_is_right(judged: dict[bool, list[tuple[Row, Closeness]]]) -> None:
    """Four levels on the unseen half; and what would be worst is rare: calling a wrong guess
    right, or a right one no match at all."""
    for held, name in ((False, "tuned on"), (True, "held out")):
        found = judged[held]
        exact = sum(level is row[3] for row, level in found) / len(found)
        told = Counter((row[3], level) for row, level in found)
        wrong = [row for row, _ in found if row[3] in (Closeness.OTHER_CONCERN, Closeness.NO_MATCH)]
        flattered = sum(told[row, Closeness.RIGHT] for row in {r[3] for r in wrong})
        missed = told[Closeness.RIGHT, Closeness.NO_MATCH]
        right = sum(row[3] is Closeness.RIGHT for row, _ in found)
        print(f"\n{name}: {len(found)} guesses, level exact {exact:.1%}", end="; ")
        print(f"wrong ones called right {flattered} of {len(wrong)}", end="; ")
        print(f"right ones called no match {missed} of {right}")
    assert exact >= 0.7
    assert flattered <= 0.05 * len(wrong)
    assert missed <= 0.1 * right


def test_the_card_itself_is_right_and_another_buyers_never() -> None:
    """For every scenario that ships, with and without a need."""
    book = load_scenarios()
    matcher = Matcher(MiniLMEmbedder(), book.all())
    for scenario in book.all():
        for seed in (1, 2, 3, 4):
            state = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, seed)
            for other in book.all():
                for concern in (c for c in other.concerns if c.hidden):
                    level = matcher.match(concern.card, scenario, state).level
                    here = other.id == scenario.id and concern.id in state.concerns
                    assert (level is Closeness.RIGHT) == here, (scenario.id, seed, concern.id)
