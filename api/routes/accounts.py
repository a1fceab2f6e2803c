"""Who asks, and the people whom they train."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.dependencies import Accounts, Asking, Service, known_shape
from api.schemas import Sessions
from api.schemas_accounts import Me
from api.schemas_evidence import Short
from api.schemas_progress import Progress
from coach.session import Caller

router = APIRouter(prefix="/v1", tags=["accounts"])


async def member(asking: Asking, accounts: Accounts, user: Annotated[str, Path()]) -> Caller:
    return await asyncio.to_thread(accounts.member_trained_by, asking, known_shape(user))


Member = Annotated[Caller, Depends(member)]


@router.get("/me")
async def get_me(asking: Asking) -> Me:
    """Who the server takes you for."""
    return Me.of(asking)


@router.get("/teams/members/{user}/sessions")
async def list_member_sessions(
    member: Member,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[Short | None, Query()] = None,
) -> Sessions:
    """Of somebody in a team that you train, newest first; each can be read by its id."""
    found, next_cursor = await service.sessions(member, limit, cursor)
    running = await service.turns.under_way_in(member, found)
    return Sessions.of(found, next_cursor, running)


@router.get("/teams/members/{user}/progress")
async def get_member_progress(member: Member, service: Service) -> Progress:
    """Of somebody in a team that you train, as `/v1/me/progress`."""
    return Progress.of(await service.progress.progress(member))
