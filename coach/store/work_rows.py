"""What became of the models' answers, read from the turns they were made for."""

from __future__ import annotations

from sqlalchemy import Engine, select

from coach.model_work import WorkDone
from coach.store.engine import Reach, transaction
from coach.store.records import provenance_from
from coach.store.tables import sessions, turns


class SqlWork:
    """Of the whole installation: for whoever runs it, and without a word of anybody."""

    def __init__(self, reads: Engine) -> None:
        self._reads = reads

    def done(self, latest: int) -> WorkDone:
        """Over the turns of the ``latest`` sessions."""
        newest = select(sessions.c.id).order_by(sessions.c.created_at.desc(), sessions.c.id.desc())
        query = (
            select(turns.c.provenance)
            .where(turns.c.session_id.in_(newest.limit(latest)))
            .where(turns.c.speaker == "buyer", turns.c.index > 0)
        )
        found = WorkDone()
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            for raw in connection.scalars(query):
                if raw is not None:
                    found.add(provenance_from(raw))
        return found
