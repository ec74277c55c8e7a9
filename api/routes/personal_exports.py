"""Tables of people's whole data, each with a second person's approval; and the page for both."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId, talk
from api.models.personal_exports import Decision, NewExport, PersonalExport, PersonalExports
from api.responses import Responses, refusals
from api.routes.case_exports import XLSX, Language
from api.routes.pages import ViewDep, Wanted, page
from data import personal_exports, personal_tables
from data.settings import settings
from web import approving

router = APIRouter(tags=["people"])
ExportId = Annotated[RowId, Path(description="`id` of a table that was asked for", examples=[12])]
Format = Annotated[Literal["csv", "xlsx"], Query(alias="format", description="csv or xlsx")]
CSV = "text/csv"
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE: Responses = {200: {"content": {CSV: BINARY, XLSX: BINARY}, "description": "The table"}}
REFUSED = refusals(400, 403, 404, 409, 413)


@router.get("/approvals", include_in_schema=False)
def approvals_page(view: ViewDep, lang: Wanted = None) -> Response:
    """The page on which tables of people are asked for and decided on."""
    return page(approving.render(view.language, view.timezone), lang)


@router.get("/api/personal-exports", response_model=PersonalExports, responses=refusals(404))
async def list_exports(connection: ConnectionDep, me: CallerDep) -> Any:
    """The caller's own, and those that he may decide on; the newest first."""
    return {"exports": await talk(connection, personal_exports.listed(me))}


@router.post("/api/personal-exports", status_code=201, response_model=PersonalExport, responses=REFUSED)
async def request_export(connection: ConnectionDep, given: NewExport, me: CallerDep) -> Any:
    """Ask for a table of people on one's own ground."""
    wanted = personal_exports.Wanted(**given.model_dump())
    return await talk(connection, personal_exports.request(wanted, me))


@router.post("/api/personal-exports/{export_id}/decision", response_model=PersonalExport, responses=REFUSED)
async def decide_export(connection: ConnectionDep, export_id: ExportId, given: Decision, me: CallerDep) -> Any:
    """Approve or refuse what another account asked for."""
    decided = personal_exports.decide(export_id, me, is_approved=given.is_approved, note=given.note)
    return await talk(connection, decided)


@router.post("/api/personal-exports/{export_id}/file", response_class=Response, responses=FILE | REFUSED)
async def take_export(
    *,
    connection: ConnectionDep,
    export_id: ExportId,
    me: CallerDep,
    file_format: Format = "xlsx",
    lang: Language = None,
) -> Response:
    """Take an approved table, once, in time, with who, when and its number on every row."""
    taken = await talk(connection, personal_exports.take(export_id, me))
    write = personal_tables.csv_file if file_format == "csv" else personal_tables.xlsx_file
    body = await asyncio.to_thread(write, taken, lang or settings().language)
    kind = f"{CSV}; charset=utf-8" if file_format == "csv" else XLSX
    name = f"people-{taken.id}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)
