"""How a talk ended, and whether that is a success for the seller."""

from __future__ import annotations

from enum import StrEnum

from coach.buyer.state import BuyerState, Standing
from coach.scenario import Act


class Ending(StrEnum):
    OPEN = "open"  # the buyer would have gone on
    AGREED = "agreed"
    HONEST_NO = "honest_no"  # there is no need: found out by asking, and said
    GUESSED_NO = "guessed_no"  # there is no need, but the seller let go without knowing it
    NEED_MISSED = "need_missed"  # let go, though the need is there
    WALKED_AWAY = "walked_away"

    @property
    def success(self) -> bool:
        return self in (Ending.AGREED, Ending.HONEST_NO)


def ending_of(act: Act, state: BuyerState) -> Ending:
    """The ending after the buyer's last ``act``, with the ``state`` that it left."""
    if act is Act.AGREE:
        return Ending.AGREED
    if act is Act.WALK_AWAY:
        return Ending.WALKED_AWAY
    if act is not Act.NOT_A_FIT:
        return Ending.OPEN
    if state.instead is None:
        return Ending.NEED_MISSED
    found = state.concerns[state.instead].standing is Standing.RESOLVED
    return Ending.HONEST_NO if found else Ending.GUESSED_NO
