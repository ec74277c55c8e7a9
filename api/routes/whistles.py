"""A street calls departments to the spot, and they report in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.caller import CallerDep
from api.dependencies import NEWS, ConnectionDep, RowId, talk
from api.models.whistles import NewArrival, NewWhistle, Whistle
from api.routes.moves import REFUSED, CaseId, point_of
from data import whistles

router = APIRouter(prefix="/api", tags=["cases"])


@router.post(
    "/cases/{case_id}/whistle", status_code=201, response_model=Whistle, dependencies=[NEWS], responses=REFUSED
)
async def blow_whistle(
    connection: ConnectionDep,
    case_id: CaseId,
    given: NewWhistle,
    me: CallerDep,
) -> Any:
    """Call departments to the spot of a case. Each has to report in within the limit after the time to meet."""
    told = given.model_dump(include={"agencies", "meet_at", "place", "request"})
    summons = whistles.Summons(**told, point=point_of(given.lon, given.lat, given.datum))
    return await talk(connection, whistles.call(case_id, summons, me))


@router.post("/whistles/{whistle_id}/report-in", response_model=Whistle, dependencies=[NEWS], responses=REFUSED)
async def report_in(
    connection: ConnectionDep,
    whistle_id: Annotated[RowId, Path(description="`id` of a whistle", examples=[3])],
    given: NewArrival,
    me: CallerDep,
) -> Any:
    """Report in at the spot, by position or by signature."""
    place = point_of(given.at_lon, given.at_lat, "wgs84")
    arrival = whistles.Arrival(agency=given.agency, signature=given.signature, point=place)
    return await talk(connection, whistles.report_in(whistle_id, arrival, me))
