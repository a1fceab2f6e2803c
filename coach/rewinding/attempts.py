"""Which attempts there are at a moment of a talk, told from sessions and their parents alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.session import Session

#: The session that a turn was first open in, and the index of that turn.
Moment = tuple[str, int]


@dataclass(frozen=True)
class Attempt:
    """A session as the ``number``-th attempt at ``turn``; the first session of all has no turn."""

    session: Session
    turn: int | None = None
    number: int = 1


class Family:
    """A session and all its branches, ``members`` without their turns.

    A member that was deleted is only known as somebody's parent.
    """

    def __init__(self, members: Sequence[Session]) -> None:
        self.members = sorted(members, key=lambda s: (s.created_at, s.id))
        self._known = {session.id: session for session in self.members}
        self._branches: dict[Moment, list[Session]] = defaultdict(list)
        for session in self.members:
            if session.parent:
                self._branches[self._moment(session, session.parent.turn)].append(session)

    def attempts(self) -> list[Attempt]:
        """All of them, the oldest first."""
        return [self.attempt(session.id) for session in self.members]

    def attempt(self, session_id: str) -> Attempt:
        session = self._known[session_id]
        if session.parent is None:
            return Attempt(session)
        turn = session.parent.turn
        beside = self._branches[self._moment(session, turn)]
        return Attempt(session, turn, beside.index(session) + 2)  # the first is where they left

    def at_turns(self, session_id: str) -> Mapping[int, list[Attempt]]:
        """By turn of this session, the attempts at it where there is more than one.

        The one that this session goes on from is among them.
        """
        session, found = self._known[session_id], {}
        for (origin, turn), branches in self._branches.items():
            if turn <= session.turn_count and self._moment(session, turn) == (origin, turn):
                first = self._known.get(origin)
                attempts = [Attempt(first, turn)] if first else []
                found[turn] = attempts + [self.attempt(branch.id) for branch in branches]
        return found

    def owner(self, session_id: str, turn: int) -> str:
        """The session in which ``turn`` of this one was said; its own id unless it is shared."""
        session = self._known[session_id]
        while session.parent and turn < session.parent.turn:
            above = self._known.get(session.parent.session)
            if above is None:
                return session.parent.session
            session = above
        return session.id

    def _moment(self, session: Session, turn: int) -> Moment:
        while session.parent and turn <= session.parent.turn:
            above = self._known.get(session.parent.session)
            if above is None:
                return session.parent.session, turn
            session = above
        return session.id, turn
