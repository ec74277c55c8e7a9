"""What routes ask for: a connection, a page of a list, a bounding box in degrees (EPSG:4490), clean text."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from api.errors import bad_field
from data.database import async_engine, engine
from data.days import today
from data.geojson import Bbox, Page

MAX_ROWS = 5000
MAX_ID = 2**63 - 1


async def connection() -> AsyncIterator[AsyncConnection]:
    """One transaction per request, committed when the route has returned and before its answer leaves."""
    async with async_engine().begin() as opened:
        yield opened


ConnectionDep = Annotated[AsyncConnection, Depends(connection, scope="function")]
"""With the default scope the answer would leave before the commit, and a failed commit would still answer 200."""


def snapshot() -> Iterator[Connection]:
    """One transaction that sees one state of things, for what reckons; committed before the answer leaves."""
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as opened, opened.begin():
        yield opened


SnapshotDep = Annotated[Connection, Depends(snapshot, scope="function")]


def without_nul(text: str) -> str:
    """PostgreSQL's text cannot hold the character NUL."""
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    return text


Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
CellCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{13,20}$")]
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]


def parse_bbox(
    bbox: Annotated[
        str | None,
        Query(
            description="`minlon,minlat,maxlon,maxlat` in degrees; what touches it is returned",
            examples=["116.35,39.88,116.40,39.92"],
        ),
    ] = None,
) -> Bbox | None:
    if bbox is None:
        return None
    try:
        numbers = [float(part) for part in bbox.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise bad_field("bbox", bbox, "must be four numbers: minlon,minlat,maxlon,maxlat")
    found = Bbox(*numbers)
    if not (-180 <= found.min_lon < found.max_lon <= 180 and -90 <= found.min_lat < found.max_lat <= 90):
        raise bad_field("bbox", bbox, "must be within ±180, ±90 and each minimum below its maximum")
    return found


def parse_day(
    on: Annotated[
        date | None, Query(description="The day whose ground is meant; default today", examples=["2026-05-03"])
    ] = None,
) -> date:
    return on or today()


DayDep = Annotated[date, Depends(parse_day)]
BboxDep = Annotated[Bbox | None, Depends(parse_bbox)]
Limit = Annotated[int, Query(ge=1, le=MAX_ROWS, description="Rows of one page")]
After = Annotated[Text | None, Query(description="`next` of the page before")]


def parse_page(on: DayDep, bbox: BboxDep, after: After = None, limit: Limit = MAX_ROWS) -> Page:
    return Page(on=on, bbox=bbox, after=after, limit=limit)


PageDep = Annotated[Page, Depends(parse_page)]
