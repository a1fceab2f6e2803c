"""What opens the door: tokens, visits by browser and sign-ins under way, in a database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, RowMapping, Select, delete, insert, select, update

from coach.accounts.account import SignIn, Token, User, Visit
from coach.store.account_tables import api_tokens, sign_ins, team_members, users, visits
from coach.store.engine import Reach, transaction

_TOKEN = (
    *(column for column in api_tokens.c if column.name != "user_id"),
    users.c.name.label("user"),
)
_VISIT = (
    visits.c.digest,
    visits.c.tenant,
    users.c.name.label("user"),
    visits.c.token_id,
    visits.c.created_at.label("begun_at"),
    visits.c.expires_at.label("until"),
)
_USER = (
    users.c.id.label("user_id"),
    users.c.tenant.label("user_tenant"),
    users.c.roles,
    users.c.created_at.label("user_since"),
    users.c.disabled_at,
)


class EntryRows:
    """The part of the ``AccountStore`` port that every request asks."""

    def __init__(self, reads: Engine, writes: Engine) -> None:
        self.reads, self.writes = reads, writes

    def add_token(self, token: Token) -> None:
        row = {key: value for key, value in vars(token).items() if key != "user"}
        owner = select(users.c.id).filter_by(tenant=token.tenant, name=token.user)
        with transaction(self.writes, token.tenant) as connection:
            user_id = connection.scalar(owner)
            connection.execute(insert(api_tokens), {**row, "user_id": user_id})

    def tokens(self, tenant: str | None, user: str | None = None) -> list[Token]:
        query = select(*_TOKEN).join(users, users.c.id == api_tokens.c.user_id)
        if tenant is not None:
            query = query.where(api_tokens.c.tenant == tenant)
        if user is not None:
            query = query.where(users.c.name == user)
        with transaction(
            self.reads, Reach.EVERY_TENANT if tenant is None else tenant
        ) as connection:
            ordered = query.order_by(api_tokens.c.created_at, api_tokens.c.id)
            return [Token(**row) for row in connection.execute(ordered).mappings()]

    def revoke(self, token_id: str, at: datetime) -> None:
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            this = api_tokens.c.id == token_id
            connection.execute(update(api_tokens).where(this).values(revoked_at=at))
            connection.execute(delete(visits).where(visits.c.token_id == token_id))

    def holder(self, prefix: str) -> list[tuple[Token, User]]:
        """The tokens with that prefix, with their users."""
        query = (
            select(*_TOKEN, *_USER)
            .join(users, users.c.id == api_tokens.c.user_id)
            .where(api_tokens.c.prefix == prefix)
        )
        names = Token.__dataclass_fields__
        return [
            (Token(**{name: row[name] for name in names}), user)
            for row, user in self._with_users(query)
        ]

    def used(self, token_id: str, at: datetime) -> None:
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            this = update(api_tokens).where(api_tokens.c.id == token_id)
            connection.execute(this.values(last_used_at=at))

    def add_visit(self, visit: Visit) -> None:
        owner = select(users.c.id).filter_by(tenant=visit.tenant, name=visit.user)
        row = {
            "digest": visit.digest,
            "tenant": visit.tenant,
            "token_id": visit.token or None,
            "created_at": visit.created_at,
            "expires_at": visit.expires_at,
        }
        with transaction(self.writes, visit.tenant) as connection:
            connection.execute(insert(visits), {**row, "user_id": connection.scalar(owner)})

    def visitor(self, digest: str) -> tuple[Visit, User] | None:
        query = (
            select(*_VISIT, *_USER)
            .join(users, users.c.id == visits.c.user_id)
            .where(visits.c.digest == digest)
        )
        for row, user in self._with_users(query):
            token = row["token_id"] or ""
            begun, until = row["begun_at"], row["until"]
            return Visit(digest, row["tenant"], row["user"], token, begun, until), user
        return None

    def end_visit(self, digest: str) -> None:
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            connection.execute(delete(visits).where(visits.c.digest == digest))

    def tidy(self, now: datetime, sign_ins_before: datetime) -> None:
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            connection.execute(delete(visits).where(visits.c.expires_at <= now))
            connection.execute(delete(sign_ins).where(sign_ins.c.created_at < sign_ins_before))

    def add_sign_in(self, begun: SignIn) -> None:
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            connection.execute(insert(sign_ins), vars(begun))

    def take_sign_in(self, digest: str) -> SignIn | None:
        this = sign_ins.c.digest == digest
        with transaction(self.writes, Reach.EVERY_TENANT) as connection:
            row = connection.execute(select(sign_ins).where(this)).mappings().one_or_none()
            gone = connection.execute(delete(sign_ins).where(this)).rowcount
        return SignIn(**row) if row and gone else None

    def _with_users(self, query: Select[*tuple[object, ...]]) -> list[tuple[RowMapping, User]]:
        trained = select(team_members.c.team_id).where(team_members.c.trains)
        with transaction(self.reads, Reach.EVERY_TENANT) as connection:
            return [
                (
                    row,
                    User(
                        row["user_id"],
                        row["user_tenant"],
                        row["user"],
                        frozenset(row["roles"]),
                        row["user_since"],
                        row["disabled_at"],
                        frozenset(
                            connection.scalars(
                                trained.where(team_members.c.user_id == row["user_id"])
                            )
                        ),
                    ),
                )
                for row in connection.execute(query).mappings().all()
            ]
