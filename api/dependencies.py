"""What routes ask for: a connection, a page of a list, a bounding box in degrees (EPSG:4490), clean text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Annotated, TypeVar

from fastapi import BackgroundTasks, Depends, Header, Query, Request
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from api.caller import CallerDep
from api.errors import bad_field
from api.lines import LineDep
from data import scope
from data.database import async_driver_connection, async_engine, driver_connection, web_engine
from data.days import today
from data.dialogues import Dialogue, hold_async
from data.geojson import Bbox, Page, read_bbox
from geo.callers import Caller
from geo.errors import BadInput
from geo.sight import Sight

T = TypeVar("T")
MAX_ROWS = 5000
MAX_ID = 2**63 - 1


async def connection(request: Request, line: LineDep, me: CallerDep) -> AsyncConnection:
    """The request's transaction, which shows the caller what is his."""
    opened = await line.open()
    request.state.sight = await scope.enter(await async_driver_connection(opened), me, address(request))
    return opened


ConnectionDep = Annotated[AsyncConnection, Depends(connection)]


def sight(request: Request, connection: ConnectionDep) -> Sight:
    """What that transaction shows."""
    found: Sight = request.state.sight
    return found


SightDep = Annotated[Sight, Depends(sight)]


async def lifted(request: Request, line: LineDep, me: CallerDep) -> AsyncConnection:
    """The request's transaction for what is done by rule, wherever it lies."""
    opened = await line.open()
    await scope.enter(await async_driver_connection(opened), me, address(request), sees_all=True)
    return opened


LiftedDep = Annotated[AsyncConnection, Depends(lifted)]


def address(request: Request) -> str | None:
    """From where the request came."""
    return request.client.host if request.client else None


@asynccontextmanager
async def entered(me: Caller, address: str | None = None) -> AsyncIterator[AsyncConnection]:
    """A transaction of its own for `me`, for what outlives that of the request."""
    async with async_engine().begin() as opened:
        await scope.enter(await async_driver_connection(opened), me, address)
        yield opened


@contextmanager
def scoped(me: Caller, address: str | None) -> Iterator[Connection]:
    """One transaction that sees one state of things, and of them what is the caller's: for what reckons or writes files."""
    with web_engine().connect().execution_options(isolation_level="REPEATABLE READ") as opened, opened.begin():
        scope.enter_sync(driver_connection(opened), me, address)
        yield opened


def snapshot(request: Request, me: CallerDep) -> Iterator[Connection]:
    """The same for a route; committed before its answer leaves."""
    with scoped(me, address(request)) as opened:
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
