"""Which step of the hint ladder comes next. Pure.

Help fades with mastery: who handled the matter well lately climbs step by step, who struggles with
it gets the move at once. Nobody is refused: each step is there for the asking.
"""

from __future__ import annotations

from coach.errors import BadInput
from coach.hints import HIGHEST
from coach.progress import Level

MOVE = 2


def step(asked: int | None, given: int, level: Level | None) -> tuple[int, str]:
    """The step to give after ``given`` at this turn, and what to tell the rep about it, or "".

    ``level`` says how they do with what is at stake. BadInput for a step that there isn't.
    """
    if asked is not None and not 1 <= asked <= HIGHEST:
        raise BadInput(f"there are hints of level 1 to {HIGHEST}, not {asked}")
    following = min(HIGHEST, given + 1)
    if level is Level.MASTERED:
        return _climbed(asked or following, following)
    if level is Level.STRUGGLING and asked is None and not given:
        return MOVE, "This has been hard for you lately, so here is the move at once."
    return asked or following, ""


def _climbed(wanted: int, following: int) -> tuple[int, str]:
    wanted = min(wanted, following)
    if wanted == 1:
        return 1, "You've handled this well lately, so just a question first."
    if wanted == MOVE:
        return MOVE, "You've handled this well lately, so the move alone."
    return wanted, ""
