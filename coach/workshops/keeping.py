"""What a store must keep of workshops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coach.assessment import Verdict
from coach.session import Session, Status
from coach.workshops.workshop import Member, Workshop

#: Verdicts that a trainer set, by turn and check.
Rulings = Mapping[tuple[int, str], Verdict]


@dataclass(frozen=True)
class Run:
    """A session of a workshop without its turns: enough to know whether it moved on."""

    session: str
    user: str
    scenario: str
    status: Status
    turn_count: int
    created_at: datetime
    rulings: Rulings

    @property
    def mark(self) -> object:
        """What a reading of it rests on: while this is the same, the reading holds."""
        return self.turn_count, self.status, tuple(sorted(self.rulings.items()))


@dataclass(frozen=True)
class Option:
    """A reply to vote for: the seller's turn of a session, by its place in the list."""

    position: int
    session: str
    turn: int


@dataclass(frozen=True)
class Round:
    """A vote on replies to one objection; blind until ``revealed_at``. ``votes`` maps a voter to a
    position."""

    id: str
    scenario: str
    act: str  # what the buyer did before these replies
    opened_at: datetime
    revealed_at: datetime | None
    options: tuple[Option, ...]
    votes: Mapping[str, int]


class WorkshopStore(Protocol):
    """Synchronous and thread-safe; each method is one transaction.

    NotFound for a workshop that isn't the tenant's, like one that doesn't exist.
    """

    def add(self, workshop: Workshop, cohort: Sequence[Member]) -> None: ...

    def get(self, tenant: str, workshop_id: str) -> Workshop: ...

    def by_code(self, code: str) -> Workshop | None:
        """Of whatever tenant: who has the code may come from outside."""

    def of_trainer(self, tenant: str, trainer: str) -> list[Workshop]:
        """Newest first."""

    def of_member(self, tenant: str, user: str) -> list[Workshop]: ...

    def pause(self, tenant: str, workshop_id: str, at: datetime | None) -> None: ...

    def hide_names(self, tenant: str, workshop_id: str, hidden: bool) -> None: ...

    def finish(self, tenant: str, workshop_id: str, at: datetime) -> None:
        """It ends now, and isn't paused any more."""

    def remove(self, tenant: str, workshop_id: str) -> None:
        """With who was in it; their sessions stay theirs."""

    def members(self, workshop: Workshop) -> list[Member]:
        """In the order of joining; those who haven't come are last."""

    def member(self, workshop: Workshop, user: str) -> Member | None: ...

    def join(self, workshop: Workshop, member: Member, most: int, digest: str = "") -> None:
        """Again it changes nothing; Conflict when ``most`` are in. ``digest`` is of a guest's
        secret."""

    def guest(self, digest: str) -> tuple[Workshop, Member] | None: ...

    def link(self, workshop: Workshop, session: Session) -> None:
        """Conflict when the owner has used the workshop's attempts at that scenario."""

    def used(self, workshop: Workshop, user: str) -> list[Run]:
        """Their sessions in it, oldest first."""

    def of_session(self, tenant: str, session_id: str) -> Workshop | None: ...

    def mark(self, workshop: Workshop) -> str:
        """Changes with all that a board shows; cheap, for it is asked every second."""

    def runs(self, workshop: Workshop) -> list[Run]:
        """All sessions, oldest first."""

    def played(self, workshop: Workshop, session_ids: Collection[str]) -> list[Session]:
        """Those of the workshop, with their turns."""

    def open_round(self, workshop: Workshop, opened: Round) -> None: ...

    def rounds(self, workshop: Workshop) -> list[Round]:
        """Newest first."""

    def vote(self, workshop: Workshop, round_id: str, user: str, position: int) -> None:
        """In place of an earlier vote; Conflict once the round is revealed."""

    def reveal(self, workshop: Workshop, round_id: str, at: datetime) -> None: ...
