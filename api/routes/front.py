"""The door and what is done at it: one's account, accounts of others; the reporter's page; texts and colours of all pages."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import cookies, doors, oidc, signing
from api.caching import answer_bytes
from api.caller import SignedInDep
from api.dependencies import talk
from api.routes.pages import ViewDep, Wanted, page
from data import links, sessions
from data.accounts import demo_accounts
from data.sessions import Stage
from geo.errors import NotFound
from web import accounts as own
from web import i18n, login, maps, rating, tokens

router = APIRouter(tags=["pages"], include_in_schema=False)
FRESH = {"Cache-Control": "no-store", "Vary": "Cookie"}
Next = Annotated[str | None, Query(alias="next", max_length=2000, description="Where to go on")]
Failed = Annotated[str | None, Query(max_length=8, description="oidc: the provider's answer did not do")]


@router.get("/login")
async def login_page(
    request: Request, view: ViewDep, lang: Wanted = None, onward: Next = None, failed: Failed = None
) -> Response:
    """The door. Who has signed in is led on; who has begun to is asked for what is still to be done."""
    async with signing.transaction(request) as opened:
        token = cookies.read(request)
        session = await talk(opened, sessions.find(token)) if token else None
        demo = await talk(opened, demo_accounts())
    wanted = doors.own(onward)
    if session and session.stage is Stage.OPEN:
        return RedirectResponse(wanted or doors.home(session, request), 303, headers=FRESH)
    stage = str(session.stage) if session else None
    told = {"stage": stage, "next": wanted, "oidc": oidc.name(), "failed": failed}
    return page(login.render(view.language, view.timezone, demo=demo, **told), lang, FRESH)


@router.get("/account")
async def account_page(session: SignedInDep, view: ViewDep, lang: Wanted = None) -> Response:
    """One's own account, in whatever office."""
    return page(own.render("account", view.language, view.timezone), lang, FRESH)


@router.get("/admin")
async def admin_page(view: ViewDep, lang: Wanted = None) -> Response:
    """Accounts and grants, for their two administrators."""
    return page(own.render("admin", view.language, view.timezone), lang, FRESH)


@router.get("/rate/{token}")
def rate_page(token: str, view: ViewDep, lang: Wanted = None) -> Response:
    """The reporter's page. Its address is a secret: it is neither kept nor told to other sites."""
    links.read(token)
    return page(rating.render(view.language, view.timezone), lang, FRESH | {"Referrer-Policy": "no-referrer"})


@router.get("/map.js")
def map_script(request: Request, view: ViewDep) -> Response:
    """folium's part of the page."""
    return answer_bytes(request, maps.script(view).encode(), media_type="text/javascript")


@router.get("/tokens.css")
def stylesheet(request: Request) -> Response:
    """Colours, sizes and type as CSS custom properties."""
    return answer_bytes(request, tokens.stylesheet().encode(), media_type="text/css")


@router.get("/i18n/{language}.json")
def texts(request: Request, language: str) -> Response:
    """Every text of the interface by its key."""
    if language not in i18n.LANGUAGES:
        raise NotFound(f"no language {language!r}", language=language, languages=list(i18n.LANGUAGES))
    return answer_bytes(request, orjson.dumps(i18n.catalogue(language)), media_type="application/json")
