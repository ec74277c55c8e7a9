"""The grid worker's phone: the page, what it is installed by, and its service worker."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.caching import answer_bytes
from api.routes.pages import KEPT, ViewDep, Wanted, page
from web import work

router = APIRouter(tags=["pages"], include_in_schema=False)
SHELL = "X-Wangge-Shell"
"""Of which version a page is; its service worker goes by it."""


@router.get("/work")
def work_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The grid worker's page."""
    return page(work.render(view.language, view.timezone), lang, KEPT | {SHELL: work.version()})


@router.get("/work/manifest.webmanifest")
def manifest(request: Request, view: ViewDep) -> Response:
    """What a browser installs the page by."""
    return answer_bytes(request, orjson.dumps(work.manifest(view.language)), media_type="application/manifest+json")


@router.get("/work/sw.js")
def service_worker(request: Request) -> Response:
    """The service worker, which may answer for the page, one step above its own address."""
    response = answer_bytes(request, work.worker().encode(), media_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = work.PAGE
    return response
