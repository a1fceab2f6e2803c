"""The verbs about accounts: who there is, what they may show at the door, and who it is then."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from coach.accounts.account import (
    LONGEST_LABEL,
    AccountStore,
    Role,
    SignIn,
    Team,
    Tenant,
    Token,
    User,
    Visit,
    checked_roles,
    checked_team,
    checked_tenant,
    checked_user,
)
from coach.accounts.secret import digest_of, is_of, new_secret, new_token, prefix_of
from coach.errors import BadInput, Conflict, Misconfigured, NotFound, Refused, Unavailable
from coach.session import LOCAL, Caller

if TYPE_CHECKING:
    from coach.ports import Clock

LONGEST_LIFE = 3_650  # days
VISIT = timedelta(hours=12)
SIGN_IN = timedelta(minutes=10)
NOTED_EVERY = timedelta(minutes=1)  # when a token was last used: not written at every request


class AccountBook:
    """Synchronous and thread-safe; call it on a thread."""

    def __init__(self, store: AccountStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._in_use = False

    def in_use(self) -> bool:
        """Whether there is a user: from then on nobody comes in without showing who they are."""
        self._in_use = self._in_use or self._store.any_user()
        return self._in_use

    # --- tenants, users, teams ---

    def add_tenant(self, name: str, title: str = "") -> Tenant:
        made = Tenant(checked_tenant(name), title.strip()[:200], self._clock())
        if made.id in {one.id for one in self.tenants()}:
            raise Conflict(f"there is a tenant {made.id!r} already")
        self._store.add_tenant(made)
        return made

    def tenants(self) -> list[Tenant]:
        """With the one that is there from the beginning."""
        return self._store.tenants()

    def add_user(
        self,
        name: str,
        roles: Iterable[str] = (Role.REP,),
        tenant: str = LOCAL.tenant,
        take_over: bool = False,
    ) -> tuple[User, int]:
        """``take_over`` gives them what was practised before there were users; how many sessions
        that are is told too."""
        self._known_tenant(tenant)
        made = User(uuid4().hex, tenant, checked_user(name), checked_roles(roles), self._clock())
        if not self.in_use() and Role.ADMIN not in made.roles:
            raise BadInput("the first user must be an admin: add --role admin")
        if take_over and tenant != LOCAL.tenant:
            raise BadInput(f"--take-over is for a user of the tenant {LOCAL.tenant!r}")
        self._store.add_user(made)
        taken = self._store.take_over(tenant, LOCAL.user, made.name) if take_over else 0
        return made, taken

    def users(self, tenant: str | None = None) -> list[User]:
        return self._store.users(tenant)

    def disable(self, name: str, tenant: str = LOCAL.tenant) -> User:
        """They are shown out at once; what they did stays. Conflict for the last admin."""
        user = self._store.user(tenant, checked_user(name))
        if self._is_last_admin(user):
            raise Conflict(f"{user.name} is the last admin; make another one first")
        self._store.set_disabled(tenant, user.name, self._clock())
        return self._store.user(tenant, user.name)

    def enable(self, name: str, tenant: str = LOCAL.tenant) -> User:
        self._store.set_disabled(tenant, checked_user(name), None)
        return self._store.user(tenant, checked_user(name))

    def set_roles(self, name: str, roles: Iterable[str], tenant: str = LOCAL.tenant) -> User:
        user, wanted = self._store.user(tenant, checked_user(name)), checked_roles(roles)
        if Role.ADMIN not in wanted and self._is_last_admin(user):
            raise Conflict(f"{user.name} is the last admin; make another one first")
        self._store.set_roles(tenant, user.name, wanted)
        return self._store.user(tenant, user.name)

    def add_team(self, name: str, tenant: str = LOCAL.tenant) -> Team:
        self._known_tenant(tenant)
        made = Team(uuid4().hex, tenant, checked_team(name), self._clock())
        self._store.add_team(made)
        return made

    def teams(self, tenant: str | None = None) -> list[Team]:
        return self._store.teams(tenant)

    def join(self, team: str, user: str, tenant: str = LOCAL.tenant, trains: bool = False) -> Team:
        """``trains`` lets them see what the others of the team practise."""
        found = self._store.user(tenant, checked_user(user))
        if trains and not found.roles & {Role.TRAINER}:
            raise BadInput(f"{found.name} isn't a trainer; give them the role first")
        self._store.set_member(tenant, checked_team(team), found.name, trains)
        return self._team(tenant, team)

    def leave(self, team: str, user: str, tenant: str = LOCAL.tenant) -> Team:
        self._store.drop_member(tenant, checked_team(team), checked_user(user))
        return self._team(tenant, team)

    # --- tokens ---

    def create_token(
        self, user: str, label: str = "", days: int | None = None, tenant: str = LOCAL.tenant
    ) -> tuple[Token, str]:
        """The token as it is kept, and its secret, which is told nowhere again."""
        if days is not None and not 1 <= days <= LONGEST_LIFE:
            raise BadInput(f"a token lives 1 to {LONGEST_LIFE:,} days, or as long as its user")
        if len(label) > LONGEST_LABEL:
            raise BadInput(f"a label has {LONGEST_LABEL} characters at most")
        owner, now = self._store.user(tenant, checked_user(user)), self._clock()
        text, prefix, digest = new_token()
        expires = None if days is None else now + timedelta(days=days)
        made = Token(uuid4().hex, tenant, owner.name, label.strip(), prefix, digest, now, expires)
        self._store.add_token(made)
        return made, text

    def tokens(self, tenant: str | None = None, user: str | None = None) -> list[Token]:
        return self._store.tokens(tenant, user)

    def revoke(self, token: str) -> Token:
        """By its id or the prefix that lists show; whoever came in with it is shown out."""
        found = [one for one in self.tokens() if token in (one.id, one.prefix)]
        if len(found) != 1:
            raise NotFound(f"there is no token {token[:60]!r}; see `coach token list`")
        self._store.revoke(found[0].id, self._clock())
        return next(one for one in self.tokens() if one.id == found[0].id)

    def caller_with(self, text: str) -> Caller | None:
        """Whose token that is; None for one that isn't ours or doesn't hold any more."""
        prefix, now = prefix_of(text), self._clock()
        for token, user in self._store.holder(prefix) if prefix else ():
            if is_of(token.digest, text) and token.holds_at(now) and user.disabled_at is None:
                self._note_use(token, now)
                return user.as_caller(token.id)
        return None

    def _note_use(self, token: Token, now: datetime) -> None:
        if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
            with suppress(Unavailable):  # a database that is busy needn't cost a request
                self._store.used(token.id, now)

    # --- browsers ---

    def begin_visit(self, caller: Caller) -> str:
        """The secret of a new visit, for the browser to keep."""
        now = self._clock()
        self._store.tidy(now, now - SIGN_IN)
        secret = new_secret()
        visit = Visit(digest_of(secret), caller.tenant, caller.user, caller.token, now, now + VISIT)
        self._store.add_visit(visit)
        return secret

    def visitor(self, secret: str) -> Caller | None:
        """Who visits with that secret; None when the visit is over."""
        found = self._store.visitor(digest_of(secret))
        if found is None:
            return None
        visit, user = found
        is_over = user.disabled_at is not None or visit.expires_at <= self._clock()
        return None if is_over else user.as_caller(visit.token or f"visit:{visit.digest[:16]}")

    def end_visit(self, secret: str) -> None:
        self._store.end_visit(digest_of(secret))

    def begin_sign_in(self, nonce: str, verifier: str, after: str) -> str:
        """The state to send to the provider."""
        state, now = new_secret(), self._clock()
        self._store.add_sign_in(SignIn(digest_of(state), nonce, verifier, after, now))
        return state

    def finish_sign_in(self, state: str) -> SignIn | None:
        """Once for each state, and not later than ten minutes after it was begun."""
        begun = self._store.take_sign_in(digest_of(state))
        if begun is None or begun.created_at < self._clock() - SIGN_IN:
            return None
        return begun

    # --- people who come from a provider ---

    def arrived(self, name: str, tenant: str, roles: Iterable[str] | None) -> Caller | None:
        """The user of that name, made at their first arrival; None when they are disabled.

        ``roles`` are what the provider says, at every arrival anew; None where it says nothing.
        """
        if not self.in_use():
            raise Refused("nobody is expected here yet: an admin must be made first")
        if tenant not in {one.id for one in self.tenants()}:
            raise Misconfigured(f"COACH_OIDC_TENANTS names {tenant!r}, and there is no such tenant")
        wanted = None if roles is None else checked_roles(roles)
        try:
            user = self._store.user(tenant, checked_user(name))
        except NotFound:
            given = wanted or frozenset({Role.REP.value})
            user = User(uuid4().hex, tenant, checked_user(name), given, self._clock())
            self._store.add_user(user)
        if user.disabled_at is not None:
            return None
        if wanted is not None and wanted != user.roles:
            self._store.set_roles(tenant, user.name, wanted)
            user = self._store.user(tenant, user.name)
        return user.as_caller("")

    def named(self, tenant: str, name: str) -> Caller | None:
        """The user of that name, for a door that knows who asks; None who may not come in."""
        try:
            user = self._store.user(tenant, checked_user(name))
        except (NotFound, BadInput):
            return None
        return user.as_caller("") if user.disabled_at is None else None

    # --- what trainers ask ---

    def trained_by(self, caller: Caller) -> list[Team]:
        """Their teams, with the members."""
        return [team for team in self.teams(caller.tenant) if team.id in caller.teams]

    def member_trained_by(self, caller: Caller, user: str) -> Caller:
        """A member of a team they train, to read what is theirs; NotFound for anybody else."""
        for team in self.trained_by(caller):
            if user in team.members:
                return Caller(user, caller.tenant)
        raise NotFound(f"nobody called {user[:60]!r} is in a team that you train")

    def _known_tenant(self, tenant: str) -> None:
        known = [one.id for one in self.tenants()]
        if tenant not in known:
            raise NotFound(
                f"there is no tenant {tenant[:60]!r}, only {', '.join(known[:20])}; "
                "`coach tenant add` makes one"
            )

    def _is_last_admin(self, user: User) -> bool:
        others = (one for one in self.users(user.tenant) if one.name != user.name)
        return Role.ADMIN in user.roles and not any(
            Role.ADMIN in one.roles and one.disabled_at is None for one in others
        )

    def _team(self, tenant: str, name: str) -> Team:
        return next(t for t in self.teams(tenant) if t.name == checked_team(name))
