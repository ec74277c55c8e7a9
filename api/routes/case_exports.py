"""Cases as tables to take away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from api.caller import CallerDep
from api.case_queries import READERS, Sort, WantedDep
from api.dependencies import ConnectionDep, talk
from api.responses import Responses, refusals
from data import audit, case_exports
from data.days import today
from data.settings import settings
from geo.audit import Action
from geo.masking import mask_numbers

router = APIRouter(prefix="/api/cases", tags=["cases"])
SHOWN = 200
"""Characters of a parameter that are put on record."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of headings and states")]
FILES: dict[str, Responses] = {
    "csv": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    "xlsx": {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
}


async def recorded(request: Request, connection: ConnectionDep, me: CallerDep, wanted: WantedDep) -> None:
    """Put the export on record, with what was selected, before its first line leaves; a selection that is none is refused first."""
    told = {name: request.query_params[name] for name in READERS if name in request.query_params}
    selected = {name: mask_numbers(value)[:SHOWN] for name, value in told.items()}
    subject = f"cases:{request.url.path.rpartition('.')[2]}"
    await talk(connection, audit.record(Action.EXPORT, subject, selected, account=me.account))


ON_RECORD = [Depends(recorded)]


@router.get("/export.csv", response_class=Response, responses=FILES["csv"] | refusals(404), dependencies=ON_RECORD)
async def export_csv(me: CallerDep, wanted: WantedDep, sort: Sort = "due", lang: Language = None) -> Response:
    """The cases as CSV for Excel; what begins like a formula is written after an apostrophe."""
    language = lang or settings().language
    lines = case_exports.csv_lines(wanted, me, sort=sort, language=language)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_attachment("csv"))


@router.get("/export.xlsx", response_class=Response, responses=FILES["xlsx"] | refusals(404), dependencies=ON_RECORD)
async def export_xlsx(me: CallerDep, wanted: WantedDep, sort: Sort = "due", lang: Language = None) -> Response:
    """The cases as a workbook; texts are texts by type, never formulas."""
    body = await case_exports.xlsx(wanted, me, sort=sort, language=lang or settings().language)
    return Response(body, media_type=XLSX, headers=_attachment("xlsx"))


def _attachment(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="cases-{today()}.{ending}"', "Cache-Control": "no-store"}
