"""Search for areas, cells and facilities by the beginning of a code or a part of a name. Degrees, EPSG:4490."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import sql
from data.geojson import DECIMALS

MOST = 20


async def search(connection: AsyncConnection, typed: str, *, on: date) -> bytes:
    """At most 20 results, larger units first; `bbox` and `point` are null for what has no place."""
    wanted = typed.strip()
    if not wanted:
        return orjson.dumps({"results": []})
    literal = escaped(wanted)
    given = {"prefix": f"{literal}%", "part": f"%{literal}%", "typed": wanted, "on": on, "most": MOST}
    rows = await connection.exec_driver_sql(sql("search"), given)
    return orjson.dumps({"results": [_found(row) for row in rows.mappings()]})


def escaped(typed: str) -> str:
    """`%` and `_` mean themselves."""
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _found(row: RowMapping) -> dict[str, Any]:
    told = {name: row[name] for name in ("kind", "level", "code", "name")}
    return told | {"bbox": _rounded(row, "west", "south", "east", "north"), "point": _rounded(row, "lon", "lat")}


def _rounded(row: RowMapping, *names: str) -> list[float] | None:
    values = [row[name] for name in names]
    return None if None in values else [round(value, DECIMALS) for value in values]
