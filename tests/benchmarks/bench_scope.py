"""What scope costs the hot calls over 200,000 cases: each at the database and over HTTP, for a worker and three desks, beside the
same call by the owner, who sees everything and tells the database nothing of the caller. Both ask for the same rows: lists of the
desk then ask for the ids of a ground, which entering would have told. They take turns, so that the machine's mood is shared. What
counts is the median, turn by turn, of the ratios of processor time: of the web and of the database's processes that work for it. By
the clock it is told too, but where ten other programs wait for the same processor, the clock measures them. No hot call is audited.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from data import case_board, case_details, case_lists, incident_lists, incidents, scope
from data.case_filters import Wanted
from data.database import WEB_ROLE, async_driver_connection, sqlalchemy_url, web_options
from data.days import today
from data.geojson import Bbox, Page
from geo.callers import PUBLIC, Caller
from geo.lifecycle import Role
from geo.offices import Office
from geo.sight import Sight
from tests.api import server
from tests.benchmarks import desk, processor
from tests.benchmarks.report import Row
from tests.benchmarks.reports import Client
from tests.conftest import Databases, as_web
from tests.signing import HEADER, Signing

CASES = 200_000
WARM, MOST, LONGEST_S = 12, 60, 6.0
"""Turns before the first that counts, in which plans are made; most turns that count; and when they end before that."""
SMALL = Bbox(116.3, 39.815, 116.31, 39.82)
"""Two cells of the community."""
LARGE = Bbox(116.2, 39.8, 116.48, 39.88)
"""The whole city."""
AIM = "aim: at most 1.25 as dear, 0.80 ×"
WORKER_ID = "SELECT id FROM worker WHERE code = 'W' || %s"
OWN_CASE = (
    "SELECT max(case_file.id) FROM case_file JOIN cell ON cell.id = cell_id WHERE cell.code = %s AND state = 'handling'"
)
UNSCOPED = "from tests.benchmarks import unscoped; unscoped.main()"
Turn = Callable[[], Awaitable[object]]
Call = Callable[[AsyncConnection, Caller, Any], Awaitable[object]]
"""With what the caller's transaction shows; None where that has to be asked for."""


NAMES = SCOPED, FREE = "with scope", "without scope"


class Web(NamedTuple):
    """A web process, and as what application it comes to the database."""

    name: str
    address: str
    pid: int


class Side(NamedTuple):
    """One of the two that take turns, and the processes that work for it."""

    turn: Turn
    pids: Callable[[], list[int]]


class Taken(NamedTuple):
    processor_ms: float
    clock_ms: float


@dataclass(frozen=True)
class Question:
    """A call at the database, and the address of the same over HTTP."""

    name: str
    call: Call
    target: str
    is_reporting: bool = False
    asks_for_ground: bool = False


def place() -> dict[str, Any]:
    """A report from somewhere in the city."""
    lon, lat = random.uniform(LARGE.min_lon, LARGE.max_lon), random.uniform(LARGE.min_lat, LARGE.max_lat)
    return {"lon": lon, "lat": lat, "datum": "cgcs2000", "category": "C0101", "description": "门前积水"}


def report(connection: AsyncConnection, me: Caller, sight: Sight | None) -> Awaitable[object]:
    told = place()
    return incidents.report(connection, incidents.Report(**told, point=(told["lon"], told["lat"])))


def box(name: str, told: Bbox, limit: int) -> Question:
    target = f"/api/incidents?limit={limit}&bbox={','.join(map(str, vars(told).values()))}"
    page = Page(on=today(), bbox=told, limit=limit)
    return Question(name, lambda c, me, s: incident_lists.list_incidents(c, page, incident_lists.Wanted(), s), target)


def desk_page(name: str, sort: str) -> Question:
    return Question(
        name,
        lambda c, me, s: case_lists.list_cases(c, Wanted(), me, s, sort=sort, after=None, limit=50),
        f"/api/cases?sort={sort}",
        asks_for_ground=True,
    )


def questions(case_id: int) -> tuple[Question, ...]:
    return (
        Question("report", report, "/api/incidents", is_reporting=True),
        box("incidents of a small box", SMALL, 500),
        box("incidents of a large box", LARGE, 500),
        box("incidents of a large box, the most", LARGE, 5000),
        desk_page("desk page, the most urgent", "due"),
        desk_page("desk page, the newest", "-filed"),
        Question(
            "board", lambda c, me, s: case_board.board(c, Wanted(), me, s), "/api/cases/board", asks_for_ground=True
        ),
        Question("one case", lambda c, me, _: case_details.get_case(c, case_id, me), f"/api/cases/{case_id}"),
    )


def callers(worker_id: int) -> tuple[Caller, ...]:
    return (
        Caller(f"worker:{worker_id}", Role.WORKER, desk.COMMUNITY, Office.WORKER, "bench"),
        Caller(f"desk:{desk.COMMUNITY}", Role.COMMUNITY, desk.COMMUNITY, Office.COMMUNITY, "bench"),
        Caller(f"desk:{desk.STREET}", Role.STREET, desk.STREET[:9], Office.STREET, "bench"),
        Caller("desk:110199000000", Role.DISTRICT, "110199", Office.DISTRICT, "bench"),
    )


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        desk.fill(url := databases.create("scope"), CASES)
        yield from measured(url)
    finally:
        databases.drop_all()


def measured(url: str, wanted: str = "") -> Iterator[Row]:
    """A row for each question whose name has `wanted` in it, each caller and each way."""
    with psycopg.connect(url) as line:
        (worker_id,), (case_id,) = (line.execute(text, [desk.CELL]).fetchone() or () for text in (WORKER_ID, OWN_CASE))
    asked = [
        (question, me)
        for question in questions(case_id)
        if wanted in question.name
        for me in (*callers(worker_id), *((PUBLIC,) if question.is_reporting else ()))
    ]
    with ExitStack() as stack, asyncio.Runner() as runner:
        webs = [stack.enter_context(_served(url, name)) for name in NAMES]
        for question, me in asked:
            yield runner.run(at_database(url, question, me))
            yield runner.run(over_http(url, webs, question, me))


@contextmanager
def _served(url: str, name: str) -> Iterator[Web]:
    comes_as = url if name == FREE else as_web(url)
    program = {"program": UNSCOPED} if name == FREE else {}
    at = {"WANGGE_WEB_DATABASE_URL": _named(comes_as, name) if comes_as else ""}
    with server.running(_named(url, name), **program, **at) as (address, process):
        yield Web(name, address, process.pid)


def _named(url: str, name: str) -> str:
    """The same database for an application of that name, by which its processes there are known."""
    return make_url(url).update_query_dict({"application_name": name}).render_as_string(hide_password=False)


async def at_database(url: str, question: Question, me: Caller) -> Row:
    plain = web_options()["options"].partition(" -c role=")[0]
    async with AsyncExitStack() as stack:
        scoped, free = [
            await stack.enter_async_context(_connected(url, options))
            for options in (f"{plain} -c role={WEB_ROLE}", plain)
        ]
        shown = await _entered(scoped, question, me)
        await scoped.commit()

        async def with_scope() -> None:
            """One request's part: entered, asked and committed, for after a rollback everything would be planned anew."""
            await question.call(scoped, me, await _entered(scoped, question, me))
            await scoped.commit()

        async def without() -> None:
            await async_driver_connection(free)
            await question.call(free, me, None if question.asks_for_ground else shown)
            await free.commit()

        pids = [[os.getpid(), await _backend(line)] for line in (scoped, free)]
        sides = [Side(turn, lambda own=own: own) for turn, own in zip((with_scope, without), pids, strict=True)]
        return await _paired(f"scope: {question.name}, {me.office}", *sides)


def _connected(url: str, options: str) -> Any:
    return create_async_engine(sqlalchemy_url(url), connect_args={"options": options}).connect()


async def _backend(connection: AsyncConnection) -> int:
    return (await async_driver_connection(connection)).info.backend_pid


async def _entered(connection: AsyncConnection, question: Question, me: Caller) -> Sight:
    driver = await async_driver_connection(connection)
    return await scope.enter(driver, me, "127.0.0.1", sees_all=question.is_reporting)


async def over_http(url: str, webs: Sequence[Web], question: Question, me: Caller) -> Row:
    named = {HEADER: me.actor, "Authorization": f"Bearer {Signing(url).token(me.actor)}"} if me is not PUBLIC else {}
    headers = named | {"Accept-Encoding": "gzip"}
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Client(web.address)) for web in webs]

        def side(web: Web, client: Client) -> Side:
            working = lambda: [web.pid, *processor.backends(url, web.name)]  # noqa: E731
            return Side(lambda: _answered(client, question, headers), working)

        return await _paired("  the same over HTTP", *map(side, webs, clients))


async def _answered(client: Client, question: Question, headers: dict[str, str]) -> None:
    method, told = ("POST", place()) if question.is_reporting else ("GET", None)
    status, answer = await client.ask(method, question.target, told, **headers)
    assert status in (200, 201), answer


async def _paired(name: str, scoped: Side, free: Side) -> Row:
    """Medians of processor time in milliseconds, and those of the ratios; who goes first changes with every turn."""
    taken: list[tuple[Taken, Taken]] = []
    pids: list[list[int]] = [[], []]
    async for number in _turns():
        if number == WARM:
            pids = [side.pids() for side in (scoped, free)]
        order = (0, 1) if number % 2 else (1, 0)
        times = {at: await _taken((scoped, free)[at].turn, pids[at]) for at in order}
        if number >= WARM:
            taken.append((times[0], times[1]))
    ours, yardstick = (statistics.median(side.processor_ms for side in sides) for sides in zip(*taken, strict=True))
    ratio, by_clock = (
        statistics.median(getattr(b, kind) / getattr(a, kind) for a, b in taken) for kind in Taken._fields
    )
    note = f"the same without scope; by the clock {by_clock:.2f} ×"
    return Row(name, ours, "ms", yardstick, note, aim=AIM, paired=ratio)


async def _turns() -> AsyncIterator[int]:
    begun = time.monotonic()
    for number in range(WARM + MOST):
        if number > WARM * 2 and time.monotonic() - begun > LONGEST_S:
            return
        yield number


async def _taken(turn: Turn, pids: Sequence[int]) -> Taken:
    spent, begun = processor.milliseconds(pids), time.perf_counter()
    await turn()
    clock_ms = (time.perf_counter() - begun) * 1000
    return Taken(processor.milliseconds(pids) - spent, clock_ms)
