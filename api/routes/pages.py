"""Pages for people who have signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Query
from fastapi.responses import HTMLResponse, Response

from api.caching import REVALIDATE
from data.settings import settings
from web import i18n, maps

router = APIRouter(tags=["pages"], include_in_schema=False)
A_YEAR_S = 31_536_000
KEPT = {"Cache-Control": REVALIDATE, "Vary": "Cookie"}
Wanted = Annotated[str | None, Query(max_length=8, description="zh or en; remembered in a cookie")]
Remembered = Annotated[str | None, Cookie(alias="lang", include_in_schema=False)]


def language(lang: Wanted = None, remembered: Remembered = None) -> str:
    """That of the address, the cookie or the setting."""
    return i18n.choose_language(lang, remembered, default=settings().language)


LanguageDep = Annotated[str, Depends(language)]


def view(language: LanguageDep) -> maps.View:
    """What the page has to know."""
    chosen = settings()
    shown = ("timezone", "tile_url", "tile_attribution", "tianditu_key", "map_review_number")
    return maps.View(language=language, **{name: getattr(chosen, name) for name in shown})


ViewDep = Annotated[maps.View, Depends(view)]


@router.get("/")
def map_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The map."""
    return page(maps.render(view), lang)


@router.get("/desk")
def desk_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The street office's desk."""
    return page(maps.render(view, "desk"), lang)


def page(html: str, lang: str | None, headers: dict[str, str] = KEPT) -> Response:
    """A language that was asked for is remembered."""
    response = HTMLResponse(html, headers=headers)
    if lang in i18n.LANGUAGES:
        response.set_cookie("lang", lang, max_age=A_YEAR_S, samesite="lax", httponly=True)
    return response
