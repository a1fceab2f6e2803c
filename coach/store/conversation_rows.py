"""Which session a talk belongs to, by the digest of what was said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select

from coach.practice.conversations import Place
from coach.session import Caller
from coach.store.engine import transaction
from coach.store.tables import conversations


class ConversationRows:
    """The part of the ``Store`` port about talks that are found by their words."""

    reads: Engine
    writes: Engine

    def place_of(self, caller: Caller, digest: str) -> Place | None:
        columns = (conversations.c.session_id, conversations.c.turn_count)
        with transaction(self.reads, caller.tenant) as connection:
            row = connection.execute(select(*columns).where(_is(caller, digest))).one_or_none()
        return None if row is None else Place(row.session_id, row.turn_count)

    def keep_place(self, caller: Caller, digest: str, place: Place, at: datetime) -> None:
        row = {"tenant": caller.tenant, "owner": caller.user, "digest": digest, "at": at}
        with transaction(self.writes, caller.tenant) as connection:
            connection.execute(delete(conversations).where(_is(caller, digest)))
            reached = {"session_id": place.session, "turn_count": place.turn_count}
            connection.execute(insert(conversations), {**row, **reached})


def _is(caller: Caller, digest: str) -> ColumnElement[bool]:
    return and_(
        conversations.c.tenant == caller.tenant,
        conversations.c.owner == caller.user,
        conversations.c.digest == digest,
    )
