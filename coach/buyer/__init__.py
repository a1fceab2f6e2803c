"""The buyer as a state that code moves: what is conceded, and when, is decided here.

Pure: ``opening_state`` makes a buyer, ``react`` hears one message and answers with the new state
and what the buyer does next. A language model never decides any of it.
"""

from __future__ import annotations

from coach.buyer.deciding import Mind
from coach.buyer.ending import Ending, ending_of
from coach.buyer.rules import FATAL, RULES
from coach.buyer.state import (
    BuyerState,
    ConcernState,
    Decision,
    DecisionKind,
    Next,
    Standing,
    attitude,
    opening_state,
)
from coach.perception import Perception
from coach.scenario import Difficulty, Scenario

__all__ = [
    "FATAL",
    "RULES",
    "BuyerState",
    "ConcernState",
    "Decision",
    "DecisionKind",
    "Ending",
    "Next",
    "Standing",
    "attitude",
    "ending_of",
    "opening_state",
    "react",
]


def react(
    state: BuyerState, heard: Perception, scenario: Scenario, difficulty: Difficulty
) -> tuple[BuyerState, Next]:
    """The buyer after one message, and what the buyer does next."""
    mind = Mind(state, heard, scenario, RULES[difficulty])
    mind.listen()
    act = mind.decide()
    return mind.settled(act), act
