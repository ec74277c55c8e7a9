"""Moves of cases: who has one, who stands where and why; the rules are in geo.lifecycle and geo.moving."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Request

from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId
from api.models.moves import Moved, NewMove
from api.responses import refusals
from data import moves
from data.database import async_driver_connection
from geo import datum
from geo.cases import Wish
from geo.lifecycle import Event

router = APIRouter(prefix="/api/cases", tags=["cases"])
CaseId = Annotated[RowId, Path(description="`id` of a case", examples=[50501])]


@router.post("/{case_id}/moves", responses=refusals(400, 403, 404, 409, 413))
async def move_case(
    *,
    request: Request,
    connection: ConnectionDep,
    case_id: CaseId,
    given: NewMove,
    me: CallerDep,
    after_commit: BackgroundTasks,
) -> Moved:
    """Move a case: one event, with who, when, where and why. A move that is not legal is answered with those that are."""
    driver = await async_driver_connection(connection)
    moved = await moves.apply_async(driver, case_id, _wish(given), me)
    after_commit.add_task(request.app.state.feed.wake)
    return Moved.model_validate(moved, from_attributes=True)


def _wish(given: NewMove) -> Wish:
    told = given.model_dump(include={"seq", "to", "verifier", "category", "limit", "outcome", "parent"})
    return Wish(
        event=Event(given.event),
        reason=given.reason or given.note,
        place=_point(given.lon, given.lat, given.datum),
        point=_point(given.at_lon, given.at_lat, "wgs84"),
        photos=given.photos,
        **told,
    )


def _point(lon: float | None, lat: float | None, name: str | None) -> tuple[float, float] | None:
    """The same place in EPSG:4490."""
    if lon is None or lat is None or name is None:
        return None
    x, y = datum.convert(lon, lat, source=name)
    return float(x), float(y)
