"""Vector tiles for layers of many features."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response

from api.caching import answer, answer_bytes
from api.dependencies import ConnectionDep, DayDep
from api.responses import Responses, refusals
from data import tiles, versions

router = APIRouter(prefix="/api/tiles", tags=["ground"])
MVT = "application/vnd.mapbox-vector-tile"
Zoom = Annotated[int, Path(ge=0, le=tiles.MAX_ZOOM, description="Zoom", examples=[14])]
Column = Annotated[int, Path(ge=0, lt=2**tiles.MAX_ZOOM, description="Column or row, 0 to 2^z - 1", examples=[13484])]
VERSIONS = {"cells": versions.ground, "incidents": versions.cases}
"""Of streets and residences nothing tells that they changed but they themselves."""
TILE: Responses = {
    200: {"content": {MVT: {"schema": {"type": "string", "format": "binary"}}}, "description": "A tile of one layer"},
    204: {"description": "Nothing lies there"},
    304: {"description": "The caller has it already"},
}


@router.get("/{layer}/{z}/{x}/{y}.mvt", response_class=Response, responses=TILE | refusals())
async def get_tile(
    *,
    request: Request,
    connection: ConnectionDep,
    layer: Literal["streets", "residences", "cells", "incidents"],
    z: Zoom,
    x: Column,
    y: Column,
    on: DayDep,
) -> Response:
    """One layer of a tile in web mercator; incidents are those with an open case."""

    async def build() -> bytes:
        return await tiles.tile(connection, layer, z, x, y, on=on)

    if layer in VERSIONS:
        return await answer(request, f"{await VERSIONS[layer](connection)} {on}", build, media_type=MVT)
    return answer_bytes(request, await build(), media_type=MVT)
