"""Signing in through the city's own provider (OpenID Connect, by Authlib): code flow with PKCE, state and nonce.

What was begun is kept by the browser that began it, sealed in a cookie for some minutes, so that nobody ends what another began.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import Any

import httpx2 as httpx
import orjson
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request, Response
from joserfc.errors import JoseError

from api import cookies
from data import sealing
from data.settings import settings
from geo.errors import NotFound, NotReady, SignInFailed, Unavailable

PURPOSE = "oidc"
BEGUN_S = 600
NEXT = "next"
WELL_KNOWN = "/.well-known/openid-configuration"
BAD = (OAuthError, JoseError, KeyError, ValueError)
"""What a provider, or somebody who plays one, may answer: refusals, tokens that are not its own, other states and nonces."""


def name() -> str | None:
    """What the button says; None: there is no provider."""
    chosen = settings()
    return chosen.oidc_name if chosen.oidc_issuer else None


async def begin(request: Request, back: str, onward: str) -> Response:
    """To the provider, and from there to `back`. Raises: NotFound without a provider; Unavailable when it does not answer."""
    request.scope["session"] = {NEXT: onward}
    try:
        response: Response = await provider().authorize_redirect(request, back)
    except httpx.HTTPError as error:
        raise Unavailable(f"the provider {settings().oidc_issuer} does not answer") from error
    sealed = sealing.encrypt(orjson.dumps(request.scope["session"]), PURPOSE)
    cookies.keep_begun(request, response, base64.urlsafe_b64encode(sealed).decode(), BEGUN_S)
    return response


async def end(request: Request) -> tuple[str, str]:
    """Who came back, as `<issuer> <subject>`, and where to go on. Raises: SignInFailed for anything but a fresh right answer."""
    begun = request.scope["session"] = _begun(request)
    try:
        token = await provider().authorize_access_token(request)
        told: dict[str, Any] = token["userinfo"]
    except httpx.HTTPError as error:
        raise Unavailable(f"the provider {settings().oidc_issuer} does not answer") from error
    except BAD as error:
        raise SignInFailed("the provider's answer does not fit what was asked", what="oidc") from error
    if told["iss"] != settings().oidc_issuer:
        raise SignInFailed("this is another provider's answer", what="oidc")
    return f"{told['iss']} {told['sub']}", str(begun.get(NEXT, "/"))


def provider() -> StarletteOAuth2App:
    """Raises: NotFound where none is set."""
    chosen = settings()
    if not chosen.oidc_issuer or not chosen.oidc_client_id:
        raise NotFound("no provider is set (WANGGE_OIDC_ISSUER)")
    secret = chosen.oidc_client_secret.get_secret_value() if chosen.oidc_client_secret else None
    return _registered(chosen.oidc_issuer, chosen.oidc_client_id, secret)


@cache
def _registered(issuer: str, client_id: str, secret: str | None) -> StarletteOAuth2App:
    return OAuth().register(
        "city",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=issuer.rstrip("/") + WELL_KNOWN,
        client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
    )


def _begun(request: Request) -> dict[str, Any]:
    """What this browser began; nothing when it began nothing, or too long ago."""
    try:
        opened = sealing.decrypt(base64.urlsafe_b64decode(cookies.read_begun(request) or ""), PURPOSE)
        begun: dict[str, Any] = orjson.loads(opened)
    except (binascii.Error, ValueError, NotReady):
        return {}
    return begun
