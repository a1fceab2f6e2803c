"""What was found about one clause."""

from __future__ import annotations

from dataclasses import dataclass

from coach.claims.grounds import Fact
from coach.claims.ledger import ClaimStatus


@dataclass(frozen=True)
class Finding:
    """``facts`` prove or refute; ``strength`` ranks findings about the same clause."""

    status: ClaimStatus
    facts: tuple[Fact, ...]
    note: str
    strength: float
    by_negation: bool = False  # refuted by a "not" alone
