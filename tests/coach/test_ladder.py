"""The hint ladder: help fades with mastery, and is never refused."""

from __future__ import annotations

import pytest

from coach.errors import BadInput
from coach.practice.ladder import step
from coach.progress import Level


def climbed(level: Level | None, *asked: int | None) -> list[int]:
    given, steps = 0, []
    for one in asked:
        given, _ = step(one, given, level)
        steps.append(given)
    return steps


@pytest.mark.parametrize("level", [None, Level.NEW, Level.LEARNING])
def test_by_default_it_is_climbed_step_by_step(level: Level | None) -> None:
    """And whoever wants the whole suggestion at once gets it."""
    assert climbed(level, None, None, None, None) == [1, 2, 3, 3]
    assert climbed(level, 3) == [3]
    assert step(None, 0, level)[1] == ""


def test_who_mastered_it_climbs_each_step() -> None:
    """Asking for the third gives the first, and says why; asking on leads there."""
    assert climbed(Level.MASTERED, 3, 3, 3) == [1, 2, 3]
    assert step(3, 0, Level.MASTERED)[1].startswith("You've handled this well lately")
    assert step(None, 2, Level.MASTERED) == (3, "")


def test_a_lower_step_may_be_asked_for_again() -> None:
    """Also by who mastered it."""
    assert step(1, 2, Level.MASTERED)[0] == step(1, 2, None)[0] == 1


def test_who_struggles_gets_the_move_at_once() -> None:
    """And is told why; the question is there for the asking."""
    assert climbed(Level.STRUGGLING, None, None) == [2, 3]
    assert "hard for you lately" in step(None, 0, Level.STRUGGLING)[1]
    assert step(1, 0, Level.STRUGGLING) == (1, "")


@pytest.mark.parametrize("asked", [0, 4, -1])
def test_there_are_three_steps(asked: int) -> None:
    """Another number says so."""
    with pytest.raises(BadInput, match="1 to 3"):
        step(asked, 0, None)
