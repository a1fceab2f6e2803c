"""What is known of a tenant, a user, a team and a token, and which names they may have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from coach.errors import BadInput
from coach.session import LOCAL, Caller

TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
USER = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,119}")
TEAM = re.compile(r"[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,79}")
LONGEST_LABEL = 80


class Role(StrEnum):
    REP = "rep"
    TRAINER = "trainer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Tenant:
    id: str
    title: str
    created_at: datetime


@dataclass(frozen=True)
class User:
    """``name`` is what everything that is theirs is stored under, unique in the tenant.

    ``trains`` are the ids of teams, ``member_of`` their names.
    """

    id: str
    tenant: str
    name: str
    roles: frozenset[str]
    created_at: datetime
    disabled_at: datetime | None = None
    trains: frozenset[str] = frozenset()
    member_of: tuple[str, ...] = ()

    def as_caller(self, token: str) -> Caller:
        trains = self.trains if Role.TRAINER in self.roles else frozenset()
        return Caller(self.name, self.tenant, self.roles, trains, token)


@dataclass(frozen=True)
class Team:
    """``members`` and ``trainers`` are names of users."""

    id: str
    tenant: str
    name: str
    created_at: datetime
    members: tuple[str, ...] = ()
    trainers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    """``digest`` is of the secret, which is shown once and kept nowhere; ``prefix`` finds it."""

    id: str
    tenant: str
    user: str
    label: str
    prefix: str
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True)
class Visit:
    """A browser that is signed in until it signs out, is shown out or time is up.

    ``token`` is the id of the token it was begun with, "" with single sign-on; it ends with it.
    """

    digest: str
    tenant: str
    user: str
    token: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class SignIn:
    """A single sign-on under way; ``digest`` is of the state that the provider hands back."""

    digest: str
    nonce: str
    verifier: str
    after: str  # the page to go to
    created_at: datetime


class AccountStore(Protocol):
    """Where accounts are kept. Synchronous and thread-safe; each method is one transaction.

    NotFound for what isn't there, Conflict for a name that is taken.
    """

    def any_user(self) -> bool: ...

    def add_tenant(self, tenant: Tenant) -> None: ...

    def tenants(self) -> list[Tenant]: ...

    def add_user(self, user: User) -> None: ...

    def user(self, tenant: str, name: str) -> User: ...

    def users(self, tenant: str | None) -> list[User]: ...

    def set_disabled(self, tenant: str, name: str, at: datetime | None) -> None:
        """With a time: their visits end too."""

    def set_roles(self, tenant: str, name: str, roles: frozenset[str]) -> None: ...

    def take_over(self, tenant: str, before: str, after: str) -> int:
        """What the user ``before`` did is ``after``'s from now on; how many sessions that are."""

    def add_team(self, team: Team) -> None: ...

    def teams(self, tenant: str | None) -> list[Team]: ...

    def set_member(self, tenant: str, team: str, user: str, trains: bool) -> None:
        """By the names of both; again with the other ``trains`` it is changed."""

    def drop_member(self, tenant: str, team: str, user: str) -> None: ...

    def add_token(self, token: Token) -> None: ...

    def tokens(self, tenant: str | None, user: str | None = None) -> list[Token]: ...

    def revoke(self, token_id: str, at: datetime) -> None:
        """With the visits that it began."""

    def holder(self, prefix: str) -> list[tuple[Token, User]]:
        """The tokens with that prefix, with their users."""

    def used(self, token_id: str, at: datetime) -> None: ...

    def add_visit(self, visit: Visit) -> None: ...

    def visitor(self, digest: str) -> tuple[Visit, User] | None: ...

    def end_visit(self, digest: str) -> None: ...

    def tidy(self, now: datetime, sign_ins_before: datetime) -> None:
        """Forgets visits that are over and single sign-ons that nobody came back from."""

    def add_sign_in(self, begun: SignIn) -> None: ...

    def take_sign_in(self, digest: str) -> SignIn | None:
        """Once: then it is gone."""


def checked_tenant(name: str) -> str:
    if not TENANT.fullmatch(wanted := name.strip().casefold()):
        raise BadInput(
            f"a tenant is named with up to 40 of a-z, 0-9 and -, such as acme, not {name[:60]!r}"
        )
    return wanted


def checked_user(name: str) -> str:
    wanted = name.strip().casefold()
    if not USER.fullmatch(wanted):
        raise BadInput(
            f"a user is named with up to 120 of a-z, 0-9 and . _ @ + -, such as an e-mail "
            f"address, not {name[:60]!r}"
        )
    if wanted == LOCAL.user:
        raise BadInput(f"{LOCAL.user!r} is who asks while there are no users; choose another name")
    return wanted


def checked_team(name: str) -> str:
    if not TEAM.fullmatch(wanted := " ".join(name.split())):
        raise BadInput(f"a team is named with 1 to 80 characters, not {name[:60]!r}")
    return wanted


def checked_roles(roles: Iterable[str]) -> frozenset[str]:
    given = frozenset(roles)
    if not given or not given <= set(Role):
        known = ", ".join(Role)
        raise BadInput(f"a user has one or more of the roles {known}, not {sorted(given)}")
    return given
