"""Turns under way; ``repository`` deletes each in the transaction that stores what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    and_,
    delete,
    insert,
    select,
    update,
)

from coach.errors import Conflict
from coach.jobs import Key
from coach.practice.accepted import Accepted
from coach.session import Caller, Status
from coach.store.engine import Reach, queue_up, transaction
from coach.store.key_rows import answer_under, keep_at_once
from coach.store.own_sessions import belongs, is_session, missing
from coach.store.tables import accepted_turns, sessions

RUNNING = "another turn of this session is still running; wait for its reply"
CANCELLED = "the turn was cancelled; nothing of it was stored"


class AcceptedRows:
    """The part of the ``Store`` port about turns that aren't complete."""

    reads: Engine
    writes: Engine

    def accept(
        self, caller: Caller, turn: Accepted, now: datetime, key: Key | None = None
    ) -> Accepted:
        """The turn that the session now waits for; see ``AcceptedTurns``."""
        with transaction(self.writes, caller.tenant) as connection:
            queue_up(connection, "turn", turn.session)
            _refuse_late(connection, caller, turn)
            found = _waiting(connection, turn.session)
            if found is None:
                connection.execute(insert(accepted_turns), _row(turn))
            elif not found.is_left(now):
                raise Conflict(RUNNING)
            elif (found.index, found.text) != (turn.index, turn.text):
                return found
            else:
                taken = {"worker": turn.worker, "until": turn.until}
                connection.execute(update(accepted_turns).where(_of(turn.session)).values(taken))
            if key is not None:
                keep_at_once(connection, caller, key, now, {"index": turn.index})
            return turn

    def begun_by(self, caller: Caller, key: Key) -> int | None:
        with transaction(self.reads, caller.tenant) as connection:
            answer = answer_under(connection, caller, key)
        return None if answer is None else int(answer["index"])

    def accepted(self, caller: Caller, session_id: str) -> Accepted | None:
        own = select(sessions.c.id).where(is_session(caller, session_id))
        with transaction(self.reads, caller.tenant) as connection:
            if connection.scalar(own) is None:
                raise missing(session_id)
            return _waiting(connection, session_id)

    def accepted_in(self, caller: Caller, session_ids: Sequence[str]) -> list[Accepted]:
        query = (
            select(accepted_turns)
            .join(sessions, sessions.c.id == accepted_turns.c.session_id)
            .where(belongs(caller), accepted_turns.c.session_id.in_(session_ids))
        )
        with transaction(self.reads, caller.tenant) as connection:
            return [_turn(row) for row in connection.execute(query).mappings()]

    def hold(self, session_id: str, worker: str, until: datetime) -> bool:
        """False where it isn't ``worker``'s any more."""
        mine = and_(_of(session_id), accepted_turns.c.worker == worker)
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            held = connection.execute(update(accepted_turns).where(mine).values(until=until))
            return bool(held.rowcount)

    def drop(self, caller: Caller, session_id: str, index: int) -> bool:
        own = select(sessions.c.id).where(is_session(caller, session_id))
        that = and_(_of(session_id), accepted_turns.c["index"] == index)
        with transaction(self.writes, caller.tenant) as connection:
            if connection.scalar(own) is None:
                raise missing(session_id)
            return bool(connection.execute(delete(accepted_turns).where(that)).rowcount)


def settle(connection: Connection, session_id: str, worker: str) -> None:
    """The turn is stored now: ``worker`` waits for it no more. Conflict where it was cancelled."""
    mine = and_(_of(session_id), accepted_turns.c.worker == worker)
    if not connection.execute(delete(accepted_turns).where(mine)).rowcount:
        raise Conflict(CANCELLED)


def _refuse_late(connection: Connection, caller: Caller, turn: Accepted) -> None:
    query = select(sessions.c.status, sessions.c.turn_count)
    row = connection.execute(query.where(is_session(caller, turn.session))).one_or_none()
    if row is None:
        raise missing(turn.session)
    if row.status != Status.ACTIVE.value:
        raise Conflict("the session has ended")
    if row.turn_count != turn.index:
        raise Conflict("another turn was taken meanwhile; load the session again")


def _waiting(connection: Connection, session_id: str) -> Accepted | None:
    query = select(accepted_turns).where(_of(session_id))
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _turn(row)


def _turn(row: RowMapping) -> Accepted:
    names = ("index", "text", "at", "worker", "until")
    return Accepted(row["session_id"], **{name: row[name] for name in names})


def _row(turn: Accepted) -> dict[str, object]:
    return {("session_id" if name == "session" else name): v for name, v in vars(turn).items()}


def _of(session_id: str) -> ColumnElement[bool]:
    return accepted_turns.c.session_id == session_id
