"""Finding a place by name or code."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.caching import JSON, answer
from api.dependencies import ConnectionDep, DayDep, Text
from api.models.lists import SearchResults
from api.responses import ready_made, refusals
from data import search as found
from data import versions

router = APIRouter(prefix="/api/search", tags=["ground"])
Typed = Annotated[Text, Query(description="Beginning of a code, or part of a name", examples=["柳荫"])]


@router.get("", responses=ready_made(SearchResults) | refusals())
async def search(request: Request, connection: ConnectionDep, on: DayDep, q: Typed) -> Response:
    """At most 20 areas, facilities and cells, larger units first."""
    version = f"{await versions.ground(connection)} {on}"
    return await answer(request, version, lambda: found.search(connection, q, on=on), media_type=JSON)
