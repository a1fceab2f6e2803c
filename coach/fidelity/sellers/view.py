"""What a seller sees of the buyer, and what every seller can do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from coach.scenario import Act, Scenario


@dataclass(frozen=True)
class View:
    """What a seller takes from the buyer's last turn, in place of understanding the words.

    It doesn't hold the buyer's state, and a hidden concern only once the buyer has told it.
    ``hint`` gives the coach's level-3 suggestions for this moment, worked out when asked for.
    """

    act: Act
    concern: str | None
    need: str | None
    turn: int  # of the seller, from 0
    hint: Callable[[], Sequence[str]]


class Seller(Protocol):
    """Whoever says something next."""

    def next(self, view: View) -> str: ...


#: Makes the seller of one session; the seed decides what is said which way.
Maker = Callable[[Scenario, int], Seller]
