"""Signing in by browser, with a token or by single sign-on, and out again.

The cookie holds a secret of 256 random bits, of which the store keeps the SHA-256: it can't be
forged, so a signature would add nothing, and it ends when the visit in the store does.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from api.access.guard import COOKIE, is_local, signed_in
from api.dependencies import Accounts
from api.schemas_evidence import Short, Text
from api.web.rendering import Page, render, see
from coach.accounts.book import SIGN_IN, VISIT, AccountBook
from coach.accounts.sign_on import SignOn
from coach.errors import NotFound, NotSignedIn
from coach.session import Caller

if TYPE_CHECKING:
    from api.access.provider import Provider

LEAVING = "coach_sign_in"  # the state, in the browser that left with it and in no other
WRONG = "This token isn’t known, has expired or was revoked. Check that you copied all of it."

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/login")
async def show(request: Request, after: Text = "/") -> Response:
    if is_local(request.scope) or signed_in(request):
        return see(own_page(after))
    return _login(request, after)


@router.post("/login")
async def sign_in(
    request: Request,
    accounts: Accounts,
    token: Annotated[Short, Form()] = "",
    after: Annotated[Text, Form()] = "/",
) -> Response:
    if is_local(request.scope):
        return see("/")
    caller = await asyncio.to_thread(accounts.caller_with, token.strip())
    if caller is None:
        return _login(request, after, 401, WRONG)
    return await _admitted(request, accounts, caller, after)


@router.post("/logout")
async def sign_out(request: Request, accounts: Accounts) -> Response:
    if secret := request.cookies.get(COOKIE):
        await asyncio.to_thread(accounts.end_visit, secret)
    response = see("/login")
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/login/provider")
async def leave(request: Request, accounts: Accounts, after: Text = "/") -> Response:
    """To the provider, with a state that only this browser has."""
    from api.access.provider import new_nonce, new_verifier  # noqa: PLC0415  # slow to load

    if is_local(request.scope):
        return see("/")
    provider = _provider(request)
    nonce, verifier = new_nonce(), new_verifier()
    state = await asyncio.to_thread(accounts.begin_sign_in, nonce, verifier, own_page(after))
    response = see(await provider.leaving(state, nonce, verifier))
    keep_cookie(request, response, LEAVING, state, SIGN_IN.total_seconds())
    return response


@router.get("/login/back")
async def come_back(
    request: Request, accounts: Accounts, state: Short = "", code: Text = "", error: Short = ""
) -> Response:
    """From the provider; what it says counts only with our state, in the browser that left."""
    sign_on, provider = _sign_on(request), _provider(request)
    kept = request.cookies.get(LEAVING, "")
    begun = await asyncio.to_thread(accounts.finish_sign_in, state) if state == kept else None
    if begun is None or not code or error:
        return _login(request, "/", 401, "Signing in was broken off or took too long. Try again.")
    try:
        claims = await provider.claims(code, begun.nonce, begun.verifier)
    except NotSignedIn as refused:
        return _login(request, begun.after, 401, refused.message)
    caller = await asyncio.to_thread(
        accounts.arrived,
        sign_on.name_of(claims),
        sign_on.tenant_of(claims),
        sign_on.roles_of(claims),
    )
    if caller is None:
        return _login(request, "/", 401, "Your account is disabled; ask your admin.")
    response = await _admitted(request, accounts, caller, begun.after)
    response.delete_cookie(LEAVING, path="/")
    return response


def own_page(after: str) -> str:
    """A page of ours, whatever was asked for: nobody is led to another site."""
    is_ours = after.startswith("/") and not after.startswith(("//", "/\\", "/login", "/logout"))
    return after if is_ours and after.isprintable() and "\\" not in after else "/"


def _login(request: Request, after: str, status: int = 200, problem: str = "") -> Response:
    single = request.app.state.sign_on is not None
    return render(
        request, "login.html", status, after=own_page(after), problem=problem, single=single
    )


async def _admitted(
    request: Request, accounts: AccountBook, caller: Caller, after: str
) -> Response:
    if before := request.cookies.get(COOKIE):
        await asyncio.to_thread(accounts.end_visit, before)
    secret = await asyncio.to_thread(accounts.begin_visit, caller)
    response = see(own_page(after))
    keep_cookie(request, response, COOKIE, secret, VISIT.total_seconds())
    return response


def keep_cookie(
    request: Request, response: Response, name: str, value: str, seconds: float
) -> None:
    secure = own_address(request).startswith("https:")
    response.set_cookie(
        name, value, max_age=int(seconds), path="/", secure=secure, httponly=True, samesite="lax"
    )


def own_address(request: Request) -> str:
    """Ours, as a browser knows it: behind a proxy only COACH_PUBLIC_URL tells."""
    return str(request.app.state.public_url or request.base_url).rstrip("/")


def _sign_on(request: Request) -> SignOn:
    found: SignOn | None = request.app.state.sign_on
    if found is None:
        raise NotFound("single sign-on isn't set up here; sign in with a token")
    return found


def _provider(request: Request) -> Provider:
    from api.access.provider import Provider  # noqa: PLC0415  # slow to load

    return Provider(_sign_on(request), f"{own_address(request)}/login/back")
