"""The JSON of who asks, and of the teams that they train."""

from __future__ import annotations

from api.schemas_evidence import Shown
from coach.accounts import account
from coach.session import Caller


class Me(Shown):
    """``token`` is the id of the token that was shown, or "" without one."""

    user: str
    tenant: str
    roles: list[str]
    token: str

    @classmethod
    def of(cls, caller: Caller) -> Me:
        shown = "" if caller.token.startswith("visit:") else caller.token
        return cls(user=caller.user, tenant=caller.tenant, roles=sorted(caller.roles), token=shown)


class Team(Shown):
    id: str
    name: str
    members: list[str]
    trainers: list[str]

    @classmethod
    def of(cls, team: account.Team) -> Team:
        return cls(
            id=team.id, name=team.name, members=list(team.members), trainers=list(team.trainers)
        )


class Teams(Shown):
    items: list[Team]
    next_cursor: str | None = None
