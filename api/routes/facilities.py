"""Facilities of the three-level service network as GeoJSON."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.caching import GEOJSON, answer
from api.dependencies import ConnectionDep, PageDep
from api.models.ground import FacilityCollection, FacilityLevel
from api.responses import ready_made, refusals
from data import facilities, versions

router = APIRouter(prefix="/api/facilities", tags=["ground"])


@router.get("", responses=ready_made(FacilityCollection, GEOJSON) | refusals())
async def list_facilities(
    request: Request, connection: ConnectionDep, page: PageDep, level: FacilityLevel | None = None
) -> Response:
    """Centres and stations by code, each with the communities that it serves."""
    version = f"{await versions.ground(connection)} {page.on}"
    return await answer(request, version, lambda: facilities.list_facilities(connection, page, level=level))
