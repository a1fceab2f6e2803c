"""Single sign-on with an OpenID Connect provider: out to it, and back with who it is.

Authorization code with PKCE. What comes back counts only with our own state, once; its id_token
must be signed by the provider, for us, now, and carry the nonce that we sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from coach.accounts.sign_on import SignOn
from coach.errors import NotSignedIn, Unavailable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # asymmetric only
SCOPE = "openid email profile"
PATIENCE = 10.0  # seconds
LEEWAY = 60  # seconds that clocks may differ
AGAIN = "start again from the sign-in page"


class Provider:
    """One provider, asked over HTTP; what it publishes of itself is read anew at each sign-in."""

    def __init__(self, sign_on: SignOn, back: str) -> None:
        """``back`` is our address that the browser returns to."""
        self._sign_on, self._back = sign_on, back

    async def leaving(self, state: str, nonce: str, verifier: str) -> str:
        """The address that the browser is sent to."""
        async with self._client() as client:
            about = await self._metadata(client)
            url, _ = client.create_authorization_url(
                _text(about, "authorization_endpoint"),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
            )
        return str(url)

    async def claims(self, code: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """What the provider says of who came back with ``code``; NotSignedIn if it isn't sound."""
        async with self._client() as client:
            about = await self._metadata(client)
            try:
                given = await client.fetch_token(
                    _text(about, "token_endpoint"), code=code, code_verifier=verifier
                )
            except OAuthError as error:
                raise NotSignedIn(f"your sign-on refused the code; {AGAIN}") from error
            except (HTTPError, ValueError) as error:
                raise _silent() from error
            keys = await self._read(client, _text(about, "jwks_uri"))
        return self._checked(str(given.get("id_token", "")), keys, nonce)

    def _checked(self, id_token: str, keys: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._sign_on.issuer},
            aud={"essential": True, "value": self._sign_on.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            token = jwt.decode(
                id_token,
                KeySet.import_key_set(cast(KeySetSerialization, keys)),
                algorithms=ALGORITHMS,
            )
            wanted.validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn(f"what your sign-on says doesn't hold; {AGAIN}") from error
        return dict(token.claims)

    async def _metadata(self, client: AsyncOAuth2Client) -> Mapping[str, Any]:
        issuer = self._sign_on.issuer
        about = await self._read(client, f"{issuer}/.well-known/openid-configuration")
        if str(about.get("issuer", "")).rstrip("/") != issuer:
            raise Unavailable("the sign-on names itself otherwise than COACH_OIDC_ISSUER")
        return about

    async def _read(self, client: AsyncOAuth2Client, url: str) -> Mapping[str, Any]:
        try:
            response = await client.request("GET", url, withhold_token=True)
            response.raise_for_status()
            found = response.json()
        except (HTTPError, ValueError) as error:
            raise _silent() from error
        if not isinstance(found, dict):
            raise _silent()
        return found

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._sign_on.client_id,
            self._sign_on.client_secret,
            scope=SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            trust_env=False,
        )


def new_nonce() -> str:
    return str(generate_token(43))


def new_verifier() -> str:
    return str(generate_token(64))


def _text(about: Mapping[str, Any], name: str) -> str:
    found = about.get(name)
    if not isinstance(found, str):
        raise _silent()
    return found


def _silent() -> Unavailable:
    return Unavailable(
        "the sign-on doesn't answer as it should; sign in with a token, or try later"
    )
