"""What an admin does about users, teams and tokens of their tenant."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from api.dependencies import Accounts, Asking, Service, known_shape
from api.once import KEYED, once
from api.schemas_accounts import Team, Teams
from api.schemas_evidence import Short
from api.schemas_office import (
    Membership,
    NewTeam,
    NewToken,
    NewUser,
    Token,
    TokenMade,
    Tokens,
    User,
    UserChange,
    Users,
)
from coach.accounts.office import Office

router = APIRouter(prefix="/v1", tags=["accounts"])


async def current_office(accounts: Accounts) -> Office:
    return Office(accounts)


def user_name(name: Annotated[str, Path()]) -> str:
    return known_shape(name)


def team_id(team_id: Annotated[str, Path()]) -> str:
    return known_shape(team_id)


def token_id(token_id: Annotated[str, Path()]) -> str:
    return known_shape(token_id)


TheOffice = Annotated[Office, Depends(current_office)]
UserName = Annotated[str, Depends(user_name)]
TeamId = Annotated[str, Depends(team_id)]
TokenId = Annotated[str, Depends(token_id)]


@router.post("/users", status_code=201, response_model=User, openapi_extra=KEYED)
async def add_user(
    request: Request,
    asking: Asking,
    service: Service,
    office: TheOffice,
    given: NewUser,
    response: Response,
) -> BaseModel | Response:
    """The very first user is made on the coach's own machine, with `coach user add`."""

    async def make() -> User:
        made = await asyncio.to_thread(office.add_user, asking, given.name, given.roles)
        response.headers["Location"] = f"/v1/users/{made.name}"
        return User.of(made)

    return await once(request, response, asking, service, make)


@router.get("/users")
async def list_users(asking: Asking, office: TheOffice) -> Users:
    found = await asyncio.to_thread(office.users, asking)
    return Users(items=[User.of(one) for one in found])


@router.get("/users/{name}")
async def get_user(asking: Asking, office: TheOffice, name: UserName) -> User:
    return User.of(await asyncio.to_thread(office.user, asking, name))


@router.patch("/users/{name}")
async def change_user(asking: Asking, office: TheOffice, name: UserName, given: UserChange) -> User:
    """Other roles, or shut out or let in again; the last admin stays one."""
    change = (asking, name, given.roles, given.disabled)
    return User.of(await asyncio.to_thread(office.change_user, *change))


@router.get("/teams")
async def list_teams(asking: Asking, office: TheOffice) -> Teams:
    """Those you train, with their members; all of them for an admin."""
    found = await asyncio.to_thread(office.teams, asking)
    return Teams(items=[Team.of(one) for one in found])


@router.post("/teams", status_code=201, response_model=Team, openapi_extra=KEYED)
async def add_team(
    request: Request,
    asking: Asking,
    service: Service,
    office: TheOffice,
    given: NewTeam,
    response: Response,
) -> BaseModel | Response:
    """With nobody in it yet."""

    async def make() -> Team:
        made = await asyncio.to_thread(office.add_team, asking, given.name)
        response.headers["Location"] = f"/v1/teams/{made.id}"
        return Team.of(made)

    return await once(request, response, asking, service, make)


@router.get("/teams/{team_id}")
async def get_team(asking: Asking, office: TheOffice, team_id: TeamId) -> Team:
    return Team.of(await asyncio.to_thread(office.team, asking, team_id))


@router.put("/teams/{team_id}/members/{name}")
async def put_member(
    asking: Asking, office: TheOffice, team_id: TeamId, name: UserName, given: Membership
) -> Team:
    """Into the team, as a member or as who trains it; said again otherwise, it is changed."""
    return Team.of(await asyncio.to_thread(office.join, asking, team_id, name, given.trains))


@router.delete("/teams/{team_id}/members/{name}")
async def drop_member(asking: Asking, office: TheOffice, team_id: TeamId, name: UserName) -> Team:
    """Out of the team; what they practised stays theirs."""
    return Team.of(await asyncio.to_thread(office.leave, asking, team_id, name))


@router.post("/tokens", status_code=201, response_model=TokenMade, openapi_extra=KEYED)
async def create_token(
    request: Request,
    asking: Asking,
    service: Service,
    office: TheOffice,
    given: NewToken,
    response: Response,
) -> BaseModel | Response:
    """`token` is shown now and never again: the coach keeps only a digest of it."""
    shown: list[TokenMade] = []

    async def make() -> TokenMade:
        order = (asking, given.user, given.label, given.days)
        made, secret = await asyncio.to_thread(office.create_token, *order)
        kept = TokenMade.model_validate(made)
        shown.append(kept.model_copy(update={"token": secret}))
        return kept

    answer = await once(request, response, asking, service, make)
    return shown[0] if shown else answer


@router.get("/tokens")
async def list_tokens(
    asking: Asking, office: TheOffice, user: Annotated[Short | None, Query()] = None
) -> Tokens:
    """Whose, what for, when last used; never the tokens themselves."""
    found = await asyncio.to_thread(office.tokens, asking, user)
    return Tokens(items=[Token.model_validate(one) for one in found])


@router.delete("/tokens/{token_id}")
async def revoke_token(asking: Asking, office: TheOffice, token_id: TokenId) -> Token:
    """It opens nothing any more, and browsers that came in with it are signed out."""
    return Token.model_validate(await asyncio.to_thread(office.revoke, asking, token_id))
