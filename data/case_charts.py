"""Figures of cases for charts: what came in and went out, how old the open ones are, what was done in time, and where they lie.

Days are those of the city. `first` is the first day and `last` the last, both included.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncConnection

from data.case_filters import IS_DONE, IS_OPEN, Filter, Wanted, narrow
from data.case_lists import CLOSED_AT
from data.database import async_driver_connection
from data.settings import settings
from geo.callers import Caller

CELLS = 50
"""The cells with the most open cases."""
AGES_DAYS = (1, 3, 7, 14, 30)
"""Where one age ends and the next begins, in days of 24 hours since a case was filed."""
FILED: tuple[LiteralString, ...] = ("c.filed_at >= %(begin)s::timestamptz", "c.filed_at < %(end)s::timestamptz")
CLOSED: tuple[LiteralString, ...] = (
    IS_DONE,
    f"{CLOSED_AT} >= %(begin)s::timestamptz",
    f"{CLOSED_AT} < %(end)s::timestamptz",
)
FLOW: LiteralString = """
    SELECT day::date AS day, coalesce(sum(opened), 0)::int AS opened, coalesce(sum(closed), 0)::int AS closed
    FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day LEFT JOIN (
        SELECT filed_at::date AS on_day, count(*) AS opened, 0 AS closed FROM ({filed}) AS c GROUP BY 1
        UNION ALL SELECT closed_at::date, 0, count(*) FROM ({closed}) AS c GROUP BY 1
    ) AS told ON told.on_day = day::date
    GROUP BY day ORDER BY day
"""
AGEING: LiteralString = """
    SELECT width_bucket(extract(epoch FROM %(now)s::timestamptz - filed_at)::float8 / 86400, %(ages)s::float8[]) AS bucket,
           count(*) AS count
    FROM ({open}) AS c GROUP BY 1
"""
ON_TIME: LiteralString = """
    SELECT 'street' AS dimension, street.code AS key, street.name, street.name_en,
           count(*) FILTER (WHERE is_on_time) AS on_time, count(*) AS total
    FROM ({due}) AS c JOIN area AS street ON street.id = c.street_id GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'category', major.code, major.name, major.name_en, count(*) FILTER (WHERE is_on_time), count(*)
    FROM ({due}) AS c JOIN category AS minor ON minor.code = c.category
    JOIN category AS major ON major.code = coalesce(minor.parent_code, minor.code) GROUP BY 2, 3, 4
    ORDER BY 1 DESC, 2
"""
DUE: LiteralString = f"""c.id, c.street_id, coalesce(c.category_code, i.category_code) AS category,
    {IS_DONE} AND {CLOSED_AT} <= c.due_at AS is_on_time"""
HAS_COME_DUE: LiteralString = f"(c.due_at < %(now)s::timestamptz OR {IS_DONE})"
BY_CELL: LiteralString = """
    SELECT cell.code AS key, cell.name, count(*) AS open, count(*) FILTER (WHERE c.due_at < %(now)s::timestamptz) AS late
    FROM ({open}) AS c JOIN cell ON cell.id = c.cell_id GROUP BY 1, 2 ORDER BY open DESC, key LIMIT %(cells)s
"""


@dataclass(frozen=True)
class Days:
    """From the day `first` to the day `last`, both included."""

    first: date
    last: date

    def bounds(self) -> dict[str, Any]:
        zone = ZoneInfo(settings().timezone)
        begin, end = (datetime.combine(day, time(), zone) for day in (self.first, self.last + timedelta(days=1)))
        return {"first": self.first, "last": self.last, "begin": begin, "end": end}


async def charts(connection: AsyncConnection, wanted: Wanted, caller: Caller, days: Days) -> bytes:
    """`flow` by day; `ageing` of open cases; `on_time` of cases filed in these days, by street and by 大类; `by_cell`.

    On time are those closed by when they were due, out of those with a clock that have come due or are closed: open ones
    that are late count, suspended ones do not.
    """
    driver = await async_driver_connection(connection)
    chosen = await narrow(driver, wanted, caller)
    still_open = chosen.rows("c.id, c.cell_id, c.filed_at, c.due_at", IS_OPEN)
    flow = FLOW.format(
        filed=chosen.rows("c.id, c.filed_at", *FILED), closed=chosen.rows(f"c.id, {CLOSED_AT} AS closed_at", *CLOSED)
    )
    due = chosen.rows(DUE, *FILED, "c.due_at IS NOT NULL", HAS_COME_DUE)
    more = days.bounds() | {"ages": [float(age) for age in (0, *AGES_DAYS)], "cells": CELLS}
    ages = {row["bucket"]: row["count"] for row in await _all(driver, AGEING.format(open=still_open), chosen, more)}
    told = {
        "flow": await _all(driver, flow, chosen, more),
        "ageing": [{"bucket": bucket, "count": ages.get(place, 0)} for place, bucket in enumerate(_buckets(), 1)],
        "on_time": await _all(driver, ON_TIME.format(due=due), chosen, more),
        "by_cell": await _all(driver, BY_CELL.format(open=still_open), chosen, more),
    }
    return orjson.dumps({"from": days.first, "to": days.last, **told})


async def _all(
    driver: PsycopgConnection[Any], query: LiteralString, chosen: Filter, more: dict[str, Any]
) -> list[dict[str, Any]]:
    async with driver.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, chosen.parameters | more, prepare=False)
        return await cursor.fetchall()


def _buckets() -> list[str]:
    """`0-1`, `1-3` … and `30+`, in days."""
    edges = (0, *AGES_DAYS)
    return [f"{low}-{high}" for low, high in pairwise(edges)] + [f"{edges[-1]}+"]
