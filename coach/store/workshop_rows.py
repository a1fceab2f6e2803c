"""Workshops, who is in them and their sessions, in a relational database; votes on replies are in
``vote_rows``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from coach.assessment import Verdict
from coach.errors import Conflict, NotFound
from coach.scenario import Difficulty
from coach.session import Session, Status
from coach.store.engine import Reach, queue_up, transaction
from coach.store.records import session_from
from coach.store.tables import overrulings, sessions, turns
from coach.store.vote_rows import VoteRows, vote_mark
from coach.store.workshop_tables import workshop_members as members
from coach.store.workshop_tables import workshop_sessions, workshops
from coach.workshops.keeping import Run
from coach.workshops.workshop import Member, Workshop

AT_ONCE = 500  # ids in one query


class SqlWorkshops(VoteRows):
    """The ``WorkshopStore`` port; shares the engines of the store."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self.reads, self.writes = reads, writes

    # --- workshops ---

    def add(self, workshop: Workshop, cohort: Sequence[Member]) -> None:
        row = {**vars(workshop), "scenarios": list(workshop.scenarios)}
        with transaction(self.writes, workshop.tenant) as connection:
            connection.execute(insert(workshops), row)
            if cohort:
                rows = [_member_record(workshop, one) for one in cohort]
                connection.execute(insert(members), rows)

    def get(self, tenant: str, workshop_id: str) -> Workshop:
        with transaction(self.reads, tenant) as connection:
            row = connection.execute(select(workshops).where(_is(tenant, workshop_id))).mappings()
            if (found := row.one_or_none()) is None:
                raise _missing(workshop_id)
            return _workshop_from(found)

    def by_code(self, code: str) -> Workshop | None:
        query = select(workshops).where(workshops.c.join_code == code)
        return next(iter(self._found(Reach.EVERY_TENANT, query)), None)

    def of_trainer(self, tenant: str, trainer: str) -> list[Workshop]:
        theirs = and_(workshops.c.tenant == tenant, workshops.c.trainer == trainer)
        return self._found(tenant, select(workshops).where(theirs).order_by(*_NEWEST))

    def of_member(self, tenant: str, user: str) -> list[Workshop]:
        query = (
            select(workshops)
            .join(members, members.c.workshop_id == workshops.c.id)
            .where(workshops.c.tenant == tenant, members.c.owner == user)
            .order_by(*_NEWEST)
        )
        return self._found(tenant, query)

    def of_session(self, tenant: str, session_id: str) -> Workshop | None:
        query = (
            select(workshops)
            .join(workshop_sessions, workshop_sessions.c.workshop_id == workshops.c.id)
            .where(workshops.c.tenant == tenant, workshop_sessions.c.session_id == session_id)
        )
        return next(iter(self._found(tenant, query)), None)

    def _found(self, tenant: str | Reach, query: Select[Any]) -> list[Workshop]:
        with transaction(self.reads, tenant) as connection:
            return [_workshop_from(row) for row in connection.execute(query).mappings()]

    def pause(self, tenant: str, workshop_id: str, at: datetime | None) -> None:
        self._change(tenant, workshop_id, paused_at=at)

    def hide_names(self, tenant: str, workshop_id: str, hidden: bool) -> None:
        self._change(tenant, workshop_id, names_hidden=hidden)

    def finish(self, tenant: str, workshop_id: str, at: datetime) -> None:
        self._change(tenant, workshop_id, ends_at=at, paused_at=None)

    def _change(self, tenant: str, workshop_id: str, **values: Any) -> None:
        changed = update(workshops).where(_is(tenant, workshop_id)).values(values)
        with transaction(self.writes, tenant) as connection:
            if connection.execute(changed).rowcount == 0:
                raise _missing(workshop_id)

    def remove(self, tenant: str, workshop_id: str) -> None:
        with transaction(self.writes, tenant) as connection:
            gone = connection.execute(delete(workshops).where(_is(tenant, workshop_id)))
            if gone.rowcount == 0:
                raise _missing(workshop_id)

    # --- people ---

    def members(self, workshop: Workshop) -> list[Member]:
        with transaction(self.reads, workshop.tenant) as connection:
            query = select(members).where(members.c.workshop_id == workshop.id)
            found = [_member_from(row) for row in connection.execute(query).mappings()]
        came = sorted((m for m in found if m.joined_at), key=lambda m: (str(m.joined_at), m.user))
        return came + sorted((m for m in found if not m.joined_at), key=lambda m: m.user)

    def member(self, workshop: Workshop, user: str) -> Member | None:
        query = select(members).where(*_is_member(workshop, user))
        with transaction(self.reads, workshop.tenant) as connection:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _member_from(row)

    def join(self, workshop: Workshop, member: Member, most: int, digest: str = "") -> None:
        this = _is_member(workshop, member.user)
        came = members.c.joined_at.is_not(None)
        inside = select(func.count()).where(members.c.workshop_id == workshop.id, came)
        with transaction(self.writes, workshop.tenant) as connection:
            queue_up(connection, "workshop", workshop.id)
            known = connection.execute(select(members.c.joined_at).where(*this)).one_or_none()
            if known is not None and known[0] is not None:
                return
            if (connection.scalar(inside) or 0) >= most:
                raise Conflict(f"{most} people are in this workshop, which is the most")
            if known is not None:
                here = update(members).where(*this).values(joined_at=member.joined_at)
                connection.execute(here)
                return
            row = {**_member_record(workshop, member), "digest": digest or None}
            connection.execute(insert(members), row)

    def guest(self, digest: str) -> tuple[Workshop, Member] | None:
        query = select(members).where(members.c.digest == digest)
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                return None
            above = select(workshops).where(workshops.c.id == row["workshop_id"])
            workshop = _workshop_from(connection.execute(above).mappings().one())
            return workshop, _member_from(row)

    # --- sessions ---

    def link(self, workshop: Workshop, session: Session) -> None:
        tried = _runs_of(workshop).where(
            sessions.c.owner == session.owner.user, sessions.c.scenario == session.scenario
        )
        with transaction(self.writes, workshop.tenant) as connection:
            queue_up(connection, "workshop", workshop.id, session.owner.user)
            used = len(connection.execute(tried).all())
            if workshop.attempts and used >= workshop.attempts:
                raise Conflict(f"all {workshop.attempts} attempts at this scenario are used")
            row = {"session_id": session.id, "workshop_id": workshop.id}
            connection.execute(insert(workshop_sessions), row)

    def used(self, workshop: Workshop, user: str) -> list[Run]:
        with transaction(self.reads, workshop.tenant) as connection:
            return _runs(connection, workshop, sessions.c.owner == user)

    def runs(self, workshop: Workshop) -> list[Run]:
        with transaction(self.reads, workshop.tenant) as connection:
            return _runs(connection, workshop)

    def mark(self, workshop: Workshop) -> str:
        """Sessions, turns, ends, rulings, people and votes, each as a count."""
        linked = workshop_sessions.c.session_id == sessions.c.id
        here = workshop_sessions.c.workshop_id == workshop.id
        ended = sessions.c.status != Status.ACTIVE.value
        counts = select(func.count(), func.sum(sessions.c.turn_count)).where(linked, here)
        ends = select(func.count()).where(linked, here, ended)
        ruled = select(func.count(), func.max(overrulings.c.at)).where(
            workshop_sessions.c.session_id == overrulings.c.session_id, here
        )
        came = members.c.joined_at.is_not(None)
        people = select(func.count()).where(members.c.workshop_id == workshop.id, came)
        itself = select(workshops.c.paused_at, workshops.c.ends_at, workshops.c.names_hidden).where(
            workshops.c.id == workshop.id
        )
        with transaction(self.reads, workshop.tenant) as connection:
            found = [
                *(
                    connection.execute(q).one_or_none()
                    for q in (counts, ends, ruled, people, itself)
                ),
                *vote_mark(connection, workshop),
            ]
        return repr([tuple(map(str, row or ())) for row in found])

    def played(self, workshop: Workshop, session_ids: Collection[str]) -> list[Session]:
        wanted, found = list(session_ids), list[Session]()
        with transaction(self.reads, workshop.tenant) as connection:
            for start in range(0, len(wanted), AT_ONCE):
                part = wanted[start : start + AT_ONCE]
                ours = _runs_of(workshop, sessions).where(sessions.c.id.in_(part))
                rows = connection.execute(ours).mappings().all()
                said = (
                    select(turns)
                    .where(turns.c.session_id.in_([row["id"] for row in rows]))
                    .order_by(turns.c.session_id, turns.c["index"])
                )
                by_session: defaultdict[str, list[RowMapping]] = defaultdict(list)
                for turn in connection.execute(said).mappings():
                    by_session[turn["session_id"]].append(turn)
                for row in rows:
                    whole = by_session[row["id"]][: row["turn_count"]]
                    found.append(session_from(row, whole))
        return found


_NEWEST = (workshops.c.created_at.desc(), workshops.c.id.desc())


def _runs_of(workshop: Workshop, *columns: Any) -> Select[Any]:
    wanted = columns or (
        sessions.c.id,
        sessions.c.owner,
        sessions.c.scenario,
        sessions.c.status,
        sessions.c.turn_count,
        sessions.c.created_at,
    )
    return (
        select(*wanted)
        .join(workshop_sessions, workshop_sessions.c.session_id == sessions.c.id)
        .where(sessions.c.tenant == workshop.tenant, workshop_sessions.c.workshop_id == workshop.id)
    )


def _runs(connection: Connection, workshop: Workshop, *where: ColumnElement[bool]) -> list[Run]:
    oldest = (sessions.c.created_at, sessions.c.id)
    rows = connection.execute(_runs_of(workshop).where(*where).order_by(*oldest)).mappings().all()
    ruled = (
        select(overrulings)
        .join(workshop_sessions, workshop_sessions.c.session_id == overrulings.c.session_id)
        .where(workshop_sessions.c.workshop_id == workshop.id)
    )
    rulings = _rulings(connection.execute(ruled).mappings())
    return [
        Run(
            row["id"],
            row["owner"],
            row["scenario"],
            Status(row["status"]),
            row["turn_count"],
            row["created_at"],
            rulings.get(row["id"], {}),
        )
        for row in rows
    ]


def _rulings(rows: Iterable[RowMapping]) -> dict[str, dict[tuple[int, str], Verdict]]:
    found: defaultdict[str, dict[tuple[int, str], Verdict]] = defaultdict(dict)
    for row in rows:
        found[row["session_id"]][row["turn"], row["check_id"]] = Verdict(row["verdict"])
    return found


def _workshop_from(row: RowMapping) -> Workshop:
    given: dict[str, Any] = {name: row[name] for name in Workshop.__dataclass_fields__}
    given["scenarios"] = tuple(given["scenarios"])
    given["difficulty"] = Difficulty(row["difficulty"]) if row["difficulty"] else None
    return Workshop(**given)


def _member_from(row: RowMapping) -> Member:
    return Member(row["owner"], row["name"], row["is_guest"], row["joined_at"])


def _member_record(workshop: Workshop, member: Member) -> dict[str, Any]:
    return {
        "workshop_id": workshop.id,
        "tenant": workshop.tenant,
        "owner": member.user,
        "name": member.name,
        "is_guest": member.is_guest,
        "joined_at": member.joined_at,
    }


def _is(tenant: str, workshop_id: str) -> ColumnElement[bool]:
    return and_(workshops.c.tenant == tenant, workshops.c.id == workshop_id)


def _is_member(workshop: Workshop, user: str) -> tuple[ColumnElement[bool], ...]:
    ours = members.c.tenant == workshop.tenant
    return members.c.workshop_id == workshop.id, members.c.owner == user, ours


def _missing(workshop_id: str) -> NotFound:
    return NotFound(f"there is no workshop {workshop_id[:60]!r}")
