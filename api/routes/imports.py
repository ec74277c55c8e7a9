"""The page of an import's report."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId
from api.routes.pages import ViewDep
from data import import_runs
from geo.callers import DESK_ROLES
from geo.errors import NotFound
from web import reports

router = APIRouter(prefix="/imports", tags=["pages"], include_in_schema=False)


@router.get("/{import_id}")
async def report_page(import_id: RowId, connection: ConnectionDep, me: CallerDep, view: ViewDep) -> Response:
    """What became of a file, for desks alone: findings quote the file."""
    if me.role not in DESK_ROLES.values():
        raise NotFound(f"no import {import_id}", import_id=import_id)
    report = await import_runs.report(connection, import_id)
    return HTMLResponse(reports.render(report, view.language), headers={"Cache-Control": "no-store", "Vary": "Cookie"})
