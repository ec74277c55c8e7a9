"""The audit, for its administrator alone: a page to search, its lines, and a table to take away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from api.caller import CallerDep
from api.dependencies import ConnectionDep, Text, talk
from api.models.audit import AuditPage
from api.responses import Responses, refusals
from api.routes import pages
from api.routes.pages import ViewDep
from data import audit, audit_lists
from data.audit_lists import Place, Wanted
from data.database import async_driver_connection
from data.days import today
from data.settings import settings
from geo.audit import Action
from web import auditing

router = APIRouter(tags=["audit"])
MAX_LINES = 500
BEGINS = "all of it, or its begin and `*`"
FILE: Responses = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def wanted(
    *,
    account: Annotated[Text | None, Query(description=f"Who: {BEGINS}", examples=["li.na"])] = None,
    action: Annotated[Text | None, Query(description="What was done", examples=["unmask"])] = None,
    subject: Annotated[Text | None, Query(description=f"To what: {BEGINS}", examples=["case:50501"])] = None,
    address: Annotated[Text | None, Query(description=f"From which address: {BEGINS}", examples=["192.0.2.*"])] = None,
    since: Annotated[
        AwareDatetime | None, Query(description="At or after", examples=["2026-05-01T00:00+08:00"])
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before")] = None,
) -> Wanted:
    return Wanted(account or None, action or None, subject or None, address or None, since, until)


WantedLinesDep = Annotated[Wanted, Depends(wanted)]
After = Annotated[Text | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MAX_LINES, description="Lines of one page")]


@router.get("/api/audit", response_model=AuditPage, responses=refusals(400, 404))
async def list_lines(
    connection: ConnectionDep, me: CallerDep, wanted: WantedLinesDep, *, after: After = None, limit: Limit = 100
) -> Any:
    """Lines, newest first; the first page of a search is a line itself."""
    driver = await async_driver_connection(connection)
    lines, following = await audit_lists.page(driver, wanted, Place.parse(after) if after else None, limit)
    if not after:
        await talk(connection, audit.record(Action.AUDIT_READ, "audit:lines", _told(wanted), account=me.account))
    return {"lines": lines, "next": following and str(following), "head": await audit_lists.head(driver)}


@router.get("/api/audit/export.csv", response_class=Response, responses=FILE | refusals(404))
async def export_lines(connection: ConnectionDep, me: CallerDep, wanted: WantedLinesDep) -> Response:
    """Lines as CSV for Excel, newest first; what begins like a formula is written after an apostrophe."""
    driver = await async_driver_connection(connection)
    body, rows = await audit_lists.table(driver, wanted, settings().export_max_rows)
    told = _told(wanted) | {"rows": rows}
    await talk(connection, audit.record(Action.AUDIT_EXPORTED, "audit:csv", told, account=me.account))
    headers = {"Content-Disposition": f'attachment; filename="audit-{today()}.csv"', "Cache-Control": "no-store"}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/audit", include_in_schema=False)
def audit_page(view: ViewDep, lang: pages.Wanted = None) -> Response:
    """The page that searches the audit."""
    return pages.page(auditing.render(view.language, view.timezone), lang)


def _told(wanted: Wanted) -> dict[str, str]:
    return {name: str(value) for name, value in wanted.told.items()}
