"""A small provider of OpenID Connect as a process of its own: code flow, PKCE, and keys of its own. It lets in whom `SUBJECT` names
without a question, and does wrong what it is told to."""

from __future__ import annotations

import os
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "wangge", "between-us"
SUBJECT = os.environ.get("SUBJECT", "somebody")
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"}) for _ in range(2))
app = FastAPI()
begun: dict[str, dict[str, str]] = {}
bent = {"how": ""}


def issuer(request: Request) -> str:
    return str(request.base_url).rstrip("/")


@app.get("/.well-known/openid-configuration")
def describe(request: Request) -> dict[str, Any]:
    us = issuer(request)
    return {
        "issuer": us,
        "authorization_endpoint": f"{us}/authorize",
        "token_endpoint": f"{us}/token",
        "jwks_uri": f"{us}/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
    }


@app.post("/bend/{how}")
def bend(how: str) -> dict[str, str]:
    bent["how"] = how
    return bent


@app.get("/keys")
def keys() -> dict[str, Any]:
    return {"keys": [KEY.as_dict(private=False)]}


@app.get("/authorize")
def authorize(request: Request) -> RedirectResponse:
    asked = dict(request.query_params)
    if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
        raise HTTPException(400)
    code = secrets.token_urlsafe()
    begun[code] = asked
    told = {"error": "access_denied"} if bent["how"] == "denied" else {"code": code}
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told | {'state': asked['state']})}", 302)


@app.post("/token")
async def token(request: Request) -> dict[str, Any]:
    sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    asked = begun.pop(sent["code"], None)
    if asked is None or create_s256_code_challenge(sent["code_verifier"]) != asked["code_challenge"]:
        raise HTTPException(400)
    now = int(time.time())
    claims = {
        "iss": issuer(request),
        "sub": SUBJECT,
        "aud": CLIENT,
        "iat": now,
        "exp": now + 60,
        "nonce": asked["nonce"],
    }
    claims |= {"nonce": {"nonce": "another"}, "audience": {"aud": "others"}, "late": {"exp": now - 600}}.get(
        bent["how"], {}
    )
    claims |= {"iss": "http://elsewhere.example"} if bent["how"] == "issuer" else {}
    key = OTHER if bent["how"] == "key" else KEY
    return {
        "access_token": secrets.token_urlsafe(),
        "token_type": "Bearer",
        "expires_in": 60,
        "id_token": jwt.encode({"alg": "RS256", "kid": "one"}, claims, key),
    }
