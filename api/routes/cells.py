"""Grid cells as GeoJSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.caching import GEOJSON, answer
from api.dependencies import CellCode, ConnectionDep, DayDep, PageDep, UnitCode
from api.models.ground import CellCollection, CellFeature
from api.responses import ready_made, refusals
from data import cells, versions

router = APIRouter(prefix="/api/cells", tags=["ground"])
OfUnit = Annotated[UnitCode | None, Query(description="Only cells of this unit: 12 digits", examples=["110199001001"])]


@router.get("", responses=ready_made(CellCollection, GEOJSON) | refusals())
async def list_cells(
    request: Request, connection: ConnectionDep, page: PageDep, community: OfUnit = None, street: OfUnit = None
) -> Response:
    """Cells by code, each with its workers (names masked) and its number of open cases."""
    version = f"{await versions.rosters(connection)} {await versions.cases(connection)} {page.on}"
    return await answer(
        request, version, lambda: cells.list_cells(connection, page, community=community, street=street)
    )


@router.get("/{code}", responses=ready_made(CellFeature, GEOJSON) | refusals(404))
async def get_cell(
    request: Request,
    connection: ConnectionDep,
    code: Annotated[CellCode, Path(description="13 to 20 digits", examples=["110199001001003"])],
    on: DayDep,
) -> Response:
    """One cell as it was on a day."""
    version = f"{await versions.rosters(connection)} {await versions.cases(connection)} {on}"
    return await answer(request, version, lambda: cells.get_cell(connection, code, on=on))
