"""The elements of a worker's cells: people, places, things, events, organisations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.caller import CallerDep
from api.dependencies import MAX_ID, ConnectionDep, Key, RowId, Text, talk
from api.models.personal import Unmasking
from api.models.work_elements import (
    Element,
    ElementChange,
    ElementList,
    ElementState,
    ElementText,
    Kind,
    NewElement,
    WholeElement,
)
from api.responses import refusals
from api.routes.moves import REFUSED, point_of
from api.routes.unmasking import NEVER_KEPT
from api.routes.work_patrol import tell_replay
from data import work_elements
from data.work_elements import Selection

router = APIRouter(prefix="/api/work/elements", tags=["work"])
ElementId = Annotated[RowId, Path(description="`id` of an element", examples=[8])]
TEXTS = {"title", "label", "note", "name", "phone", "home"}


@router.get("", response_model=ElementList, responses=refusals())
async def list_elements(
    connection: ConnectionDep,
    me: CallerDep,
    kind: Annotated[Kind | None, Query(description="Only those of one kind")] = None,
    q: Annotated[
        Text | None, Query(description="A part of a title or note, a name or a part of it, a whole number")
    ] = None,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="`next` of the page before")] = 0,
) -> Any:
    """The elements of the caller's cells, masked, by number, 50 a page."""
    return await talk(connection, work_elements.find(me, Selection(kind=kind, q=q, after=after)))


@router.post("", status_code=201, response_model=Element, responses=REFUSED)
async def add_element(
    connection: ConnectionDep, response: Response, given: NewElement, me: CallerDep, key: Key = None
) -> Any:
    """Put something on the list of a cell that the caller looks after."""
    told = given.model_dump(include=TEXTS | {"kind", "cell"}) | {"point": _point(given)}
    element, is_replayed = await talk(connection, work_elements.add(me, told, key))
    tell_replay(response, is_replayed=is_replayed)
    return element


@router.put("/{element_id}", response_model=ElementState, responses=REFUSED)
async def change_element(
    *,
    connection: ConnectionDep,
    response: Response,
    element_id: ElementId,
    given: ElementChange,
    me: CallerDep,
    key: Key = None,
) -> Any:
    """Correct an element on the spot, say that it is still so, or take it off the list. What is not told stays."""
    told = given.model_dump(include=TEXTS, exclude_unset=True)
    if "lon" in given.model_fields_set:
        told["point"] = _point(given)
    changed = work_elements.change(me, element_id, told, seq=given.seq, is_gone=given.is_gone, key=key)
    element, is_replayed = await talk(connection, changed)
    tell_replay(response, is_replayed=is_replayed)
    return {"element": element}


@router.post("/{element_id}/unmask", response_model=WholeElement, responses=refusals(400, 403, 404, 413))
async def unmask_element(
    connection: ConnectionDep, response: Response, element_id: ElementId, given: Unmasking, me: CallerDep
) -> Any:
    """Name, telephone number and home of one element, whole, with a reason, on record."""
    response.headers["Cache-Control"] = NEVER_KEPT
    return await talk(connection, work_elements.unmask(me, element_id, given.reason))


def _point(given: ElementText) -> tuple[float, float] | None:
    return point_of(given.lon, given.lat, given.datum)
