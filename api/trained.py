"""Whom a trainer trains: the members of their teams, and in local mode the one who is there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from api.access.guard import service_of
from api.dependencies import Asking, known_shape
from api.schemas_evidence import Short
from coach.accounts.account import Team
from coach.errors import NotFound
from coach.session import LOCAL, Caller


@dataclass(frozen=True)
class Trained:
    """``people`` are those of the ``chosen`` team, or of all."""

    teams: tuple[Team, ...]
    chosen: str
    people: tuple[str, ...]


async def trained(
    request: Request,
    asking: Asking,
    team: Annotated[
        Short, Query(description="the id of a team that you train; all without it")
    ] = "",
) -> Trained:
    if asking == LOCAL:
        return Trained((), "", (asking.user,))
    accounts = service_of(request.app).accounts
    teams = await asyncio.to_thread(accounts.trained_by, asking) if accounts else []
    if team and team not in {one.id for one in teams}:
        raise NotFound("you train no such team")
    people = {name for one in teams if team in ("", one.id) for name in one.members}
    return Trained(tuple(teams), team, tuple(sorted(people)))


async def trainee(request: Request, asking: Asking, user: Annotated[str, Path()]) -> Caller:
    """One of them, to read what is theirs."""
    if asking == LOCAL and user == asking.user:
        return asking
    accounts = service_of(request.app).accounts
    if accounts is None:
        raise NotFound("there is nobody but you here")
    return await asyncio.to_thread(accounts.member_trained_by, asking, known_shape(user))


TheTrained = Annotated[Trained, Depends(trained)]
Trainee = Annotated[Caller, Depends(trainee)]
