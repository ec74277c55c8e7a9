"""Moves of cases: who has one, who stands where and why; the rules are in geo.lifecycle and geo.moving."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.caching import JSON
from api.caller import CallerDep
from api.dependencies import NEWS, ConnectionDep, Key, RowId, talk
from api.models.cases import CaseDetail
from api.models.moves import NewMove
from api.responses import Responses, ready_made, refusals
from data import case_details, moves
from data.settings import settings
from geo import datum
from geo.cases import Rating, Wish
from geo.errors import Forbidden
from geo.lifecycle import Event, Role

REFUSED = refusals(400, 403, 404, 409, 413)
SHOWN: Responses = {200: ready_made(CaseDetail)[200]}
router = APIRouter(prefix="/api/cases", tags=["cases"])
Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of `why.sentence`")]
CaseId = Annotated[RowId, Path(description="`id` of a case", examples=[50501])]


@router.post("/{case_id}/moves", dependencies=[NEWS], responses=SHOWN | REFUSED)
async def move_case(
    *,
    connection: ConnectionDep,
    case_id: CaseId,
    given: NewMove,
    me: CallerDep,
    key: Key = None,
    lang: Language = None,
) -> Response:
    """Move a case: one event, with who, when, where and why. A move that is not legal is answered with those that are."""
    if me.role == Role.REPORTER:
        raise Forbidden("a reporter comes back by his link", actor=me.actor)
    moved = await talk(connection, moves.move_once(case_id, _wish(given), me, key))
    chosen = lang or settings().language
    body = await case_details.get_case(connection, case_id, me, language=chosen, has_moved_it=True)
    return Response(body, media_type=JSON, headers={"Idempotency-Replayed": "true"} if moved.is_replayed else None)


def _wish(given: NewMove) -> Wish:
    told = given.model_dump(include={"seq", "to", "verifier", "category", "limit", "outcome", "parent"})
    return Wish(
        event=Event(given.event),
        reason=given.reason or given.note,
        place=point_of(given.lon, given.lat, given.datum),
        point=point_of(given.at_lon, given.at_lat, given.at_datum),
        photos=given.photos,
        rating=Rating(**given.rating.model_dump()) if given.rating else None,
        **told,
    )


def point_of(lon: float | None, lat: float | None, name: str | None) -> tuple[float, float] | None:
    """The same place in EPSG:4490."""
    if lon is None or lat is None or name is None:
        return None
    x, y = datum.convert(lon, lat, source=name)
    return float(x), float(y)
