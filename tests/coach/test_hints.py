"""What a hint points at, and which check of the rubric is at stake in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.buyer import BuyerState, Standing, opening_state
from coach.hints import Pointer, at_stake, hint_text, pointer
from coach.scenario import Difficulty, Scenario
from coach.scenario_book import load_scenarios

SCENARIOS = {one.id: one for one in load_scenarios().all()}


def opened(scenario: Scenario) -> BuyerState:
    return opening_state(scenario, scenario.personas[0], Difficulty.NORMAL, 1)


def with_focus(state: BuyerState, **changes: object) -> BuyerState:
    focus = replace(state.concerns[state.focus], **changes)  # type: ignore[arg-type]
    return replace(state, concerns={**state.concerns, state.focus: focus})


def stake(scenario: str, state: BuyerState) -> str | None:
    item = at_stake(SCENARIOS[scenario], pointer(SCENARIOS[scenario], state))
    return item.id if item else None


def test_what_is_at_stake_follows_the_talk() -> None:
    """To be heard, to be asked, to get what they asked for, then a step to agree to."""
    state = opened(SCENARIOS["incumbent-competitor"])
    asked = stake("incumbent-competitor", state)
    heard = with_focus(state, heard=1)
    explored = with_focus(heard, heard=1, explored=1)
    wanting = replace(explored, pending="loyalty/peer-who-moved")
    done = replace(
        explored,
        concerns={
            key: replace(one, standing=Standing.RESOLVED) for key, one in state.concerns.items()
        },
    )
    assert asked == "acknowledges-first"
    assert stake("incumbent-competitor", heard) == "asks-before-answering"
    assert stake("incumbent-competitor", wanting) == "similar-client"
    assert stake("incumbent-competitor", done) == "agrees-next-step"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_has_a_check_at_stake_from_the_start(scenario: str) -> None:
    """So that help can fade with it; question and move are there, the last step points on."""
    found = pointer(SCENARIOS[scenario], opened(SCENARIOS[scenario]))
    assert at_stake(SCENARIOS[scenario], found)
    assert hint_text(found, 1).endswith("?")
    assert hint_text(found, 2) == found.move
    assert hint_text(found, 3) not in (found.question, found.move)


def test_without_a_check_for_it_nothing_is_at_stake() -> None:
    """The ladder is then climbed as ever."""
    assert at_stake(SCENARIOS["interest"], Pointer("Why?", "Ask.", ("check",))) is None
    assert at_stake(SCENARIOS["interest"], Pointer("Why?", "Ask.")) is None
