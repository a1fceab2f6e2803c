"""Words that give in where code decided nothing of the kind: how many are caught, at what cost.

Run: pytest -m eval -s tests/evals/test_concessions.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from coach.buyer import Next, opening_state
from coach.scenario import Act, Concern, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from coach.vetting import Ground
from coach.vetting.deciding import softened, undecided
from coach.voice import Moment

pytestmark = pytest.mark.eval

OWN = Path(__file__).parent / "concessions.yaml"
BOOK = load_scenarios()


def held(scenario: Scenario, concern: Concern, act: Act, core: str) -> Ground:
    """A buyer who was to say ``core``, at the beginning of a talk."""
    who = scenario.personas[0]
    state = opening_state(scenario, who, Difficulty.NORMAL, 1)
    return Ground(Moment(scenario, who, state, Next(act, "x", concern=concern.id), 1), core, "")


def gives_in(text: str, ground: Ground) -> bool:
    return bool(softened(text, ground) or undecided(text, ground))


def moments(scenario: Scenario, concern: Concern) -> Iterator[Ground]:
    yield held(scenario, concern, Act.PRESS, concern.say[0])
    yield held(scenario, concern, Act.DOUBT, concern.doubt[0])


def test_free_words_of_our_own_set() -> None:
    """Two in three concessions of the half that no rule was written from, at most one doubt in
    twenty mistaken."""
    told, of = Counter[str](), Counter[str]()
    for entry in yaml.safe_load(OWN.read_text("utf-8")):
        scenario = BOOK.get(entry["scenario"])
        concern = next(c for c in scenario.concerns if not c.hidden)
        for kind in ("yields", "holds"):
            for n, text in enumerate(entry[kind]):
                for ground in moments(scenario, concern):
                    key = f"{kind}, {'only measured' if n % 2 else 'tuned on'}"
                    told[key] += gives_in(text, ground)
                    of[key] += 1
    print()
    for key in sorted(of):
        print(f"{key}: {told[key]} of {of[key]} taken for a concession")
    assert told["yields, only measured"] >= 0.66 * of["yields, only measured"]
    assert told["holds, only measured"] <= 0.05 * of["holds, only measured"]


def test_written_lines_in_place_of_others() -> None:
    """Each line that presses, explains or doubts, where another such line was to be said."""
    alarms = pairs = 0
    for scenario in BOOK.all():
        for concern in scenario.concerns:
            for core in (concern.say[0], concern.doubt[0], concern.say[-1]):
                ground = held(scenario, concern, Act.PRESS, core)
                others = {*concern.say, *concern.doubt, *concern.explain} - {core}
                alarms += sum(gives_in(text, ground) for text in others)
                pairs += len(others)
    print(f"\nwritten doubts in place of others: {alarms} of {pairs} taken for a concession")
    assert alarms <= 0.015 * pairs
