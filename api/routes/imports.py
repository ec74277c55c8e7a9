"""Pages for bringing files in and for what became of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from api.dependencies import ConnectionDep, RowId, talk
from api.routes.pages import ViewDep, Wanted, page
from api.routes.uploads import officer
from data import import_runs
from data import uploads as data_uploads
from data.settings import settings
from web import reports, uploads

router = APIRouter(prefix="/imports", tags=["pages"], include_in_schema=False, dependencies=[Depends(officer)])
ROWS = 50
KEPT_BY_NOBODY = {"Cache-Control": "no-store", "Vary": "Cookie"}
"""Findings quote the file."""
Before = Annotated[RowId | None, Query()]


@router.get("")
async def list_page(connection: ConnectionDep, view: ViewDep, before: Before = None, lang: Wanted = None) -> Response:
    """What went in, what waits, and a place to bring a file."""
    runs = await talk(connection, data_uploads.imported(before, ROWS))
    waiting = await talk(connection, data_uploads.unfinished()) if before is None else []
    older = runs[-1]["id"] if len(runs) == ROWS else None
    return page(uploads.render_list(view, runs, waiting, before=older), lang, KEPT_BY_NOBODY)


@router.get("/uploads/{upload_id}")
async def upload_page(upload_id: RowId, connection: ConnectionDep, view: ViewDep, lang: Wanted = None) -> Response:
    """One file on its way in; once it is in, its report."""
    upload = await talk(connection, data_uploads.read(upload_id))
    if upload["import_id"]:
        return RedirectResponse(f"/imports/{upload['import_id']}", status_code=303)
    html = uploads.render_upload(view, upload, metric_crs=f"EPSG:{settings().metric_srid}")
    return page(html, lang, KEPT_BY_NOBODY)


@router.get("/{import_id}")
async def report_page(import_id: RowId, connection: ConnectionDep, view: ViewDep, lang: Wanted = None) -> Response:
    """What became of a file."""
    report = await import_runs.report(connection, import_id)
    return page(reports.render(report, view.language, timezone=view.timezone), lang, KEPT_BY_NOBODY)
