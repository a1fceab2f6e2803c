"""What callers may still use: one row and one statement each, right over several processes.

A table of our own: the libraries for this keep their counts in memory, Redis or MongoDB.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, case, delete, insert, select, update

from coach.errors import Conflict
from coach.practice.allowance import Left, Limit, left_of
from coach.store.engine import Reach, transaction
from coach.store.tables import allowances


class AllowanceRows:
    """The part of the ``Store`` port about limits."""

    writes: Engine

    def use(self, holder: str, limit: Limit, now: float) -> Left:
        """Takes one of what ``holder`` may use; where there is none, ``wait`` says how long."""
        try:
            with transaction(self.writes, Reach.EVERY_TENANT) as connection:
                return _spent(connection, holder, limit, now)
        except Conflict:  # another process began with this holder in the same moment
            with transaction(self.writes, Reach.EVERY_TENANT) as connection:
                return _spent(connection, holder, limit, now)


def _spent(connection: Connection, holder: str, limit: Limit, now: float) -> Left:
    own = allowances.c.holder == holder
    begun = case((allowances.c.full_at > now, allowances.c.full_at), else_=now) + limit.each
    spent = (
        update(allowances)
        .where(own, begun <= now + limit.seconds + 1e-6)
        .values(full_at=begun)
        .returning(allowances.c.full_at)
    )
    full_at = connection.scalar(spent)
    if full_at is not None:
        return left_of(limit, full_at, now, granted=True)
    known = connection.scalar(select(allowances.c.full_at).where(own))
    if known is not None:
        return left_of(limit, known, now, granted=False)
    connection.execute(delete(allowances).where(allowances.c.full_at < now))
    full_at = now + limit.each
    connection.execute(insert(allowances), {"holder": holder, "full_at": full_at})
    return left_of(limit, full_at, now, granted=True)
