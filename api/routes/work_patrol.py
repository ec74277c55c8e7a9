"""A grid worker's round: on and off duty, the track while on duty, places to visit."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Response

from api.caller import CallerDep
from api.dependencies import ConnectionDep, Key, RowId, talk
from api.models.work_patrol import DutyState, NewCheckIn, NewDuty, NewTrack, Patrol, Taken, VisitPlace
from api.responses import refusals
from api.routes.moves import REFUSED
from data import work_patrol
from data.work_patrol import Fix
from geo import datum

router = APIRouter(prefix="/api/work", tags=["work"])
REPLAYED = "Idempotency-Replayed"


@router.get("/patrol", response_model=Patrol, responses=refusals(409))
async def get_patrol(connection: ConnectionDep, me: CallerDep) -> Any:
    """The caller's duty, the share of his cells' streets that he walked, and the places to visit, most overdue first."""
    return await talk(connection, work_patrol.read(me))


@router.post("/duty", response_model=DutyState, responses=REFUSED)
async def set_duty(
    connection: ConnectionDep, response: Response, given: NewDuty, me: CallerDep, key: Key = None
) -> Any:
    """Begin or end the caller's duty. Who is on it, or off it, already stays so."""
    is_replayed = await talk(connection, work_patrol.set_duty(me, is_on=given.is_on, at=given.at, key=key))
    tell_replay(response, is_replayed=is_replayed)
    return {"duty": await talk(connection, work_patrol.duty(me))}


@router.post("/track", response_model=Taken, responses=REFUSED)
async def add_track(
    connection: ConnectionDep, response: Response, given: NewTrack, me: CallerDep, key: Key = None
) -> Any:
    """Take in where the caller went while on duty: matched to streets and made coarse; positions are not stored."""
    told = await talk(connection, work_patrol.track(me, _fixes(given), key))
    tell_replay(response, is_replayed=told["is_replayed"])
    return told


@router.post("/places/{place_id}/check-in", response_model=VisitPlace, responses=REFUSED)
async def check_in(
    *,
    connection: ConnectionDep,
    response: Response,
    place_id: Annotated[RowId, Path(description="`id` of a place that must be visited", examples=[3])],
    given: NewCheckIn,
    me: CallerDep,
    key: Key = None,
) -> Any:
    """Say that one is at a place; it holds only within a distance."""
    x, y = datum.convert(given.lon, given.lat, source=given.datum)
    fix = Fix(float(x), float(y), given.accuracy_m, given.at)
    place, is_replayed = await talk(connection, work_patrol.check_in(place_id, fix, me, key))
    tell_replay(response, is_replayed=is_replayed)
    return place


def tell_replay(response: Response, *, is_replayed: bool) -> None:
    """Say in the head of the answer that the key had done it before."""
    if is_replayed:
        response.headers[REPLAYED] = "true"


def _fixes(given: NewTrack) -> list[Fix]:
    places = np.array([point[:2] for point in given.points])
    lon, lat = datum.convert(places[:, 0], places[:, 1], source=given.datum)
    return [
        Fix(float(x), float(y), accuracy_m, at)
        for x, y, (_, _, accuracy_m, at) in zip(lon, lat, given.points, strict=True)
    ]
