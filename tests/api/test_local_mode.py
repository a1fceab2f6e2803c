"""Without accounts, only this machine's own pages and programs are served."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.access.origin import is_loopback

HOSTS_HERE = ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "127.8.8.8", "[::1]", "[::1]:8000"]
HOSTS_ELSEWHERE = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8000",
    "evil.example:127.0.0.1",
    "user@127.0.0.1",
    "127.0.0.1/evil",
    "10.0.0.5:8000",
    "0.0.0.0",  # noqa: S104  # refused, not bound
    "[2001:db8::1]",
    "",
    "::1",
]


@pytest.mark.parametrize("host", HOSTS_HERE)
def test_names_of_this_machine_are_served(client: TestClient, host: str) -> None:
    """Any loopback name or address, with any port."""
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", HOSTS_ELSEWHERE)
@pytest.mark.parametrize("path", ["/healthz", "/v1/sessions", "/", "/static/x", "/nothing"])
def test_another_host_name_is_refused_everywhere(client: TestClient, host: str, path: str) -> None:
    """DNS rebinding reaches no page, no API and no file."""
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "http://127.0.0.1:9999",
        "http://127.0.0.1:8000.evil.example",
        "https://localhost:8000",
        "file://",
        "http://[",
        "chrome-extension://127.0.0.1:8000",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_sites_page_is_refused(client: TestClient, origin: str, method: str) -> None:
    """The Origin must name the very host and port that was asked."""
    response = client.request(method, "/v1/scenarios", headers={"Origin": origin})
    assert response.status_code == 403


def test_our_own_page_is_served(client: TestClient) -> None:
    """A same-origin request passes."""
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/v1/sessions", json={"scenario": "trust-unknown"}, headers=headers)
    assert answer.status_code == 201


def test_a_cross_site_form_is_refused_but_a_link_is_followed(client: TestClient) -> None:
    """A browser says cross-site where it leaves the Origin out."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/v1/sessions", json={}, headers=headers).status_code == 403
    assert client.get("/v1/scenarios", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["/healthz", "/v1/nothing", "/v1/evidence?limit=0", "/openapi.json"]
)
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    """Errors too."""
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_page_of_docs_loads_scripts_from_elsewhere(client: TestClient) -> None:
    """The description is there; the pages that fetch from a CDN aren't."""
    assert client.get("/openapi.json").status_code == 200
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_only_loopback_counts_as_this_machine() -> None:
    """Names are not looked up: a name may point anywhere a moment later."""
    assert is_loopback("localhost")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")  # noqa: S104  # refused, not bound
    assert not is_loopback("localhost.localdomain")
