"""What a grid worker's phone asks for: the ground that it keeps, and where a point would lie."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.caching import JSON, answer_bytes
from api.caller import CallerDep
from api.dependencies import ConnectionDep, SnapshotDep, talk
from api.models.base import Degrees
from api.models.incidents import Datum
from api.models.work import Bundle, LocatedPoint
from api.responses import ready_made, refusals
from data import locating, work
from geo import datum as datums

router = APIRouter(prefix="/api", tags=["work"])


@router.get("/work", responses=ready_made(Bundle) | refusals(404))
async def get_bundle(request: Request, connection: ConnectionDep, me: CallerDep) -> Response:
    """What the phone keeps for the way without signal: cells, streets, stations, colleagues, reasons."""
    return answer_bytes(request, await talk(connection, work.bundle(me)), media_type=JSON)


@router.get("/locate", response_model=LocatedPoint, responses=refusals())
def locate_point(
    snapshot: SnapshotDep,
    lon: Annotated[Degrees, Query(ge=-180, le=180, description="Longitude in `datum`, degrees")],
    lat: Annotated[Degrees, Query(ge=-90, le=90, description="Latitude in `datum`, degrees")],
    datum: Annotated[Datum, Query(description="Phones give wgs84, Chinese web maps gcj02, Baidu bd09")] = "wgs84",
) -> Any:
    """Where a report from here would lie, and which other cells are within the tolerance; nothing is stored."""
    x, y = datums.convert(lon, lat, source=datum)
    return locating.locate_now(snapshot, float(x), float(y))
