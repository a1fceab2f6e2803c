"""Verdicts set by trainers, and how far the coach agrees with people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    delete,
    insert,
    literal,
    select,
)

from coach.assessment import Verdict
from coach.calibration import Agreement
from coach.errors import NotFound
from coach.overruling import Overruling
from coach.session import Caller, Session
from coach.store.engine import queue_up, transaction
from coach.store.own_sessions import belongs, may_see, missing, sees
from coach.store.tables import agreements, overrulings, sessions


class RulingRows:
    """The part of the ``Store`` port about trust in the coach's verdicts."""

    reads: Engine
    writes: Engine

    def overrule(self, caller: Caller, ruling: Overruling) -> None:
        """In place of an earlier one on the same verdict."""
        row = asdict(ruling)
        row["session_id"], row["check_id"] = row.pop("session"), row.pop("check")
        row["verdict"], row["machine"] = ruling.verdict.value, ruling.machine.value
        with transaction(self.writes, caller.tenant) as connection:
            _owned(connection, caller, ruling.session)
            queue_up(connection, "rulings", ruling.session)
            connection.execute(
                delete(overrulings).where(*_at(ruling.session, ruling.turn, ruling.check))
            )
            connection.execute(insert(overrulings), row)

    def withdraw_overruling(self, caller: Caller, session_id: str, turn: int, check: str) -> None:
        with transaction(self.writes, caller.tenant) as connection:
            _owned(connection, caller, session_id)
            gone = connection.execute(delete(overrulings).where(*_at(session_id, turn, check)))
            if gone.rowcount == 0:
                raise not_overruled(turn, check)

    def overrulings(
        self, caller: Caller, session_id: str | None = None, *, team: bool = False
    ) -> list[Overruling]:
        """By session, turn and check; of all sessions, those on the caller's own or the team's."""
        query = (
            select(overrulings)
            .join(sessions, sessions.c.id == overrulings.c.session_id)
            .where(sees(caller) if team or session_id is not None else belongs(caller))
            .order_by(overrulings.c.session_id, overrulings.c.turn, overrulings.c.check_id)
        )
        if session_id is not None:
            query = query.where(overrulings.c.session_id == session_id)
        with transaction(self.reads, caller.tenant) as connection:
            return [_ruling(row) for row in connection.execute(query).mappings()]

    def keep_agreements(self, tenant: str, found: Sequence[Agreement], at: datetime) -> None:
        """Each in place of what was kept of its check before."""
        rows = [
            {"tenant": tenant, "check_id": one.check, "record": one.as_record(), "at": at}
            for one in found
        ]
        with transaction(self.writes, tenant) as connection:
            queue_up(connection, "agreements", tenant)
            for row in rows:
                same = (agreements.c.tenant == tenant, agreements.c.check_id == row["check_id"])
                connection.execute(delete(agreements).where(*same))
                connection.execute(insert(agreements), row)

    def agreements(self, tenant: str) -> list[Agreement]:
        query = (
            select(agreements.c.record)
            .where(agreements.c.tenant == tenant)
            .order_by(agreements.c.check_id)
        )
        with transaction(self.reads, tenant) as connection:
            return [Agreement.from_record(raw) for raw in connection.scalars(query)]


def inherit_rulings(connection: Connection, session: Session) -> None:
    """What a trainer said of the turns that a branch shares with its parent holds there too."""
    if session.parent is None:
        return
    others = [column for column in overrulings.c if column.name != "session_id"]
    shared = (
        select(literal(session.id), *others)
        .join(sessions, sessions.c.id == overrulings.c.session_id)
        .where(
            belongs(session.owner),
            overrulings.c.session_id == session.parent.session,
            overrulings.c.turn < session.parent.turn,
        )
    )
    names = ["session_id", *(column.name for column in others)]
    connection.execute(insert(overrulings).from_select(names, shared))


def not_overruled(turn: int, check: str) -> NotFound:
    return NotFound(f"the verdict on {check[:60]!r} at turn {turn} was not overruled")


def _owned(connection: Connection, caller: Caller, session_id: str) -> None:
    query = select(sessions.c.id).where(may_see(caller, session_id))
    if connection.execute(query).first() is None:
        raise missing(session_id)


def _at(session_id: str, turn: int, check: str) -> tuple[ColumnElement[bool], ...]:
    return (
        overrulings.c.session_id == session_id,
        overrulings.c.turn == turn,
        overrulings.c.check_id == check,
    )


def _ruling(row: RowMapping) -> Overruling:
    return Overruling(
        row["session_id"],
        row["turn"],
        row["check_id"],
        Verdict(row["verdict"]),
        Verdict(row["machine"]),
        row["reason"],
        row["author"],
        row["at"],
    )
