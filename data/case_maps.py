"""Cases on the map: points up to some thousands, else counts in a grid that fits the zoom. EPSG:4490, degrees.

Without a stage, a state, ids or a parent asked for, the map shows open cases.
"""

from __future__ import annotations

from math import cos, radians
from typing import Any, LiteralString

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncConnection

from data.case_filters import IS_OPEN, TIME_LEFT, Filter, Wanted, narrow
from data.database import async_driver_connection
from data.geojson import DECIMALS, feature
from geo.callers import Caller
from geo.lifecycle import STAGES, State

POINTS = 5000
"""More are not drawn one by one."""
COUNTED = 100_000
"""More are not counted into a grid."""
GRID_PX, TILE_PX = 64, 256
"""Width of a grid square and of the world at zoom 0, on the screen."""
MIDDLE_LAT = 40.0
POINT: LiteralString = f"c.id, c.state, {TIME_LEFT} AS time_left, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat"
GRID: LiteralString = """
    SELECT avg(lon) AS lon, avg(lat) AS lat, count(*) AS count, count(*) FILTER (WHERE time_left = 'late') AS late,
           count(*) FILTER (WHERE time_left = 'soon') AS soon
    FROM ({points}) AS found GROUP BY floor(lon / %(width)s::float8), floor(lat / %(height)s::float8)
    ORDER BY count DESC, lon, lat
"""


async def points(connection: AsyncConnection, wanted: Wanted, caller: Caller) -> bytes:
    """A FeatureCollection of points with `id`, `state`, `stage`, `time_left`; `is_complete` is false when there are more."""
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller)
    rows = await _all(driver, _points(chosen, wanted), chosen, most=POINTS + 1)
    features = [_feature(row) for row in rows[:POINTS]]
    return orjson.dumps({"type": "FeatureCollection", "features": features, "is_complete": len(rows) <= POINTS})


async def heat(connection: AsyncConnection, wanted: Wanted, caller: Caller, *, zoom: int) -> bytes:
    """`cells`: in each square of about 64 pixels at `zoom` the mean `lon`, `lat`, and `count`, `late`, `soon`; most first."""
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller)
    width, height = square(zoom, wanted)
    grid = GRID.format(points=_points(chosen, wanted))
    cells = await _all(driver, grid, chosen, most=COUNTED, width=width, height=height)
    for cell in cells:
        cell["lon"], cell["lat"] = round(cell["lon"], DECIMALS), round(cell["lat"], DECIMALS)
    counted = sum(cell["count"] for cell in cells)
    return orjson.dumps({"width": width, "height": height, "is_complete": counted < COUNTED, "cells": cells})


def square(zoom: int, wanted: Wanted) -> tuple[float, float]:
    """Width and height in degrees of a square of the grid: as high on a mercator map as it is wide."""
    width = 360 / 2**zoom * GRID_PX / TILE_PX
    box = wanted.bbox
    lat = (box.min_lat + box.max_lat) / 2 if box else MIDDLE_LAT
    return width, width * max(cos(radians(lat)), 0.01)


def _points(chosen: Filter, wanted: Wanted) -> LiteralString:
    is_any_state = wanted.stage or wanted.state or wanted.ids or wanted.parent
    return chosen.rows(POINT, "" if is_any_state else IS_OPEN, tail="LIMIT %(most)s")


async def _all(
    driver: PsycopgConnection[Any], query: LiteralString, chosen: Filter, **more: Any
) -> list[dict[str, Any]]:
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, chosen.parameters | more, prepare=False)
        return await cursor.fetchall()


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [round(row["lon"], DECIMALS), round(row["lat"], DECIMALS)]}
    told = {"id": row["id"], "state": row["state"], "stage": STAGES[State(row["state"])], "time_left": row["time_left"]}
    return feature(row["id"], None, **told) | {"geometry": place}
