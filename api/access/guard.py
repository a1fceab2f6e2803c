"""Kept by every request: who asks is found out once, and the route's rule is held to."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request
from starlette.datastructures import Headers
from starlette.types import Scope

from api.access.rules import RULES
from coach.errors import CoachError, NotSignedIn, Refused
from coach.service import CoachService
from coach.session import GUEST, LOCAL, Caller
from coach.workshops.desk import GUEST_SECRET

COOKIE = "coach_visit"
#: In the scope, set by the doorway for every request: the second is why the first isn't known.
IS_LOCAL, TROUBLE = "coach.is_local", "coach.trouble"

SHOW = (
    "Say who you are: send Authorization: Bearer with a token (`coach token create USER` makes "
    "one; the commands take it from COACH_TOKEN)."
)
UNKNOWN = "This token isn't known, has expired or was revoked; ask an admin for another one."
OVER = "You were signed out; sign in again."


def service_of(app: FastAPI) -> CoachService:
    """Of the tenant that is there from the beginning."""
    return cast(CoachService, app.state.service)


async def in_local_mode(app: FastAPI) -> bool:
    """No user exists: whoever reaches this machine's own address is the one local user.

    Raises Unavailable where that can't be known.
    """
    accounts = service_of(app).accounts
    return accounts is None or not await asyncio.to_thread(accounts.in_use)


def bearer_of(headers: Headers) -> str | None:
    """The token that was sent; "" for an Authorization of another kind."""
    sent = headers.get("authorization")
    if sent is None:
        return None
    scheme, _, token = sent.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


async def visitor(request: Request) -> Caller | None:
    """Who asks, as far as they showed it."""
    try:
        found = await _found(request)
    except CoachError as error:
        request.state.trouble, found = error, None
    request.state.visitor = found
    return found


async def _found(request: Request) -> Caller | None:
    accounts, workshops = service_of(request.app).accounts, service_of(request.app).workshops
    secret = request.cookies.get(COOKIE, "")
    if workshops and secret.startswith(GUEST_SECRET):
        guest = await asyncio.to_thread(workshops.guest, secret)
        if guest is not None:
            return guest
    if request.scope[IS_LOCAL] or accounts is None:
        return LOCAL
    if (token := bearer_of(request.headers)) is not None:
        return await asyncio.to_thread(accounts.caller_with, token)
    if secret:
        return await asyncio.to_thread(accounts.visitor, secret)
    if trouble := request.scope[TROUBLE]:
        raise trouble  # who shows nothing may be the local user or nobody
    return None


Visitor = Annotated[Caller | None, Depends(visitor)]


async def guard(request: Request, who: Visitor) -> None:
    """Raises NotSignedIn or Refused as the table says."""
    rule = RULES[f"{request.method} {request.scope['route'].path_format}"]
    if rule.is_open:
        return
    if trouble := getattr(request.state, "trouble", None):
        raise trouble
    if who is None:
        raise NotSignedIn(_advice(request))
    if not who.roles & rule.roles:
        raise Refused(f"only {' and '.join(f'{r}s' for r in sorted(rule.roles))} may do that")


def _advice(request: Request) -> str:
    if bearer_of(request.headers) is not None:
        return UNKNOWN
    return OVER if COOKIE in request.cookies else SHOW


def signed_in(request: Request) -> Caller | None:
    """Whom a page may greet and sign out; nobody in local mode."""
    who: Caller | None = getattr(request.state, "visitor", None)
    return None if who is None or who == LOCAL else who


def roles_of(request: Request) -> frozenset[str]:
    """What whoever sees the page may do; nothing where nobody is known."""
    who: Caller | None = getattr(request.state, "visitor", None)
    return who.roles if who else frozenset()


def is_guest(request: Request) -> bool:
    """Whether a page is for somebody of whom only their workshop is known."""
    who: Caller | None = getattr(request.state, "visitor", None)
    return who is not None and GUEST in who.roles


def is_local(scope: Scope) -> bool:
    return bool(scope[IS_LOCAL])
