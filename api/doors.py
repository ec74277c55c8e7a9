"""Which page somebody is led to: to the door when he has not signed in, and from the door to where he wanted to go."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import RedirectResponse

from data.sessions import Session
from geo.offices import ADMINISTRATORS, Office

LOGIN, MAP, ADMIN, AUDIT, WORK = "/login", "/", "/admin", "/audit", "/work"
PHONE = "Mobi"
"""What the browsers of phones say of themselves, and others don't."""
OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""A path of ours: with two slashes, or a backslash that browsers take for one, it would lead to another site."""


def to_login(request: Request) -> RedirectResponse:
    """The door, which leads on to the page that was asked for."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = quote(wanted, safe="/?=&%:,;@~!*'()$+")
    query = "" if wanted == MAP else f"?{urlencode({'next': wanted})}"
    return RedirectResponse(LOGIN + query, 303, headers={"Cache-Control": "no-store"})


def own(wanted: str | None) -> str | None:
    """The path if it is one of ours, and not the door again; else None."""
    is_own = wanted is not None and OWN_PATH.fullmatch(wanted) and not wanted.startswith(LOGIN)
    return wanted if is_own else None


def home(session: Session, request: Request) -> str:
    """The page that an office begins with: a grid worker with his phone in hand has one of his own."""
    office = session.by_default().office
    if office is Office.WORKER and PHONE in request.headers.get("user-agent", ""):
        return WORK
    if office is Office.AUDIT_ADMIN:
        return AUDIT
    return ADMIN if office in ADMINISTRATORS else MAP
