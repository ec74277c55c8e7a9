"""What routes ask for: a connection, a page of a list, a bounding box in degrees (EPSG:4490), clean text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, TypeVar

from fastapi import BackgroundTasks, Depends, Header, Query, Request
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from api.errors import bad_field
from data.database import async_driver_connection, async_engine, engine
from data.days import today
from data.dialogues import Dialogue, hold_async
from data.geojson import Bbox, Page, read_bbox
from geo.errors import BadInput

T = TypeVar("T")
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


async def wake_readers(request: Request, after_commit: BackgroundTasks) -> None:
    """When the request has succeeded, whoever follows the cases is told that there is news."""
    after_commit.add_task(request.app.state.feed.wake)


NEWS = Depends(wake_readers)


def without_nul(text: str) -> str:
    """PostgreSQL's text cannot hold the character NUL."""
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    return text


Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
CellCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{13,20}$")]
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]


Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x20-\x7e]+$",
        description="The same key with the same body is done once, however often it is sent",
        examples=["4f1d0d1e-5b8c-4a7e-9d53-6d8f8a0c1c11"],
    ),
]


async def let_go(connection: AsyncConnection) -> None:
    """Commit and give the connection back, where the request has long to do without it."""
    await connection.commit()
    await connection.close()


async def talk(connection: AsyncConnection, dialogue: Dialogue[T]) -> T:
    """Hold a dialogue of `data` in the transaction of the request."""
    return await hold_async(await async_driver_connection(connection), dialogue)


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
        return read_bbox(bbox)
    except BadInput as error:
        raise bad_field("bbox", bbox, error.message) from error


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
