"""A seller's reply in its place: all that a judge may look at."""

from __future__ import annotations

from dataclasses import dataclass

from coach.buyer import BuyerState
from coach.claims import Claim, ClaimStatus
from coach.perception import Perception
from coach.scenario import Act


@dataclass(frozen=True)
class Reply:
    """``answered`` is the buyer's act it replies to, ``words`` what the buyer had said,
    ``provoked`` what the buyer did next, ``tips`` those given lately, ``before`` the buyer whom
    it met."""

    text: str
    heard: Perception
    claims: tuple[Claim, ...]
    answered: Act
    words: str
    provoked: Act
    first: bool
    tips: tuple[str, ...] = ()
    before: BuyerState | None = None

    @property
    def needless(self) -> bool:
        """The buyer had told that there is no need."""
        return self.before is not None and self.before.knows_no_need

    @property
    def was_challenged(self) -> bool:
        """A figure without a source had been asked about before."""
        return self.before is not None and "unsourced" in self.before.flags

    @property
    def claims_something(self) -> bool:
        return any(c.status is not ClaimStatus.NOT_A_CLAIM for c in self.claims)
