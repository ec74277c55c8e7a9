"""Areas of four levels as GeoJSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.caching import GEOJSON, answer
from api.dependencies import ConnectionDep, DayDep, PageDep, Text, UnitCode
from api.models.ground import AreaCollection, AreaFeature, Level
from api.responses import ready_made, refusals
from data import areas, versions

router = APIRouter(prefix="/api/areas", tags=["ground"])
DEFAULT_STANDARD = "by-area-class"
StandardName = Annotated[Text, Query(description="Whose latest check stands beside communities")]
AreaCode = Annotated[UnitCode, Path(description="12 digits", examples=["110199001001"])]


async def _version(connection: ConnectionDep) -> str:
    """Changes with the ground, the checks and the builds of service areas."""
    parts = (versions.ground, versions.checks, versions.builds)
    return " ".join([await part(connection) for part in parts])


@router.get("", responses=ready_made(AreaCollection, GEOJSON) | refusals(404))
async def list_areas(
    request: Request,
    connection: ConnectionDep,
    page: PageDep,
    level: Level | None = None,
    standard: StandardName = DEFAULT_STANDARD,
) -> Response:
    """Districts, streets or communities, by code; communities with what the latest check found."""
    version = f"{await _version(connection)} {page.on}"
    return await answer(request, version, lambda: areas.list_areas(connection, page, level=level, standard=standard))


@router.get("/{code}", responses=ready_made(AreaFeature, GEOJSON) | refusals(404))
async def get_area(
    request: Request, connection: ConnectionDep, code: AreaCode, on: DayDep, standard: StandardName = DEFAULT_STANDARD
) -> Response:
    """One area as it was on a day."""
    version = f"{await _version(connection)} {on}"
    return await answer(request, version, lambda: areas.get_area(connection, code, on=on, standard=standard))
