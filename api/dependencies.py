"""What a route needs of a request: who asks, their tenant's service, and ids of a known shape."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Path, Request

from api.access.guard import SHOW, Visitor, service_of
from coach import telemetry
from coach.accounts.book import AccountBook
from coach.errors import NotFound, NotSignedIn, Unavailable
from coach.fidelity.desk import FidelityDesk
from coach.library import Library
from coach.service import CoachService
from coach.session import Caller
from coach.team import Team
from coach.workshops.desk import Workshops

LONGEST_ID = 200


async def current_caller(who: Visitor) -> Caller:
    """Whoever the route's rule let in."""
    if who is None:
        raise NotSignedIn(SHOW)
    telemetry.about(user=who.user)
    return who


async def current_service(request: Request, who: Visitor) -> CoachService:
    """That of the caller's tenant; of what is open to anybody, the first one."""
    service = service_of(request.app)
    if who is None:
        return service
    if opened := service.opened(who.tenant):
        return opened
    return await asyncio.to_thread(service.of, who.tenant)


Asking = Annotated[Caller, Depends(current_caller)]
Service = Annotated[CoachService, Depends(current_service)]


def current_library(service: Service) -> Library:
    library = service.library
    if library is None:
        raise Unavailable("this coach only reads its evidence; it can't be changed here")
    return library


def current_team(service: Service) -> Team:
    team = service.team
    if team is None:
        raise Unavailable("this coach keeps nothing of a team; open it with its own database")
    return team


def current_workshops(service: Service) -> Workshops:
    if service.workshops is None:
        raise Unavailable("this coach keeps no workshops; open it with its own database")
    return service.workshops


def current_fidelity(service: Service) -> FidelityDesk:
    desk = service.fidelity
    if desk is None:
        raise Unavailable("this coach plays nothing by itself; open it with its own database")
    return desk


async def current_accounts(request: Request) -> AccountBook:
    accounts = service_of(request.app).accounts
    if accounts is None:
        raise Unavailable("this coach keeps no accounts; open it with its own database")
    return accounts


def is_address(value: str) -> bool:
    """Whether a route takes ``value`` for a part of its path."""
    return len(value) <= LONGEST_ID and value.isprintable()


def known_shape(value: str) -> str:
    if not is_address(value):
        raise NotFound("There is nothing with such an id.")
    return value


def session_id(session_id: Annotated[str, Path()]) -> str:
    return known_shape(session_id)


def scenario_id(scenario_id: Annotated[str, Path()]) -> str:
    return known_shape(scenario_id)


def evidence_id(evidence_id: Annotated[str, Path()]) -> str:
    return known_shape(evidence_id)


def gap_id(gap_id: Annotated[str, Path()]) -> str:
    return known_shape(gap_id)


def import_id(import_id: Annotated[str, Path()]) -> str:
    return known_shape(import_id)


def check_id(check_id: Annotated[str, Path()]) -> str:
    return known_shape(check_id)


def competitor(competitor: Annotated[str, Path()]) -> str:
    return known_shape(competitor)


def goal_id(goal_id: Annotated[str, Path()]) -> str:
    return known_shape(goal_id)


def answer_id(answer_id: Annotated[str, Path()]) -> str:
    return known_shape(answer_id)


def workshop_id(workshop_id: Annotated[str, Path()]) -> str:
    return known_shape(workshop_id)


def run_id(run_id: Annotated[str, Path()]) -> str:
    return known_shape(run_id)


def webhook_id(webhook_id: Annotated[str, Path()]) -> str:
    return known_shape(webhook_id)


TheLibrary = Annotated[Library, Depends(current_library)]
Accounts = Annotated[AccountBook, Depends(current_accounts)]
TheFidelity = Annotated[FidelityDesk, Depends(current_fidelity)]
TheTeam = Annotated[Team, Depends(current_team)]
SessionId = Annotated[str, Depends(session_id)]
ScenarioId = Annotated[str, Depends(scenario_id)]
EvidenceId = Annotated[str, Depends(evidence_id)]
GapId = Annotated[str, Depends(gap_id)]
ImportId = Annotated[str, Depends(import_id)]
CheckId = Annotated[str, Depends(check_id)]
GoalId = Annotated[str, Depends(goal_id)]
AnswerId = Annotated[str, Depends(answer_id)]
RunId = Annotated[str, Depends(run_id)]
WebhookId = Annotated[str, Depends(webhook_id)]
WorkshopId = Annotated[str, Depends(workshop_id)]
TheWorkshops = Annotated[Workshops, Depends(current_workshops)]
Competitor = Annotated[str, Depends(competitor)]
