"""Cases as they are told in lists: one plain dictionary each. EPSG:4490; names of people are masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row

from data import actors
from data.database import sql
from data.geojson import DECIMALS
from geo.lifecycle import STAGES, State

Case = dict[str, Any]
PLACES = ("cell", "community", "street")
HELD = ("worker_id", "desk_code", "agency_id")


async def rows(driver: PsycopgConnection[Any], ids: Sequence[int], clock: Mapping[str, Any]) -> list[Case]:
    """The cases with `ids`, in that order; `clock` has `now` and `soon_share`."""
    given = {"ids": list(ids), "now": clock["now"], "soon_share": clock["soon_share"]}
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql("case_rows"), given, prepare=True)
        found = await cursor.fetchall()
    people = await actors.named(driver, (actor for row in found for actor in (actors.holder(row), row["lead"])))
    return [_case(row, people) for row in found]


def _case(row: dict[str, Any], people: Mapping[str, actors.Actor]) -> Case:
    """The row itself, changed: what comes as columns becomes what is told."""
    row["stage"] = STAGES[State(row["state"])]
    row["holder"] = people.get(actors.holder(row) or "")
    row["lead"] = people.get(row["lead"] or "")
    for kind in PLACES:
        code, name = row.pop(f"{kind}_code"), row.pop(f"{kind}_name")
        row[kind] = None if code is None else {"code": code, "name": name}
    for name in HELD:
        del row[name]
    row["lon"], row["lat"] = round(row["lon"], DECIMALS), round(row["lat"], DECIMALS)
    return row
