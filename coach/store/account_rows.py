"""Users, teams and tenants in a relational database; what they show at the door is in
``entry_rows``."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from coach.accounts.account import Team, Tenant, User
from coach.errors import Conflict, NotFound
from coach.store.account_tables import team_members, teams, tenants, users, visits
from coach.store.engine import Reach, transaction
from coach.store.entry_rows import EntryRows
from coach.store.tables import idempotency, jobs, sessions
from coach.store.workshop_tables import workshop_members, workshop_votes, workshops


class SqlAccounts(EntryRows):
    """The ``AccountStore`` port; shares the engines of the store."""

    def any_user(self) -> bool:
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            return connection.scalar(select(users.c.id).limit(1)) is not None

    def add_tenant(self, tenant: Tenant) -> None:
        with transaction(self.writes, tenant.id) as connection:
            connection.execute(insert(tenants), vars(tenant))

    def tenants(self) -> list[Tenant]:
        query = select(tenants).order_by(tenants.c.created_at, tenants.c.id)
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            return [Tenant(**row) for row in connection.execute(query).mappings()]

    def add_user(self, user: User) -> None:
        row = {
            "id": user.id,
            "tenant": user.tenant,
            "name": user.name,
            "roles": sorted(user.roles),
            "created_at": user.created_at,
        }
        with transaction(self.writes, user.tenant) as connection:
            if connection.scalar(select(users.c.id).where(_is(user.tenant, user.name))):
                raise Conflict(f"there is a user {user.name!r} already")
            connection.execute(insert(users), row)

    def user(self, tenant: str, name: str) -> User:
        found = self._users(_is(tenant, name))
        if not found:
            raise _no_user(name)
        return found[0]

    def users(self, tenant: str | None) -> list[User]:
        return self._users(*([] if tenant is None else [users.c.tenant == tenant]))

    def _users(self, *where: ColumnElement[bool]) -> list[User]:
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            return users_where(connection, *where)

    def set_disabled(self, tenant: str, name: str, at: datetime | None) -> None:
        with transaction(self.writes, tenant) as connection:
            user_id = _user_id(connection, tenant, name)
            connection.execute(update(users).where(users.c.id == user_id).values(disabled_at=at))
            if at is not None:
                connection.execute(delete(visits).where(visits.c.user_id == user_id))

    def set_roles(self, tenant: str, name: str, roles: frozenset[str]) -> None:
        with transaction(self.writes, tenant) as connection:
            user_id = _user_id(connection, tenant, name)
            given = update(users).where(users.c.id == user_id).values(roles=sorted(roles))
            connection.execute(given)

    def take_over(self, tenant: str, before: str, after: str) -> int:
        with transaction(self.writes, tenant) as connection:
            moved = 0
            run = and_(workshops.c.tenant == tenant, workshops.c.trainer == before)
            connection.execute(update(workshops).where(run).values(trainer=after))
            for table in (workshop_votes, workshop_members, jobs, idempotency, sessions):
                theirs = and_(table.c.tenant == tenant, table.c.owner == before)
                moved = connection.execute(update(table).where(theirs).values(owner=after)).rowcount
            return moved  # of the last table: sessions

    def add_team(self, team: Team) -> None:
        row = {name: getattr(team, name) for name in ("id", "tenant", "name", "created_at")}
        with transaction(self.writes, team.tenant) as connection:
            if connection.scalar(select(teams.c.id).where(_is_team(team.tenant, team.name))):
                raise Conflict(f"there is a team {team.name!r} already")
            connection.execute(insert(teams), row)

    def teams(self, tenant: str | None) -> list[Team]:
        ours = [] if tenant is None else [teams.c.tenant == tenant]
        query = select(teams).where(*ours).order_by(teams.c.tenant, teams.c.name)
        belong = (
            select(team_members.c.team_id, users.c.name, team_members.c.trains)
            .join(users, users.c.id == team_members.c.user_id)
            .order_by(users.c.name)
        )
        with transaction(
            self.reads, Reach.EVERY_TENANT if tenant is None else tenant
        ) as connection:
            people: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
            for team_id, name, trains in connection.execute(belong):
                people[team_id, trains].append(name)
            return [
                Team(
                    **row,
                    members=tuple(people[row["id"], False]),
                    trainers=tuple(people[row["id"], True]),
                )
                for row in connection.execute(query).mappings()
            ]

    def set_member(self, tenant: str, team: str, user: str, trains: bool) -> None:
        with transaction(self.writes, tenant) as connection:
            row = _membership(connection, tenant, team, user)
            connection.execute(delete(team_members).filter_by(**row))
            connection.execute(insert(team_members), {**row, "tenant": tenant, "trains": trains})

    def drop_member(self, tenant: str, team: str, user: str) -> None:
        with transaction(self.writes, tenant) as connection:
            row = _membership(connection, tenant, team, user)
            if connection.execute(delete(team_members).filter_by(**row)).rowcount == 0:
                raise NotFound(f"{user} isn't in the team {team!r}")


def users_where(connection: Connection, *where: ColumnElement[bool]) -> list[User]:
    """By tenant and name, each with the teams they are in."""
    query = select(users).where(*where).order_by(users.c.tenant, users.c.name)
    rows = connection.execute(query).mappings().all()
    belong = (
        select(team_members.c.user_id, teams.c.id, teams.c.name, team_members.c.trains)
        .join(teams, teams.c.id == team_members.c.team_id)
        .join(users, users.c.id == team_members.c.user_id)
        .where(*where)
        .order_by(teams.c.name)
    )
    trains: defaultdict[str, set[str]] = defaultdict(set)
    member_of: defaultdict[str, list[str]] = defaultdict(list)
    for user_id, team_id, name, is_trainer in connection.execute(belong):
        if is_trainer:
            trains[user_id].add(team_id)
        else:
            member_of[user_id].append(name)
    return [
        User(
            **{**row, "roles": frozenset(row["roles"])},
            trains=frozenset(trains[row["id"]]),
            member_of=tuple(member_of[row["id"]]),
        )
        for row in rows
    ]


def _membership(connection: Connection, tenant: str, team: str, user: str) -> dict[str, Any]:
    team_id = connection.scalar(select(teams.c.id).where(_is_team(tenant, team)))
    if team_id is None:
        raise NotFound(f"there is no team {team[:60]!r}; see `coach team list`")
    return {"team_id": team_id, "user_id": _user_id(connection, tenant, user)}


def _user_id(connection: Connection, tenant: str, name: str) -> str:
    found: str | None = connection.scalar(select(users.c.id).where(_is(tenant, name)))
    if found is None:
        raise _no_user(name)
    return found


def _is(tenant: str, name: str) -> ColumnElement[bool]:
    return and_(users.c.tenant == tenant, users.c.name == name)


def _is_team(tenant: str, name: str) -> ColumnElement[bool]:
    return and_(teams.c.tenant == tenant, teams.c.name == name)


def _no_user(name: str) -> NotFound:
    return NotFound(f"there is no user {name[:60]!r}; see `coach user list`")
