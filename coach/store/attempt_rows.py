"""Branches and guesses in a relational database."""

from __future__ import annotations

from sqlalchemy import Engine, func, insert, or_, select

from coach.errors import Conflict
from coach.session import Caller, Guess, Session
from coach.store.engine import transaction
from coach.store.own_sessions import is_session, missing, sees
from coach.store.records import guess_record, session_from
from coach.store.tables import guesses, sessions


class AttemptRows:
    """The part of the ``Store`` port about attempts at one talk."""

    reads: Engine
    writes: Engine

    def attempts(self, caller: Caller, family: str) -> list[Session]:
        """The session of that id and all branches that go back to it, oldest first, without
        turns."""
        of_family = or_(sessions.c.id == family, sessions.c.root == family)
        oldest = (sessions.c.created_at, sessions.c.id)
        query = select(sessions).where(sees(caller), of_family).order_by(*oldest)
        with transaction(self.reads, caller.tenant) as connection:
            return [session_from(row) for row in connection.execute(query).mappings()]

    def add_guess(self, caller: Caller, session_id: str, guess: Guess, most: int) -> None:
        """Conflict when the session has ``most`` already."""
        count = select(func.count()).where(guesses.c.session_id == session_id)
        with transaction(self.writes, caller.tenant) as connection:
            # Locked, so that of two guesses at once the second one sees the first.
            own = select(sessions.c.id).where(is_session(caller, session_id)).with_for_update()
            if connection.scalar(own) is None:
                raise missing(session_id)
            if (connection.scalar(count) or 0) >= most:
                raise Conflict(f"all {most} guesses of this session are used")
            connection.execute(insert(guesses), guess_record(session_id, guess))
