"""Cases as tables to take away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from api.caller import CallerDep
from api.case_queries import Sort, WantedDep
from api.responses import Responses, refusals
from data import case_exports
from data.days import today
from data.settings import settings

router = APIRouter(prefix="/api/cases", tags=["cases"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of headings and states")]
FILES: dict[str, Responses] = {
    "csv": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    "xlsx": {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
}


@router.get("/export.csv", response_class=Response, responses=FILES["csv"] | refusals(404))
async def export_csv(me: CallerDep, wanted: WantedDep, sort: Sort = "due", lang: Language = None) -> Response:
    """The cases as CSV for Excel; what begins like a formula is written after an apostrophe."""
    language = lang or settings().language
    lines = case_exports.csv_lines(wanted, me, sort=sort, language=language)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_attachment("csv"))


@router.get("/export.xlsx", response_class=Response, responses=FILES["xlsx"] | refusals(404))
async def export_xlsx(me: CallerDep, wanted: WantedDep, sort: Sort = "due", lang: Language = None) -> Response:
    """The cases as a workbook; texts are texts by type, never formulas."""
    body = await case_exports.xlsx(wanted, me, sort=sort, language=lang or settings().language)
    return Response(body, media_type=XLSX, headers=_attachment("xlsx"))


def _attachment(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="cases-{today()}.{ending}"', "Cache-Control": "no-store"}
