"""What is within walking time of each facility, as GeoJSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.caching import GEOJSON, answer
from api.dependencies import ConnectionDep, PageDep
from api.models.ground import Method, ServiceAreaCollection
from api.responses import ready_made, refusals
from data import builds, versions

router = APIRouter(prefix="/api/service-areas", tags=["ground"])
Minutes = Annotated[float | None, Query(gt=0, le=1440, allow_inf_nan=False, description="Default: of the latest build")]


@router.get("", responses=ready_made(ServiceAreaCollection, GEOJSON) | refusals())
async def list_service_areas(
    request: Request, connection: ConnectionDep, page: PageDep, method: Method = "network", minutes: Minutes = None
) -> Response:
    """The areas of the latest build: along the street network, or the straight radius."""
    version = f"{await versions.ground(connection)} {await versions.builds(connection)} {page.on}"
    return await answer(
        request,
        version,
        lambda: builds.list_service_areas(connection, page, method=method, minutes=minutes),
    )
