"""What a grid worker has in hand, as his phone keeps it. EPSG:4490, with the place in GCJ-02 for the map apps that want it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncConnection

from data import case_rows
from data.case_details import legal_moves
from data.case_filters import clock
from data.case_rows import Case
from data.database import async_driver_connection, sql
from data.geojson import DECIMALS
from geo import datum
from geo.callers import Caller
from geo.masking import mask_texts

MOST = 500
BESIDE = ("photos", "contact")


async def list_cases(connection: AsyncConnection, caller: Caller) -> dict[str, Any]:
    """`cases` by due time, at most `MOST`; `cursor`, up to which they tell of events; `at`. One state of things."""
    driver = await async_driver_connection(connection)
    now = clock()
    given = now | {"worker_id": int(caller.actor.partition(":")[2]), "actor": caller.actor, "limit": MOST}
    async with driver.cursor(row_factory=dict_row) as reader:
        await reader.execute(sql("work_cases"), given)
        rows = await reader.fetchall()
    cursor = rows[0]["cursor"]
    at: datetime = now["now"]
    return {"cases": [_told(row, caller) for row in rows if row["id"]], "cursor": cursor, "at": at}


def _told(row: dict[str, Any], caller: Caller) -> Case:
    del row["cursor"]
    beside = {name: mask_texts(row.pop(name)) for name in BESIDE}
    standing = {"is_helper": row.pop("is_helper"), "is_handler": row.pop("handler") == caller.actor}
    case = case_rows.told(row)
    moves = legal_moves(case, caller, **standing)
    lon, lat = datum.convert(case["lon"], case["lat"], source="cgcs2000", target="gcj02")
    return case | beside | {"moves": moves, "gcj02": [round(float(lon), DECIMALS), round(float(lat), DECIMALS)]}
