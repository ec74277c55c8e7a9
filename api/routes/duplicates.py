"""What is reported twice: offered when reporting, followed instead of opened again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.caller import CallerDep
from api.dependencies import NEWS, ConnectionDep, Key, talk
from api.models.base import Degrees
from api.models.duplicates import Followed, NewFollower, SimilarCases
from api.models.incidents import Datum
from api.responses import refusals
from api.routes.moves import CaseId
from data import duplicates
from geo import datum as datums

router = APIRouter(prefix="/api/cases", tags=["cases"])


@router.get("/nearby", response_model=SimilarCases, responses=refusals())
async def list_nearby(
    connection: ConnectionDep,
    category: Annotated[str, Query(max_length=40, pattern=r"^[^\x00]*$", description="A code of /api/categories")],
    lon: Annotated[Degrees, Query(ge=-180, le=180, description="Longitude in `datum`, degrees")],
    lat: Annotated[Degrees, Query(ge=-90, le=90, description="Latitude in `datum`, degrees")],
    datum: Annotated[Datum, Query(description="Phones give wgs84, Chinese web maps gcj02, Baidu bd09")] = "wgs84",
) -> Any:
    """Open cases of the same category that may be the same thing, nearest first; at most 20."""
    x, y = datums.convert(lon, lat, source=datum)
    return await talk(connection, duplicates.nearby((float(x), float(y)), category))


@router.post("/{case_id}/followers", status_code=201, dependencies=[NEWS], responses=refusals(400, 404, 409, 413))
async def follow_case(
    *,
    connection: ConnectionDep,
    case_id: CaseId,
    given: NewFollower,
    me: CallerDep,
    response: Response,
    key: Key = None,
) -> Followed:
    """Follow a case instead of opening another for the same thing. Anybody may, as long as it is open."""
    told = await talk(connection, duplicates.follow(case_id, me, note=given.note, source=given.source, key=key))
    if told.is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return Followed.model_validate({name: getattr(told, name) for name in Followed.model_fields})
