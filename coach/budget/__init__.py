"""What answers of models may cost: counted per tenant, day and session, and kept to a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Budget:
    """Tokens, sent and received together; None: no limit."""

    session: int | None = None
    day: int | None = None  # of a tenant; days are those of UTC

    @property
    def limits(self) -> bool:
        return self.session is not None or self.day is not None


@dataclass(frozen=True)
class Spent:
    """``session`` is "" for what was asked outside of one."""

    tenant: str
    day: date
    session: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Payer:
    """Who pays for an answer; without ``session`` it is asked for outside of one."""

    tenant: str
    session: str = ""


class SpendingStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def spend(self, spent: Spent) -> None:
        """Adds to what that session spent on that day."""

    def spent_on(self, tenant: str, day: date) -> int:
        """Tokens of the whole tenant."""

    def spent_in(self, tenant: str, session: str) -> int:
        """Tokens of one session over all days."""
