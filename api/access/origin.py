"""Which requests aren't taken, whoever sends them: by address, and by the page behind them."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.access.guard import COOKIE

HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.\-]+)(:[0-9]{1,5})?")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROGRAMS = ("/v1/", "/slack/")  # what programs talk to, that bring a token or a signature
ANOTHER_SITE = "Another site's page may not send this; use the coach's own pages."


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
        return ANOTHER_SITE
    return None


def forged(method: str, path: str, headers: Headers) -> str | None:
    """Why a request isn't taken although it may carry somebody's cookie, or None.

    A browser says where a page's request comes from. What changes something and was sent without
    a token must come from our own pages, as must every form, also the one to sign in.
    """
    if method in SAFE_METHODS or "authorization" in headers:
        return None
    if path.startswith(PROGRAMS) and f"{COOKIE}=" not in headers.get("cookie", ""):
        return None
    origins, hosts = headers.getlist("origin"), headers.getlist("host")
    if origins:
        ours = len(hosts) == 1 and all(_same_host(origin, hosts[0]) for origin in origins)
    else:
        ours = headers.get("sec-fetch-site") == "same-origin"
    return None if ours else ANOTHER_SITE


def _same_host(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
