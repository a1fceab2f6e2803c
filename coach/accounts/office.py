"""What an admin does about the accounts of their own tenant, from wherever they sit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.accounts.account import Role, Team, Token, User, checked_user
from coach.errors import Conflict, NotFound

if TYPE_CHECKING:
    from coach.accounts.book import AccountBook
    from coach.session import Caller

NOBODY_YET = (
    "there is no user yet, and whoever made one from here would be shut out: begin on the coach's "
    "own machine with `coach user add NAME --role admin` and `coach token create NAME`"
)


class Office:
    """Synchronous; call it on a thread. What is another tenant's doesn't exist here."""

    def __init__(self, book: AccountBook) -> None:
        self._book = book

    # --- users ---

    def add_user(self, caller: Caller, name: str, roles: Sequence[str]) -> User:
        """Conflict for a name that is taken, and where the coach has no users at all."""
        caller.must_be(Role.ADMIN)
        if not self._book.in_use():
            raise Conflict(NOBODY_YET)
        return self._book.add_user(name, roles, caller.tenant)[0]

    def users(self, caller: Caller) -> list[User]:
        caller.must_be(Role.ADMIN)
        return self._book.users(caller.tenant)

    def user(self, caller: Caller, name: str) -> User:
        wanted = checked_user(name)
        found = next((one for one in self.users(caller) if one.name == wanted), None)
        if found is None:
            raise NotFound(f"there is no user {name[:60]!r}")
        return found

    def change_user(
        self, caller: Caller, name: str, roles: Sequence[str] | None, disabled: bool | None
    ) -> User:
        """What is None stays. Conflict for the last admin."""
        found = self.user(caller, name)
        if roles is not None:
            found = self._book.set_roles(name, roles, caller.tenant)
        if disabled is not None and disabled != (found.disabled_at is not None):
            change = self._book.disable if disabled else self._book.enable
            found = change(name, caller.tenant)
        return found

    # --- teams ---

    def add_team(self, caller: Caller, name: str) -> Team:
        caller.must_be(Role.ADMIN)
        return self._book.add_team(name, caller.tenant)

    def teams(self, caller: Caller) -> list[Team]:
        """All for an admin; those that they train for a trainer."""
        if Role.ADMIN in caller.roles:
            return self._book.teams(caller.tenant)
        return self._book.trained_by(caller)

    def team(self, caller: Caller, team_id: str) -> Team:
        found = next((one for one in self.teams(caller) if one.id == team_id), None)
        if found is None:
            raise NotFound(f"there is no team {team_id[:60]!r}")
        return found

    def join(self, caller: Caller, team_id: str, user: str, trains: bool) -> Team:
        caller.must_be(Role.ADMIN)
        team = self.team(caller, team_id)
        return self._book.join(team.name, user, caller.tenant, trains)

    def leave(self, caller: Caller, team_id: str, user: str) -> Team:
        caller.must_be(Role.ADMIN)
        team = self.team(caller, team_id)
        return self._book.leave(team.name, user, caller.tenant)

    # --- tokens ---

    def create_token(
        self, caller: Caller, user: str, label: str, days: int | None
    ) -> tuple[Token, str]:
        """With the secret, which is told nowhere again."""
        caller.must_be(Role.ADMIN)
        return self._book.create_token(user, label, days, caller.tenant)

    def tokens(self, caller: Caller, user: str | None = None) -> list[Token]:
        caller.must_be(Role.ADMIN)
        return self._book.tokens(caller.tenant, user)

    def revoke(self, caller: Caller, token_id: str) -> Token:
        """Whoever came in with it is shown out."""
        if token_id not in {one.id for one in self.tokens(caller)}:
            raise NotFound(f"there is no token {token_id[:60]!r}")
        return self._book.revoke(token_id)
