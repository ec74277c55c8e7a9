"""Cases on the map and in charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.caching import GEOJSON, JSON, answer_bytes
from api.caller import CallerDep
from api.case_queries import WantedDep
from api.dependencies import ConnectionDep
from api.errors import bad_field
from api.models.case_figures import CaseCharts, CaseHeat, CaseMap
from api.responses import ready_made, refusals
from data import case_charts, case_maps
from data.days import today

router = APIRouter(prefix="/api/cases", tags=["cases"])
Zoom = Annotated[int, Query(ge=0, le=22, description="Zoom of the map", examples=[12])]
MAX_DAYS = 400
MIN_DAY, MAX_DAY = date(1900, 1, 1), date(9000, 1, 1)


@router.get("/map", responses=ready_made(CaseMap, GEOJSON) | refusals(404))
async def map_cases(request: Request, connection: ConnectionDep, me: CallerDep, wanted: WantedDep) -> Response:
    """Cases as points, at most 5,000; open ones unless a stage, a state, ids or a parent are asked for."""
    return answer_bytes(request, await case_maps.points(connection, wanted, me))


@router.get("/heat", responses=ready_made(CaseHeat) | refusals(404))
async def heat_of_cases(
    request: Request, connection: ConnectionDep, me: CallerDep, wanted: WantedDep, z: Zoom = 12
) -> Response:
    """How many cases lie in each square of some 64 pixels at a zoom; open ones unless asked otherwise, as on the map."""
    return answer_bytes(request, await case_maps.heat(connection, wanted, me, zoom=z), media_type=JSON)


@router.get("/charts", responses=ready_made(CaseCharts) | refusals(404))
async def chart_cases(
    *,
    request: Request,
    connection: ConnectionDep,
    me: CallerDep,
    wanted: WantedDep,
    first: Annotated[date | None, Query(alias="from", description="First day; default 29 days before `to`")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included; default today")] = None,
) -> Response:
    """What came in and went out by day, how old open cases are, what was done in time, and the cells with the most."""
    body = await case_charts.charts(connection, wanted, me, _days(first, last))
    return answer_bytes(request, body, media_type=JSON)


def _days(first: date | None, last: date | None) -> case_charts.Days:
    end = last or today()
    if end < MIN_DAY:
        raise bad_field("to", str(end), f"must not be before {MIN_DAY}")
    begin = first or end - timedelta(days=29)
    if not 0 <= (end - begin).days < MAX_DAYS or begin < MIN_DAY or end > MAX_DAY:
        raise bad_field("from", str(begin), f"must be at most {MAX_DAYS - 1} days before `to`, in a year that there is")
    return case_charts.Days(begin, end)
