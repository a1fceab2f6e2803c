"""Single sign-on: which provider, and what its word makes of somebody here. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from coach.accounts.account import Role
from coach.errors import Misconfigured, Refused
from coach.session import LOCAL

ROLES_CLAIM = "roles"


@dataclass(frozen=True)
class SignOn:
    """An OpenID Connect provider.

    ``tenants`` go by the domain of the e-mail address; without any, all who come are of the first
    tenant. ``roles`` go by what stands in the claim ``claim``: without any, who comes is a rep
    until an admin says otherwise (`coach user role`).
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    tenants: Mapping[str, str]
    claim: str
    roles: Mapping[str, str]

    @classmethod
    def of(
        cls,
        issuer: str,
        client_id: str,
        client_secret: str,
        tenants: str | None,
        roles: str | None,
    ) -> SignOn:
        """``tenants`` as "acme.example=acme, ..."; ``roles`` as "groups: coaches=trainer, ..."."""
        if not _is_safe(issuer):
            raise Misconfigured("COACH_OIDC_ISSUER must start with https://")
        claim, separator, pairs = (roles or "").rpartition(":")
        given = _pairs("COACH_OIDC_ROLES", pairs)
        if wrong := set(given.values()) - set(Role):
            raise Misconfigured(f"COACH_OIDC_ROLES: there is no role {min(wrong)!r}")
        domains = {k.casefold(): v for k, v in _pairs("COACH_OIDC_TENANTS", tenants or "").items()}
        named = claim.strip() if separator else ROLES_CLAIM
        return cls(issuer.rstrip("/"), client_id, client_secret, domains, named, given)

    def tenant_of(self, claims: Mapping[str, Any]) -> str:
        """Refused for an address that no tenant is named for, or that the provider doubts."""
        domain = self.name_of(claims).rpartition("@")[2]
        tenant = self.tenants.get(domain) if self.tenants else LOCAL.tenant
        if tenant is None:
            raise Refused(f"nobody of {domain[:80]!r} is expected here; ask your admin")
        return tenant

    def name_of(self, claims: Mapping[str, Any]) -> str:
        """The address that the provider has verified; by it users are told apart."""
        address = claims.get("email")
        if not isinstance(address, str) or "@" not in address:
            raise Refused("your sign-on tells no e-mail address, which names you here")
        if claims.get("email_verified") is not True:
            raise Refused("your sign-on hasn't verified your e-mail address; do that first")
        return address.strip().casefold()

    def roles_of(self, claims: Mapping[str, Any]) -> frozenset[str] | None:
        """None where the provider says nothing of roles, by these settings."""
        if not self.roles:
            return None
        found = claims.get(self.claim)
        said = {found} if isinstance(found, str) else set(map(str, found or ()))
        return frozenset({Role.REP.value, *(self.roles[one] for one in said & set(self.roles))})


def _is_safe(issuer: str) -> bool:
    """Over TLS, or on this machine."""
    parts = urlsplit(issuer)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))


def _pairs(name: str, text: str) -> dict[str, str]:
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, separator, value = pair.partition("=")
        if not (separator and key.strip() and value.strip()):
            raise Misconfigured(f"{name}: write it as NAME=VALUE, separated by commas")
        found[key.strip()] = value.strip()
    return found
