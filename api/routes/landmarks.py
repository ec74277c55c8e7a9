"""Water, railways and parks as GeoJSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.caching import GEOJSON, answer_bytes
from api.dependencies import MAX_ID, MAX_ROWS, BboxDep, ConnectionDep, DayDep, Limit
from api.models.ground import LandmarkCollection
from api.responses import ready_made, refusals
from data import landmarks
from data.geojson import Page

router = APIRouter(prefix="/api/landmarks", tags=["ground"])


@router.get("", responses=ready_made(LandmarkCollection, GEOJSON) | refusals())
async def list_landmarks(
    *,
    request: Request,
    connection: ConnectionDep,
    on: DayDep,
    bbox: BboxDep,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="`next` of the page before")] = 0,
    limit: Limit = MAX_ROWS,
) -> Response:
    """What is drawn under the layers so that people know where they are."""
    page = Page(on=on, bbox=bbox, after=str(after), limit=limit)
    return answer_bytes(request, await landmarks.list_landmarks(connection, page))
