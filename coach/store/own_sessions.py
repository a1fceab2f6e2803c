"""Whose a session is, and who else may read it: every query of one is filtered by this."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from coach.errors import NotFound
from coach.session import Caller
from coach.store.account_tables import team_members, users
from coach.store.tables import sessions


def belongs(caller: Caller) -> ColumnElement[bool]:
    return and_(sessions.c.tenant == caller.tenant, sessions.c.owner == caller.user)


def is_session(caller: Caller, session_id: str) -> ColumnElement[bool]:
    return and_(sessions.c.id == session_id, belongs(caller))


def sees(caller: Caller) -> ColumnElement[bool]:
    """Their own, and those of the members of teams that they train: to read, never to change."""
    if not caller.teams:
        return belongs(caller)
    trained = (
        select(users.c.name)
        .join(team_members, team_members.c.user_id == users.c.id)
        .where(
            users.c.tenant == caller.tenant,
            team_members.c.tenant == caller.tenant,
            team_members.c.team_id.in_(sorted(caller.teams)),
            team_members.c.trains.is_(False),
        )
    )
    theirs = and_(sessions.c.tenant == caller.tenant, sessions.c.owner.in_(trained))
    return or_(belongs(caller), theirs)


def may_see(caller: Caller, session_id: str) -> ColumnElement[bool]:
    return and_(sessions.c.id == session_id, sees(caller))


def missing(session_id: str) -> NotFound:
    return NotFound(f"there is no session {session_id[:60]!r}")
