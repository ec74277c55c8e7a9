"""Many cases moved by one decision, and an assignment taken back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.caller import CallerDep
from api.case_queries import read_wanted
from api.dependencies import NEWS, ConnectionDep, Key, RowId, talk
from api.models.bulk import Bulk, NewBulk
from api.routes.moves import REFUSED
from data import bulk, case_lists
from data.database import async_driver_connection
from geo.callers import Caller
from geo.cases import Wish
from geo.lifecycle import Event

router = APIRouter(prefix="/api", tags=["cases"])


@router.post("/cases/bulk", response_model=Bulk, dependencies=[NEWS], responses=REFUSED)
async def move_many(
    *, connection: ConnectionDep, given: NewBulk, me: CallerDep, response: Response, key: Key = None
) -> Any:
    """Move many cases with one reason; each for which it is not legal says why. All is stored at once."""
    told = given.model_dump(include={"reason", "to", "limit", "parent", "outcome"})
    ids = given.ids or await _selected(connection, given, me)
    done = await talk(connection, bulk.move_many(ids, Wish(event=Event(given.event), **told), me, key))
    if done.is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return _shown(done)


@router.post("/bulk/{bulk_id}/undo", response_model=Bulk, dependencies=[NEWS], responses=REFUSED)
async def undo_bulk(
    connection: ConnectionDep,
    bulk_id: Annotated[RowId, Path(description="`id` of a bulk move", examples=[9])],
    me: CallerDep,
) -> Any:
    """Take an assignment back: each case that has not moved since returns to who had it."""
    return _shown(await talk(connection, bulk.undo(bulk_id, me)))


async def _selected(connection: AsyncConnection, given: NewBulk, me: Caller) -> list[int]:
    """The cases of `where`, one more than may be moved at once if there are more."""
    driver = await async_driver_connection(connection)
    return await case_lists.matching(driver, read_wanted(given.filters()), me, bulk.MAX_CASES + 1)


def _shown(done: bulk.Bulk) -> dict[str, Any]:
    results = [{name: result.get(name) for name in ("id", "ok", "seq", "error")} for result in done.results]
    moved = sum(result["ok"] for result in done.results)
    return {"id": done.id, "event": done.event, "moved": moved, "results": results}
