"""Pages for people, and the texts and colours that they load."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Cookie, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.caching import REVALIDATE, answer_bytes
from data import links
from data.settings import settings
from geo.errors import NotFound
from web import i18n, maps, rating, tokens

router = APIRouter(tags=["pages"], include_in_schema=False)
A_YEAR_S = 31_536_000
Wanted = Annotated[str | None, Query(max_length=8, description="zh or en; remembered in a cookie")]
Remembered = Annotated[str | None, Cookie(alias="lang")]


def view(lang: Wanted = None, remembered: Remembered = None) -> maps.View:
    """What the page has to know, in the language of the address, the cookie or the setting."""
    chosen = settings()
    shown = ("timezone", "tile_url", "tile_attribution", "tianditu_key", "map_review_number")
    language = i18n.choose_language(lang, remembered, default=chosen.language)
    return maps.View(language=language, **{name: getattr(chosen, name) for name in shown})


ViewDep = Annotated[maps.View, Depends(view)]


@router.get("/")
def map_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The map."""
    return _page(maps.render(view), lang)


@router.get("/desk")
def desk_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The street office's desk."""
    return _page(maps.render(view, "desk"), lang)


def _page(html: str, lang: str | None) -> Response:
    """A language that was asked for is remembered."""
    response = HTMLResponse(html, headers={"Cache-Control": REVALIDATE, "Vary": "Cookie"})
    if lang in i18n.LANGUAGES:
        response.set_cookie("lang", lang, max_age=A_YEAR_S, samesite="lax", httponly=True)
    return response


@router.get("/rate/{token}")
def rate_page(token: str, view: ViewDep, lang: Wanted = None) -> Response:
    """The reporter's page. Its address is a secret: it is neither kept nor told to other sites."""
    links.read(token)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Vary": "Cookie"}
    response = HTMLResponse(rating.render(view.language, view.timezone), headers=headers)
    if lang in i18n.LANGUAGES:
        response.set_cookie("lang", lang, max_age=A_YEAR_S, samesite="lax", httponly=True)
    return response


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
