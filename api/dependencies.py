"""What a route needs of a request: who asks, whether they may, and the service.

Local mode: there are no accounts yet, so whoever reaches this server is the one local user. That
is only safe while nobody but this machine reaches it, which ``refusal`` sees to.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request
from starlette.datastructures import Headers

from coach.errors import NotFound, Unavailable
from coach.library import Library
from coach.service import CoachService
from coach.session import LOCAL, Caller
from coach.team import Team

HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.\-]+)(:[0-9]{1,5})?")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_ID = 200


def is_loopback(name: str) -> bool:
    """True for ``localhost`` and for addresses of this machine only, such as 127.0.0.1 or ::1."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def refusal(method: str, headers: Headers) -> str | None:
    """Why a request isn't taken in local mode, or None.

    A ``Host`` of another name is DNS rebinding; an ``Origin`` of another site is a page that
    talks to this machine behind its user's back.
    """
    hosts = headers.getlist("host")
    match = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if match is None or not is_loopback(match["name"]):
        return (
            "Without accounts this server only answers on this machine: "
            "open it as http://127.0.0.1 or http://localhost with its port."
        )
    for origin in headers.getlist("origin"):
        if not _same_host(origin, hosts[0]):
            return "Another site's page may not use this server; open it at its own address."
    if method not in SAFE_METHODS and headers.get("sec-fetch-site") == "cross-site":
        return "Another site's page may not send this; use the coach's own pages."
    return None


def _same_host(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def current_caller() -> Caller:
    return LOCAL


def current_service(request: Request) -> CoachService:
    return cast(CoachService, request.app.state.service)


def current_library(request: Request) -> Library:
    library = current_service(request).library
    if library is None:
        raise Unavailable("this coach only reads its evidence; it can't be changed here")
    return library


def current_team(request: Request) -> Team:
    team = current_service(request).team
    if team is None:
        raise Unavailable("this coach keeps nothing of a team; open it with its own database")
    return team


def is_address(value: str) -> bool:
    """Whether a route takes ``value`` for a part of its path."""
    return len(value) <= LONGEST_ID and value.isprintable()


def _known_shape(value: str) -> str:
    if not is_address(value):
        raise NotFound("There is nothing with such an id.")
    return value


def session_id(session_id: Annotated[str, Path()]) -> str:
    return _known_shape(session_id)


def scenario_id(scenario_id: Annotated[str, Path()]) -> str:
    return _known_shape(scenario_id)


def evidence_id(evidence_id: Annotated[str, Path()]) -> str:
    return _known_shape(evidence_id)


def gap_id(gap_id: Annotated[str, Path()]) -> str:
    return _known_shape(gap_id)


def import_id(import_id: Annotated[str, Path()]) -> str:
    return _known_shape(import_id)


def check_id(check_id: Annotated[str, Path()]) -> str:
    return _known_shape(check_id)


def competitor(competitor: Annotated[str, Path()]) -> str:
    return _known_shape(competitor)


def goal_id(goal_id: Annotated[str, Path()]) -> str:
    return _known_shape(goal_id)


def answer_id(answer_id: Annotated[str, Path()]) -> str:
    return _known_shape(answer_id)


def webhook_id(webhook_id: Annotated[str, Path()]) -> str:
    return _known_shape(webhook_id)


Asking = Annotated[Caller, Depends(current_caller)]
Service = Annotated[CoachService, Depends(current_service)]
TheLibrary = Annotated[Library, Depends(current_library)]
TheTeam = Annotated[Team, Depends(current_team)]
SessionId = Annotated[str, Depends(session_id)]
ScenarioId = Annotated[str, Depends(scenario_id)]
EvidenceId = Annotated[str, Depends(evidence_id)]
GapId = Annotated[str, Depends(gap_id)]
ImportId = Annotated[str, Depends(import_id)]
CheckId = Annotated[str, Depends(check_id)]
GoalId = Annotated[str, Depends(goal_id)]
AnswerId = Annotated[str, Depends(answer_id)]
WebhookId = Annotated[str, Depends(webhook_id)]
Competitor = Annotated[str, Depends(competitor)]
