"""How much there is of what passes by, over all tenants: for metrics, never for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, func, select

from coach.jobs.job import State
from coach.session import Status
from coach.store.engine import Reach, transaction
from coach.store.tables import jobs, sessions

#: What isn't done may be much or little; what is done only grows, and says nothing.
_TOLD = (State.WAITING.value, State.RUNNING.value, State.FAILED.value)


class SqlTallies:
    """Implements ``coach.gauges.Tallies``; each count reads an index alone."""

    def __init__(self, reads: Engine) -> None:
        self._reads = reads

    def jobs(self) -> dict[tuple[str, str], int]:
        counted = (
            select(jobs.c.kind, jobs.c.state, func.count())
            .where(jobs.c.state.in_(_TOLD))
            .group_by(jobs.c.kind, jobs.c.state)
        )
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return {(kind, state): count for kind, state, count in connection.execute(counted)}

    def active_sessions(self, since: datetime) -> int:
        counted = (
            select(func.count())
            .select_from(sessions)
            .where(sessions.c.status == Status.ACTIVE.value, sessions.c.created_at >= since)
        )
        with transaction(self._reads, Reach.EVERY_TENANT) as connection:
            return int(connection.scalar(counted) or 0)
