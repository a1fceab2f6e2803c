"""Signing in by browser: with a token, or with an OpenID Connect provider; and out again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.web.login_pages import own_page
from coach.accounts.book import AccountBook
from coach.accounts.sign_on import SignOn
from coach.errors import Misconfigured
from coach.settings import load_settings
from coach.store import open_store
from tests.api.conftest import lending
from tests.fakes import FixedClock
from tests.fakes_service import FakeService
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, running_provider

ADDRESS = "https://coach.example"
OURS = {"Origin": ADDRESS}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one admin, so that nobody comes in without showing who they are."""
    file = tmp_path_factory.mktemp("accounts") / "coach.db"
    store = open_store(f"sqlite:///{file}")
    AccountBook(store.accounts, FixedClock()).add_user("ada@acme.example", ["admin"])
    store.close()
    return file


@pytest.fixture
def accounts(kept: Path, tmp_path: Path, clock: FixedClock) -> Iterator[AccountBook]:
    store = open_store(f"sqlite:///{shutil.copy(kept, tmp_path)}")
    yield AccountBook(store.accounts, clock)
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[TestClient]:
    """One application for all of these tests: to put it together takes longer than they do."""
    app = create_app(lending(FakeService()))
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(browser: TestClient, accounts: AccountBook) -> TestClient:
    return signing_in(browser, accounts, None)


def signing_in(browser: TestClient, accounts: AccountBook, by: SignOn | None) -> TestClient:
    assert isinstance(browser.app, FastAPI)
    browser.app.state.service.accounts, browser.app.state.sign_on = accounts, by
    browser.cookies.clear()
    return browser


def entered(client: TestClient, token: str, after: str = "/") -> Response:
    return client.post("/login", data={"token": token, "after": after}, headers=OURS)


def test_a_token_signs_a_browser_in_and_out(client: TestClient, accounts: AccountBook) -> None:
    """The page that was asked for comes after it; signed out, the cookie opens nothing."""
    token, text = accounts.create_token("ada@acme.example")
    asked = client.get("/assist?x=1")
    assert asked.headers["location"] == "/login?after=%2Fassist%3Fx%3D1"
    page = client.get(asked.headers["location"])
    assert 'value="/assist?x=1"' in page.text
    came = entered(client, text, "/assist?x=1")
    assert (came.status_code, came.headers["location"]) == (303, "/assist?x=1")
    cookie = came.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
        assert part in cookie
    assert text not in cookie
    assert "ada@acme.example" in client.get("/assist").text
    secret = client.cookies["coach_visit"]
    assert client.post("/logout", headers=OURS).status_code == 303
    client.cookies.set("coach_visit", secret)
    assert client.get("/assist").status_code == 303
    assert entered(client, text).status_code == 303
    accounts.revoke(token.prefix)
    assert client.get("/assist").status_code == 303


@pytest.mark.parametrize("wrong", ["", "coach", "coach_00000000_" + "a" * 43])
def test_a_wrong_token_is_told(client: TestClient, wrong: str) -> None:
    """On the page, with no cookie."""
    answer = entered(client, wrong)
    assert answer.status_code == 401
    assert "expired or was revoked" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_visit_ends_with_its_time_and_its_user(
    client: TestClient, accounts: AccountBook, clock: FixedClock
) -> None:
    """After half a day, or as soon as the user is disabled."""
    accounts.add_user("bo", ["admin"])
    entered(client, accounts.create_token("ada@acme.example")[1])
    clock.advance(hours=11)
    assert client.get("/").status_code == 200
    clock.advance(hours=2)
    assert client.get("/").status_code == 303
    entered(client, accounts.create_token("ada@acme.example")[1])
    accounts.disable("ada@acme.example")
    assert client.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_sites_page_acts_with_the_cookie(
    client: TestClient, accounts: AccountBook, headers: dict[str, str]
) -> None:
    """Neither a form nor a script, nor one that would sign somebody in as another."""
    text = accounts.create_token("ada@acme.example")[1]
    login = client.post("/login", data={"token": text}, headers=headers)
    assert (login.status_code, "set-cookie" in login.headers) == (403, False)
    entered(client, text)
    for path in ("/logout", "/practice", "/v1/sessions"):
        assert client.post(path, headers=headers).status_code == 403
    assert client.get("/").status_code == 200  # still signed in
    from_here = client.post("/v1/sessions", json={"scenario": "trust-unknown"}, headers=OURS)
    assert from_here.status_code == 201
    bearer = {"Authorization": f"Bearer {text}", **headers}
    by_token = client.post("/v1/sessions", json={"scenario": "trust-unknown"}, headers=bearer)
    assert by_token.status_code == 201


@pytest.mark.parametrize(
    "after",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/login", "\n/x", "", "x"],
)
def test_nobody_is_led_elsewhere(after: str) -> None:
    """What isn't a page of ours becomes the first page."""
    assert own_page(after) == "/"


# --- single sign-on ---


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with running_provider() as one:
        yield one


@pytest.fixture
def visitors(browser: TestClient, accounts: AccountBook, provider: OidcProvider) -> TestClient:
    provider.claims = {"email": "Rita@Acme.Example", "email_verified": True, "groups": ["coaches"]}
    provider.says, provider.forged = {}, False
    accounts.add_tenant("acme")
    tenants, roles = "acme.example=acme, other.example=local", "groups: coaches=trainer"
    return signing_in(browser, accounts, SignOn.of(provider.url, CLIENT, SECRET, tenants, roles))


def back_from(client: TestClient, provider: OidcProvider, after: str = "/assist") -> str:
    """The browser goes to the provider and is sent back to this address, with code and state."""
    leaving = client.get("/login/provider", params={"after": after})
    assert leaving.status_code == 303, leaving.text
    with httpx.Client(trust_env=False) as outside:
        sent = outside.get(leaving.headers["location"])
    assert sent.headers["location"].startswith(f"{ADDRESS}/login/back?")
    return sent.headers["location"].removeprefix(ADDRESS)


def test_a_provider_signs_in_who_it_knows(
    visitors: TestClient, provider: OidcProvider, accounts: AccountBook
) -> None:
    """Tenant by the address's domain, roles by the claim; made at the first arrival."""
    assert "single sign-on" in visitors.get("/login").text
    came = visitors.get(back_from(visitors, provider))
    assert (came.status_code, came.headers["location"]) == (303, "/assist")
    caller = accounts.visitor(visitors.cookies["coach_visit"])
    assert caller is not None
    assert (caller.user, caller.tenant) == ("rita@acme.example", "acme")
    assert caller.roles == {"rep", "trainer"}
    provider.claims["groups"] = []
    visitors.get(back_from(visitors, provider))
    caller = accounts.visitor(visitors.cookies["coach_visit"])
    assert caller is not None
    assert caller.roles == {"rep"}


@pytest.mark.parametrize(
    ("says", "forged"),
    [
        ({}, True),
        ({"nonce": "another"}, False),
        ({"aud": "somebody else"}, False),
        ({"iss": "https://evil.example"}, False),
        ({"exp": 1_000_000_000}, False),
    ],
    ids=["signature", "nonce", "audience", "issuer", "expired"],
)
def test_what_isnt_sound_is_refused(
    visitors: TestClient, provider: OidcProvider, says: dict[str, Any], forged: bool
) -> None:
    """No cookie, and a page that says to start again."""
    provider.says, provider.forged = says, forged
    answer = visitors.get(back_from(visitors, provider))
    assert answer.status_code == 401
    assert "start again" in answer.text
    assert "coach_visit" not in visitors.cookies


def test_a_state_is_good_once_in_the_browser_that_left(
    visitors: TestClient, provider: OidcProvider, clock: FixedClock
) -> None:
    """Another browser, a second time, another state or a late return is refused."""
    address = back_from(visitors, provider)
    state = visitors.cookies["coach_sign_in"]
    visitors.cookies.clear()
    assert visitors.get(address).status_code == 401
    visitors.cookies.set("coach_sign_in", state)
    assert visitors.get(address.replace("state=", "state=x")).status_code == 401
    assert visitors.get(address).status_code == 303
    assert visitors.get(address).status_code == 401
    late = back_from(visitors, provider)
    clock.advance(minutes=11)
    assert visitors.get(late).status_code == 401


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "x@unknown.example", "email_verified": True}, 403),
        ({"email": "rita@acme.example"}, 403),
        ({"email_verified": True}, 403),
    ],
    ids=["domain", "unverified", "nameless"],
)
def test_who_has_no_place_here_is_told(
    visitors: TestClient, provider: OidcProvider, claims: dict[str, Any], status: int
) -> None:
    """An address of no tenant, or one that the provider hasn't verified."""
    provider.claims = claims
    answer = visitors.get(back_from(visitors, provider))
    assert answer.status_code == status
    assert "coach_visit" not in visitors.cookies


def test_a_provider_that_is_gone_leaves_the_token(
    browser: TestClient, accounts: AccountBook
) -> None:
    """The page says so, and a token still signs in."""
    gone = SignOn.of("http://127.0.0.1:9", CLIENT, SECRET, None, None)
    client = signing_in(browser, accounts, gone)
    answer = client.get("/login/provider")
    assert answer.status_code == 503
    assert "sign in with a token" in answer.text
    text = accounts.create_token("ada@acme.example")[1]
    assert entered(client, text).status_code == 303


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "COACH_OIDC_CLIENT_ID"),
        ({"COACH_OIDC_CLIENT_ID": "c"}, "COACH_OIDC_CLIENT_SECRET"),
        ({"COACH_OIDC_CLIENT_ID": "c", "COACH_OIDC_CLIENT_SECRET_FILE": "/none"}, "_FILE"),
        ({"COACH_OIDC_CLIENT_ID": "c", "COACH_OIDC_CLIENT_SECRET": "s"}, "https://"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, more: dict[str, str], says: str) -> None:
    """At start, in one line."""
    env = {"COACH_OIDC_ISSUER": "http://sso.example", **more}
    with pytest.raises(Misconfigured, match=says):
        load_settings(tmp_path, env)
