"""The JSON of what admins see and change: users, teams and tokens."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictBool, StrictInt

from api.schemas_evidence import CleanStr, Given, Shown, Time
from coach.accounts import account

Roles = list[account.Role]


class NewUser(Given):
    name: CleanStr = Field(min_length=1, max_length=120, description="such as an e-mail address")
    roles: Roles = Field(default=[account.Role.REP], min_length=1, max_length=3)


class UserChange(Given):
    """What is left out stays as it is."""

    roles: Roles | None = Field(default=None, min_length=1, max_length=3)
    disabled: StrictBool | None = Field(
        default=None, description="true shuts them out at once; what they did stays"
    )


class User(BaseModel):
    name: str
    roles: list[str]
    teams: list[str]
    created_at: Time
    disabled_at: Time | None

    @classmethod
    def of(cls, user: account.User) -> User:
        return cls(
            name=user.name,
            roles=sorted(user.roles),
            teams=list(user.member_of),
            created_at=user.created_at,
            disabled_at=user.disabled_at,
        )


class Users(BaseModel):
    items: list[User]
    next_cursor: str | None = None


class NewTeam(Given):
    name: CleanStr = Field(min_length=1, max_length=80)


class Membership(Given):
    trains: StrictBool = Field(default=False, description="they read what members practise")


class NewToken(Given):
    user: CleanStr = Field(min_length=1, max_length=120)
    label: CleanStr = Field(default="", max_length=account.LONGEST_LABEL)
    days: StrictInt | None = Field(
        default=None, ge=1, le=3650, description="how long it holds; else until it is revoked"
    )


class Token(Shown):
    """``prefix`` is how it begins; the token itself is nowhere."""

    id: str
    user: str
    label: str
    prefix: str
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None


class TokenMade(Token):
    """``token`` is shown now and never again: a repeated request gets "" in its place."""

    token: str = ""


class Tokens(BaseModel):
    items: list[Token]
    next_cursor: str | None = None
