"""Sessions in a relational database. Every query is filtered by who asks.

Turns under way are in ``accepted_rows``, limits in ``allowance_rows``, attempts and guesses in
``attempt_rows``, talks found by their words in ``conversation_rows``, gaps in ``gap_rows``, keys
of requests in ``key_rows``, what progress reads in ``progress_rows``, trainers' verdicts in
``ruling_rows``, scenarios in ``scenario_rows``, what models cost in ``spending_rows``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    delete,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import DBAPIError

from coach.errors import Conflict
from coach.session import Caller, Exchange, HintUse, Session, Status
from coach.store.accepted_rows import AcceptedRows, settle
from coach.store.account_rows import SqlAccounts
from coach.store.allowance_rows import AllowanceRows
from coach.store.answer_rows import SqlAnswers
from coach.store.attempt_rows import AttemptRows
from coach.store.conversation_rows import ConversationRows
from coach.store.cursor import cursor_after, read_cursor
from coach.store.ending_rows import debrief_later
from coach.store.engine import Reach, connect, kind_of, transaction
from coach.store.gap_rows import GapRows
from coach.store.goal_rows import SqlGoals
from coach.store.hook_rows import SqlHooks, announce_end
from coach.store.inbox_rows import SqlInbox
from coach.store.jobs import SqlJobs
from coach.store.key_rows import KeyRows
from coach.store.messenger_rows import SqlMessengers
from coach.store.migrations import migrate
from coach.store.own_sessions import belongs, is_session, may_see, missing
from coach.store.people import SqlPeople
from coach.store.progress_rows import ProgressRows
from coach.store.records import (
    guess_record,
    hint_record,
    session_from,
    session_record,
    turn_record,
)
from coach.store.ruling_rows import RulingRows, inherit_rulings
from coach.store.scenario_rows import ScenarioRows
from coach.store.spending_rows import SpendingRows
from coach.store.tables import guesses, hints, sessions, turns
from coach.store.tallies import SqlTallies
from coach.store.work_rows import SqlWork
from coach.store.workshop_rows import SqlWorkshops


def open_store(url: str) -> SqlStore:
    """The store at ``url``, made or brought up to date first; raises Misconfigured, Unavailable."""
    with bare_store(url) as store:
        migrate(store.writes)
    return store


@contextmanager
def bare_store(url: str) -> Iterator[SqlStore]:
    """A store whose tables may not be there yet; closed only if the block breaks off."""
    store = SqlStore(url)
    kind = kind_of(store.url)
    kind.make_room(store.url)
    try:
        yield store
    except DBAPIError as error:
        store.close()
        raise kind.opening_error(error, store.url) from error
    except BaseException:
        store.close()
        raise


class SqlStore(
    AcceptedRows,
    AllowanceRows,
    ConversationRows,
    GapRows,
    ScenarioRows,
    AttemptRows,
    KeyRows,
    ProgressRows,
    RulingRows,
    SpendingRows,
):
    """The ``Store`` port. Threads may share one; the tables must be there (see ``open_store``)."""

    def __init__(self, url: str) -> None:
        self.reads, self.writes = connect(url)
        self.url = self.reads.url
        self.jobs = SqlJobs(self.reads, self.writes)
        self.goals = SqlGoals(self.reads, self.writes)
        self.answers = SqlAnswers(self.reads, self.writes)
        self.hooks = SqlHooks(self.reads, self.writes)
        self.accounts = SqlAccounts(self.reads, self.writes)
        self.tallies = SqlTallies(self.reads)
        self.work = SqlWork(self.reads)
        self.inbox = SqlInbox(self.reads, self.writes)
        self.messengers = SqlMessengers(self.reads, self.writes)
        self.people = SqlPeople(self.reads, self.writes)
        self.workshops = SqlWorkshops(self.reads, self.writes)

    def close(self) -> None:
        """Lets go of every connection; call it when no method is running."""
        self.reads.dispose()

    def ping(self) -> None:
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            connection.execute(select(sessions.c.id).limit(1))

    def create(self, session: Session) -> None:
        with transaction(self.writes, session.owner.tenant) as connection:
            connection.execute(insert(sessions), session_record(session))
            if session.turns:
                rows = [turn_record(session.id, turn) for turn in session.turns]
                connection.execute(insert(turns), rows)
            if session.hints:
                rows = [hint_record(session.id, h, session.created_at) for h in session.hints]
                connection.execute(insert(hints), rows)
            if session.guesses:
                rows = [guess_record(session.id, guess) for guess in session.guesses]
                connection.execute(insert(guesses), rows)
            inherit_rulings(connection, session)

    def load(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """With ``last``, only so many of the latest turns, the hints asked at them, no guesses."""
        return self._loaded(caller.tenant, is_session(caller, session_id), session_id, last)

    def look(self, caller: Caller, session_id: str, last: int | None = None) -> Session:
        """The same of a session that is theirs or of somebody whom they train; to be read only."""
        return self._loaded(caller.tenant, may_see(caller, session_id), session_id, last)

    def _loaded(
        self, tenant: str, which: ColumnElement[bool], session_id: str, last: int | None
    ) -> Session:
        with transaction(self.reads, tenant) as connection:
            query = select(sessions).where(which)
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                raise missing(session_id)
            count = row["turn_count"]
            first = 0 if last is None else max(count - last, 0)
            index = turns.c["index"]
            # Below `count`: what another transaction adds meanwhile isn't part of this state.
            said = connection.execute(
                select(turns)
                .where(turns.c.session_id == session_id, index >= first, index < count)
                .order_by(index)
            ).mappings()
            asked = connection.execute(
                select(hints)
                .where(hints.c.session_id == session_id, hints.c.turn >= first)
                .order_by(hints.c.turn, hints.c.id)
            ).mappings()
            if last is not None:
                return session_from(row, said, asked)
            guessed = connection.execute(
                select(guesses).where(guesses.c.session_id == session_id).order_by(guesses.c.id)
            ).mappings()
            return session_from(row, said, asked, guessed)

    def sessions(
        self, caller: Caller, limit: int, cursor: str | None
    ) -> tuple[list[Session], str | None]:
        """Newest first, without turns and hints; raises BadInput for a cursor not of ours."""
        newest = (sessions.c.created_at.desc(), sessions.c.id.desc())
        # One more than asked for tells whether there is another page.
        query = select(sessions).where(belongs(caller)).order_by(*newest).limit(limit + 1)
        if cursor is not None:
            created_at, session_id = read_cursor(cursor)
            place = tuple_(literal(created_at, sessions.c.created_at.type), literal(session_id))
            query = query.where(tuple_(sessions.c.created_at, sessions.c.id) < place)
        with transaction(self.reads, caller.tenant) as connection:
            rows = connection.execute(query).mappings().all()
        page = [session_from(row) for row in rows[:limit]]
        more = len(rows) > limit
        return page, cursor_after(page[-1].created_at, page[-1].id) if more and page else None

    def append(
        self, caller: Caller, session_id: str, exchange: Exchange, worker: str | None = None
    ) -> None:
        """Both turns, state and status, or nothing; Conflict if the session moved on, or if
        ``worker`` doesn't hold the turn any more."""
        expected = exchange.seller.index
        if exchange.buyer.index != expected + 1:
            raise ValueError("the buyer's turn must follow the seller's")
        move_on = (
            update(sessions)
            .where(
                is_session(caller, session_id),
                sessions.c.turn_count == expected,
                sessions.c.status == Status.ACTIVE.value,
            )
            .values(
                turn_count=expected + 2,
                state=exchange.state.as_record(),
                status=exchange.status.value,
            )
        )
        rows = [turn_record(session_id, turn) for turn in (exchange.seller, exchange.buyer)]
        with transaction(self.writes, caller.tenant) as connection:
            if connection.execute(move_on).rowcount == 0:
                raise _why_not(connection, caller, session_id)
            connection.execute(insert(turns), rows)
            if worker is not None:
                settle(connection, session_id, worker)
            if exchange.status is not Status.ACTIVE:
                announce_end(connection, caller, session_id, exchange.buyer.at)
                debrief_later(connection, caller, session_id, exchange.buyer.at)

    def add_hint(self, caller: Caller, session_id: str, hint: HintUse) -> None:
        with transaction(self.writes, caller.tenant) as connection:
            _status(connection, caller, session_id)
            connection.execute(insert(hints), hint_record(session_id, hint, datetime.now(UTC)))

    def finish(
        self, caller: Caller, session_id: str, status: Status, debrief: Mapping[str, Any]
    ) -> None:
        """Sets the status (unless it already ended) and stores the debrief."""
        active = sessions.c.status == Status.ACTIVE.value
        end = (
            update(sessions)
            .where(is_session(caller, session_id))
            .values(
                status=case((active, status.value), else_=sessions.c.status), debrief=dict(debrief)
            )
        )
        with transaction(self.writes, caller.tenant) as connection:
            before = _status(connection, caller, session_id, hold=True)
            connection.execute(end)
            if before is Status.ACTIVE and status is not Status.ACTIVE:
                announce_end(connection, caller, session_id, datetime.now(UTC))

    def delete(self, caller: Caller, session_id: str) -> None:
        """The session with all that belongs to it; branches taken from it stay."""
        with transaction(self.writes, caller.tenant) as connection:
            if (
                connection.execute(delete(sessions).where(is_session(caller, session_id))).rowcount
                == 0
            ):
                raise missing(session_id)


def _status(connection: Connection, caller: Caller, session_id: str, hold: bool = False) -> Status:
    """With ``hold``, no other transaction changes the session until this one ends."""
    query = select(sessions.c.status).where(is_session(caller, session_id))
    found = connection.scalar(query.with_for_update() if hold else query)
    if found is None:
        raise missing(session_id)
    return Status(found)


def _why_not(connection: Connection, caller: Caller, session_id: str) -> Conflict:
    if _status(connection, caller, session_id) is Status.ACTIVE:
        return Conflict("another turn was taken meanwhile; load the session again")
    return Conflict("the session has ended")
