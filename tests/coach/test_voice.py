"""The buyer's words: composed from written lines, none twice, nothing left unfilled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.buyer import BuyerState, Next, opening_state
from coach.scenario import Act, Difficulty, Scenario
from coach.scenario_book import load_scenarios
from coach.voice import Moment, compose

ALL = load_scenarios().all()


def moment(scenario: Scenario, planned: Next, state: BuyerState | None = None) -> Moment:
    who = scenario.personas[0]
    mood = state or opening_state(scenario, who, Difficulty.NORMAL, 1)
    return Moment(scenario, who, mood, planned, 1, echo="two active sites")


def planned(scenario: Scenario, act: Act) -> Next:
    concern = scenario.concerns[0]
    return Next(
        act,
        "why",
        concern=concern.id,
        need=concern.needs[0].id,
        fact=scenario.facts[0].id,
        claim="It saves 40%",
    )


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
@pytest.mark.parametrize("trust", [10.0, 40.0, 80.0])
def test_every_act_has_words_in_every_mood(scenario: Scenario, trust: float) -> None:
    """No act is mute, and no slot stays open."""
    for act in Act:
        start = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, 1)
        said = compose(moment(scenario, planned(scenario, act), replace(start, trust=trust)))
        assert said.text.strip() not in ("", "…"), act
        assert "{" not in said.text
        assert said.lines


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_no_line_is_spoken_twice(scenario: Scenario) -> None:
    """However often a concern is pressed, the words are new, or the buyer runs out of them."""
    state = opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, 1)
    heard: list[str] = []
    for turn in range(12):
        state = replace(state, turn=turn)
        said = compose(moment(scenario, planned(scenario, Act.PRESS), state))
        assert not said.lines & state.used
        state = replace(state, used=state.used | said.lines)
        heard.append(said.text)
    assert len(set(heard)) == len(heard)


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: s.id)
def test_what_was_told_in_confidence_is_gone_into_and_not_told_again(scenario: Scenario) -> None:
    """Pressed after it was revealed, a hidden concern is explained."""
    hidden = next(c for c in scenario.concerns if c.hidden)
    said = compose(moment(scenario, Next(Act.PRESS, "why", concern=hidden.id)))
    told = {line.rsplit(".", 1)[0] for line in said.lines if line.startswith(f"{hidden.id}.")}
    assert told == {f"{hidden.id}.explain"}
