"""Whose a session is: every query of one is filtered by this."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from coach.errors import NotFound
from coach.session import Caller
from coach.store.tables import sessions


def belongs(caller: Caller) -> ColumnElement[bool]:
    return and_(sessions.c.tenant == caller.tenant, sessions.c.owner == caller.user)


def is_session(caller: Caller, session_id: str) -> ColumnElement[bool]:
    return and_(sessions.c.id == session_id, belongs(caller))


def missing(session_id: str) -> NotFound:
    return NotFound(f"there is no session {session_id[:60]!r}")
