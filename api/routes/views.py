"""Selections of cases that a caller keeps."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.caller import CallerDep
from api.case_queries import read_wanted
from api.dependencies import ConnectionDep, RowId
from api.errors import bad_field
from api.models.case_figures import NewView, View, ViewList
from api.responses import refusals
from data import views
from data.case_lists import SORTS

router = APIRouter(prefix="/api/views", tags=["cases"])
ORDER = "sort"
"""Kept with the selection, though it selects nothing."""


@router.get("", response_model=ViewList, responses=refusals(404))
async def list_views(connection: ConnectionDep, me: CallerDep) -> Any:
    """The caller's saved views, by name."""
    return await views.list_views(connection, me)


@router.post("", status_code=201, response_model=View, responses=refusals(400, 403, 404, 409, 413))
async def save_view(connection: ConnectionDep, me: CallerDep, given: NewView) -> Any:
    """Keep a selection under a name, in place of the one that had it."""
    read_wanted({name: value for name, value in given.query.items() if name != ORDER})
    if given.query.get(ORDER, "due") not in SORTS:
        raise bad_field(ORDER, given.query[ORDER], f"must be one of {', '.join(SORTS)}")
    return await views.save(connection, me, given.name, given.query)


@router.delete("/{view_id}", response_model=ViewList, responses=refusals(404))
async def delete_view(
    connection: ConnectionDep,
    me: CallerDep,
    view_id: Annotated[RowId, Path(description="`id` of a view", examples=[7])],
) -> Any:
    """Forget a view of the caller; those that are left."""
    await views.remove(connection, me, view_id)
    return await views.list_views(connection, me)
