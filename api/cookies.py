"""The cookies of a session. Behind TLS they are Secure, and named so that no other host or path can set them."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from api import cross_site
from data.settings import settings

SESSION, CSRF, ACTOR, BEGUN = "session", "csrf", "actor", "begun"
HOURS_S = 3600


def read(request: Request) -> str | None:
    """The session's token; behind TLS only from the name that other hosts can't set."""
    return request.cookies.get(_name(request, SESSION))


def keep(request: Request, response: Response, token: str) -> None:
    """Keep a session. As whom somebody acted before is forgotten: it may have been somebody else."""
    for name, value, is_hidden in ((SESSION, token, True), (CSRF, cross_site.token(token), False)):
        response.set_cookie(
            _name(request, name),
            value,
            max_age=settings().session_hours * HOURS_S,
            secure=_is_secure(request),
            httponly=is_hidden,
            samesite="lax",
        )
    response.delete_cookie(ACTOR)


def forget(request: Request, response: Response) -> None:
    for name in (SESSION, CSRF):
        response.delete_cookie(_name(request, name), secure=_is_secure(request), httponly=True, samesite="lax")
    response.delete_cookie(ACTOR)


def keep_begun(request: Request, response: Response, sealed: str, seconds: int) -> None:
    """What signing in through a provider was begun with."""
    told: dict[str, Any] = {"max_age": seconds, "secure": _is_secure(request), "httponly": True, "samesite": "lax"}
    response.set_cookie(_name(request, BEGUN), sealed, **told)


def read_begun(request: Request) -> str | None:
    return request.cookies.get(_name(request, BEGUN))


def forget_begun(request: Request, response: Response) -> None:
    response.delete_cookie(_name(request, BEGUN), secure=_is_secure(request), httponly=True, samesite="lax")


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    """Whether the browser, not only the proxy before us, speaks TLS."""
    return request.url.scheme == "https"
