"""An answer that a rep shares, and the road from offered to approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    OFFERED = "offered"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class SharedAnswer:
    """``said`` is verbatim from the session; ``wording`` is what others are shown.

    ``kind`` is the type of objection it answers, ``objection`` the buyer's words before it.
    ``warnings`` are claims in the wording that the evidence doesn't carry as they stand.
    """

    id: str
    author: str
    signature: str  # the author's name as others read it
    session: str
    turn: int
    scenario: str
    kind: str
    objection: str
    said: str
    wording: str
    note: str
    status: Standing
    reason: str
    decided_by: str
    warnings: tuple[str, ...]
    created_at: datetime  # UTC
    decided_at: datetime | None

    @property
    def title(self) -> str:
        """What stands above it wherever it is shown, so that nobody takes it for evidence."""
        day = (self.decided_at or self.created_at).date()
        return f"An answer that worked here, by {self.signature}, {day.day} {day:%B %Y}"


class AnswerStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction."""

    def add(self, tenant: str, answer: SharedAnswer) -> None:
        """Conflict where this turn was offered before."""

    def of_turn(self, tenant: str, session: str, turn: int) -> SharedAnswer | None: ...

    def load(self, tenant: str, answer_id: str) -> SharedAnswer:
        """NotFound where it isn't the tenant's."""

    def of(
        self,
        tenant: str,
        status: Standing | None,
        author: str | None,
        limit: int,
        after: str | None,
    ) -> tuple[list[SharedAnswer], str | None]:
        """Newest first, and the cursor of the next page; with ``author`` only theirs."""

    def approved(self, tenant: str) -> list[SharedAnswer]:
        """All of them, oldest first."""

    def change(self, tenant: str, answer: SharedAnswer, before: Standing) -> None:
        """Conflict where its status is no longer ``before``."""
