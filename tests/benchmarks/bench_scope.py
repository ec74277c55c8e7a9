"""What row-level security costs: the hot calls of a street's desk and of the district's over 200,000 cases, as the web does them,
beside the same calls as the owner, who sees everything and is told nothing of the caller. Both take turns in one run.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from data import case_board, case_details, case_lists, incident_lists, incidents, scope
from data.case_filters import Wanted
from data.database import WEB_ROLE, async_driver_connection, sqlalchemy_url, web_options
from data.days import today
from data.geojson import Bbox, Page
from geo.callers import Caller
from geo.lifecycle import Role
from geo.offices import Office
from tests.benchmarks import desk
from tests.benchmarks.report import Row
from tests.conftest import Databases

CASES = 200_000
ROUNDS = 60
SAMPLE_ID = 8888
BOX = Bbox(116.2, 39.8125, 116.4, 39.8225)
"""Half on the street's ground, half beside it."""
AIM = "aim: at most 1.25 as dear, 0.80 ×"
DUTY = Caller("desk:000000000000", Role.DISTRICT, "", Office.DISTRICT, "bench")
DISTRICT = Caller("desk:110199000000", Role.DISTRICT, "110199", Office.DISTRICT, "bench")
STREET = Caller(f"desk:{desk.STREET}", Role.STREET, desk.STREET[:9], Office.STREET, "bench")
COMMUNITY = Caller(f"desk:{desk.COMMUNITY}", Role.COMMUNITY, desk.COMMUNITY, Office.COMMUNITY, "bench")
REPORT = incidents.Report(
    lon=116.25, lat=39.83, datum="cgcs2000", point=(116.25, 39.83), category="C0101", description="门前积水"
)
Call = Callable[[AsyncConnection, Caller], Awaitable[object]]


@dataclass(frozen=True)
class Question:
    name: str
    call: Call
    callers: tuple[Caller, ...] = (DISTRICT, STREET, COMMUNITY)
    was_unfiltered: bool = False
    """Without scope it shows everything to everybody."""


def listed(sort: str = "due", **wanted: Any) -> Call:
    return lambda c, me: case_lists.list_cases(c, Wanted(**wanted), me, sort=sort, after=None, limit=50)


QUESTIONS = (
    Question("report", lambda c, me: incidents.report(c, REPORT), (STREET,)),
    Question("incidents of a box", lambda c, me: incident_lists.list_incidents(
        c, Page(on=today(), bbox=BOX, limit=500), incident_lists.Wanted(), me), was_unfiltered=True),
    Question("cases of a box, the newest", listed("-filed", bbox=BOX)),
    Question("desk page, the most urgent", listed()),
    Question("desk page, the newest", listed("-filed")),
    Question("board", lambda c, me: case_board.board(c, Wanted(), me)),
    Question("search, a common word", listed("-filed", q="共享单车")),
    Question("one case", lambda c, me: case_details.get_case(c, SAMPLE_ID, me), (DISTRICT,)),
)  # fmt: skip


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        desk.fill(url := databases.create("scope"), CASES)
        yield from asyncio.run(measured(url))
    finally:
        databases.drop_all()


async def measured(url: str) -> list[Row]:
    plain = web_options()["options"].partition(" -c role=")[0]
    engines = [_engine(url, options) for options in (f"{plain} -c role={WEB_ROLE}", plain)]
    found = [
        Row(f"scope: {question.name}, {me.office}", *await _turns(engines, question, me))
        for question in QUESTIONS
        for me in question.callers
    ]
    for engine in engines:
        await engine.dispose()
    return found


def _engine(url: str, options: str) -> AsyncEngine:
    return create_async_engine(sqlalchemy_url(url), connect_args={"options": options})


async def _turns(
    engines: list[AsyncEngine], question: Question, me: Caller
) -> tuple[float, str, float, str, bool, str]:
    """The least of all turns in milliseconds, with and without: what else runs on the machine only ever adds."""
    taken: list[list[float]] = [[], []]
    async with engines[0].connect() as scoped, engines[1].connect() as free:
        for _ in range(ROUNDS):
            for times, connection in zip(taken, (scoped, free), strict=True):
                times.append(await _timed(connection, question, me, is_scoped=connection is scoped))
    return min(taken[0]), "ms", min(taken[1]), "the same without scope", True, AIM


async def _timed(connection: AsyncConnection, question: Question, me: Caller, *, is_scoped: bool) -> float:
    """One request's part: begun, entered, asked and committed, for after a rollback everything would be planned anew."""
    begun = time.perf_counter()
    driver = await async_driver_connection(connection)
    if is_scoped:
        await scope.enter(driver, me, "127.0.0.1")
    await question.call(connection, me if is_scoped or not question.was_unfiltered else DUTY)
    await connection.commit()
    return (time.perf_counter() - begun) * 1000
