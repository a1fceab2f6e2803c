"""What models' answers cost, added up per tenant, day and session."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Engine, func, insert, select, update

from coach.budget import Spent
from coach.errors import Conflict
from coach.store.engine import transaction
from coach.store.tables import spending


class SpendingRows:
    """The part of the ``Store`` port about tokens."""

    reads: Engine
    writes: Engine

    def spend(self, spent: Spent) -> None:
        """Adds to what that session spent on that day."""
        try:
            self._add(spent)
        except Conflict:  # another process made the row between our look and our insert
            self._add(spent)

    def spent_on(self, tenant: str, day: date) -> int:
        return self._sum(tenant, spending.c.day == day)

    def spent_in(self, tenant: str, session: str) -> int:
        return self._sum(tenant, spending.c.session == session)

    def _add(self, spent: Spent) -> None:
        this = (
            spending.c.tenant == spent.tenant,
            spending.c.day == spent.day,
            spending.c.session == spent.session,
        )
        more = update(spending).where(*this)
        added = {
            "tokens_in": spending.c.tokens_in + spent.tokens_in,
            "tokens_out": spending.c.tokens_out + spent.tokens_out,
            "answers": spending.c.answers + 1,
        }
        with transaction(self.writes, spent.tenant) as connection:
            if connection.execute(more.values(added)).rowcount == 0:
                first = {
                    "tenant": spent.tenant,
                    "day": spent.day,
                    "session": spent.session,
                    "tokens_in": spent.tokens_in,
                    "tokens_out": spent.tokens_out,
                    "answers": 1,
                }
                connection.execute(insert(spending), first)

    def _sum(self, tenant: str, these: ColumnElement[bool]) -> int:
        total = func.coalesce(func.sum(spending.c.tokens_in + spending.c.tokens_out), 0)
        query = select(total).where(spending.c.tenant == tenant, these)
        with transaction(self.reads, tenant) as connection:
            return int(connection.execute(query).scalar_one())
