"""The desk over 1,000,000 cases with 8,000,000 events: each call beside the bare indexed query for the same rows, without names of
people and places and not made into JSON, and beside the same call over 10,000 cases. The three take turns, so that the machine's
mood is shared; each begins a transaction, as every request does, and the bare query is planned for its values like ours.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from data import case_board, case_details, case_lists
from data.case_filters import Wanted
from data.database import sqlalchemy_url, web_options
from data.geojson import Bbox
from geo.callers import Caller
from geo.lifecycle import Role
from tests.benchmarks import desk
from tests.benchmarks.report import Row
from tests.conftest import Databases

MANY, FEW = 1_000_000, 10_000
ROUNDS = 40
DUTY = Caller("desk:000000000000", Role.DISTRICT)
STREET = Caller(f"desk:{desk.STREET}", Role.STREET, desk.STREET[:9])
SAMPLE_ID = 8888
HOLDERS = tuple(f"worker:{number}" for number in range(1, 11))
Call = Callable[[AsyncConnection], Awaitable[object]]
ROW = """SELECT c.*, i.source, i.category_code, i.description, ST_X(i.geom), ST_Y(i.geom)
         FROM case_file AS c JOIN incident AS i ON i.id = c.id WHERE """
OPEN, DUE = "c.state NOT IN ('closed', 'evaluated')", "ORDER BY c.due_at, c.id LIMIT 51"
NEWEST = "ORDER BY c.filed_at DESC, c.id DESC LIMIT 51"
IN_STREET = f"c.street_id = (SELECT id FROM area WHERE code = '{desk.STREET}')"
IN_COMMUNITY = f"c.community_id = (SELECT id FROM area WHERE code = '{desk.COMMUNITY}')"
BOARD = f"""SELECT c.state, count(*), count(*) FILTER (WHERE c.due_at < now()) FROM case_file AS c WHERE {OPEN} GROUP BY 1;
    """ + " UNION ALL ".join(
    f"({ROW} c.state = '{state}' AND {OPEN} ORDER BY c.due_at, c.id LIMIT 30)"
    for state in ("collected", "filed", "dispatched", "handling", "suspended", "fed_back", "verifying")
)


def listed(sort: str = "due", me: Caller = DUTY, **wanted: Any) -> Call:
    return lambda connection: case_lists.list_cases(connection, Wanted(**wanted), me, sort=sort, after=None, limit=50)


@dataclass(frozen=True)
class Question:
    """A call of the desk, and the statement that gives its rows and nothing else."""

    name: str
    call: Call
    bare: str


QUESTIONS = (
    Question("board, all stages", lambda c: case_board.board(c, Wanted(), DUTY), BOARD),
    Question("first page, the most urgent", listed(), f"{ROW} {OPEN} {DUE}"),
    Question("first page, a street's desk", listed(me=STREET), f"{ROW} {OPEN} AND {IN_STREET} {DUE}"),
    Question("first page, the newest", listed("-filed"), f"{ROW} true {NEWEST}"),
    Question("late", listed(late=("late",)), f"{ROW} {OPEN} AND c.due_at < now() {DUE}"),
    Question("stage", listed(stage=("verify",)), f"{ROW} {OPEN} AND c.state = 'verifying' {DUE}"),
    Question("community", listed(area=(desk.COMMUNITY,)), f"{ROW} {OPEN} AND {IN_COMMUNITY} {DUE}"),
    Question("cell, the newest", listed("-filed", cell=(desk.CELL,)),
             f"{ROW} c.cell_id = (SELECT id FROM cell WHERE code = '{desk.CELL}') {NEWEST}"),
    Question("category", listed("-filed", category=("C01",)),
             f"{ROW} coalesce(c.category_code, i.category_code) LIKE 'C01%' {NEWEST}"),
    Question("holders", listed(holder=HOLDERS), f"{ROW} {OPEN} AND c.worker_id BETWEEN 1 AND 10 {DUE}"),
    Question("box of a fortieth of the city", listed("-filed", bbox=Bbox(116.24, 39.82, 116.265, 39.8375)),
             f"{ROW} ST_Intersects(i.geom, ST_MakeEnvelope(116.24, 39.82, 116.265, 39.8375, 4490)) {NEWEST}"),
    Question("search, a common word", listed("-filed", q="共享单车"), f"{ROW} i.description LIKE '%共享单车%' {NEWEST}"),
    Question("search, a rare word", listed("-filed", q="蜂窝"),
             f"{ROW} bigrams(i.description) @> ARRAY['蜂窝'] {NEWEST}"),
    Question("search, two words", listed("-filed", q="共享单车 地铁站"),
             f"{ROW} i.description LIKE '%共享单车%' AND i.description LIKE '%地铁站%' {NEWEST}"),
    Question("one case with all about it", lambda c: case_details.get_case(c, SAMPLE_ID, DUTY),
             f"{ROW} c.id = {SAMPLE_ID}; SELECT * FROM case_event WHERE case_id = {SAMPLE_ID} ORDER BY seq"),
)  # fmt: skip


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        many, few = databases.create("many"), databases.create("few")
        for url, cases in ((few, FEW), (many, MANY)):
            desk.fill(url, cases)
        for question in QUESTIONS:
            ours, bare, small = asyncio.run(_measured(question, many, few))
            yield Row(f"desk: {question.name}", ours, "ms", bare, "bare indexed query", aim="aim: 0.33 ×")
            yield Row("  the same", ours, "ms", small, "the same call on 10,000 cases", aim="aim: 0.67 ×")
    finally:
        databases.drop_all()


async def _measured(question: Question, many: str, few: str) -> list[float]:
    """The least of all turns in milliseconds: ours over many cases, the bare query over many, ours over few.

    What else runs on the machine only ever adds, and most to what goes back and forth.
    """
    engines = [create_async_engine(sqlalchemy_url(url), connect_args=web_options()) for url in (many, few)]
    bare = await psycopg.AsyncConnection.connect(many, options=web_options()["options"])
    async with engines[0].connect() as large, engines[1].connect() as small, bare:
        turns = (lambda: question.call(large), lambda: _bare(bare, question.bare), lambda: question.call(small))
        taken: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            for times, turn in zip(taken, turns, strict=True):
                begun = time.perf_counter()
                await turn()
                times.append((time.perf_counter() - begun) * 1000)
            for connection in (large, small, bare):
                await connection.rollback()
    for engine in engines:
        await engine.dispose()
    return [min(times) for times in taken]


async def _bare(connection: psycopg.AsyncConnection[Any], statements: str) -> None:
    for statement in statements.split(";"):
        await (await connection.execute(statement.encode(), prepare=False)).fetchall()
