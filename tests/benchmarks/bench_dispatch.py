"""Dispatching a backlog, beside plain PostGIS doing the same in one set-based statement, and beside COPY of the same rows.

20,000 crooked cells, 200,000 incidents that were imported and never located. Every run starts from the same copy of the
database. The join keeps all rules of ours and stores the same rows: covers and lowest code, gaps within the tolerance,
candidates with distances, the handling rule, agencies, the roster's choice and loads, the clock, an event with its explanation
(sql/dispatch_by_join.sql).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from sqlalchemy.engine import make_url

from data import calendars, handling, situation
from data.database import forget_engines
from data.days import today
from data.schema import upgrade
from data.settings import settings
from flows.dispatcher import drain
from geo.deadlines import Deadlines
from geo.location import locate
from tests import town
from tests.benchmarks.report import Row, seconds
from tests.conftest import Databases

COLUMNS, ROWS, INCIDENTS = 200, 100, 200_000
TOLERANCE_M = 30
JOIN = (Path(__file__).parent / "sql" / "dispatch_by_join.sql").read_text(encoding="utf-8")
PAIRS = """
    SELECT count(*) FROM (
        SELECT DISTINCT ON (incident.id) incident.id, cell.id FROM incident JOIN cell ON ST_Covers(cell.geom, incident.geom)
        ORDER BY incident.id, cell.code
    ) AS found
"""
FILE = """
    WITH told AS (
        INSERT INTO incident (category_code, source, lon, lat, datum, geom)
        SELECT codes.of[n %% cardinality(codes.of) + 1], (ARRAY['grid_worker', 'hotline', 'resident', 'video'])[n %% 4 + 1],
               x, y, 'cgcs2000', ST_SetSRID(ST_MakePoint(x, y), 4490)
        FROM (SELECT %s + random() * %s AS x, %s + random() * %s AS y, n FROM generate_series(1, %s) AS n) AS places,
             (SELECT array_agg(code ORDER BY code) AS of FROM category WHERE parent_code IS NOT NULL) AS codes
        RETURNING id
    )
    INSERT INTO case_file (id) SELECT id FROM told
"""
FOREIGN_KEYS = (
    ("case_file", "cell_id", "cell (id)"),
    ("case_file", "community_id", "area (id)"),
    ("case_file", "street_id", "area (id)"),
    ("case_file", "worker_id", "worker (id)"),
    ("case_file", "desk_code", "unit (code)"),
    ("case_event", "case_id", "case_file (id)"),
    ("case_event", "worker_id", "worker (id)"),
    ("case_event", "desk_code", "unit (code)"),
)


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        filled = _fill(databases)
        ours, floor = _ours(databases, filled)
        name = f"dispatch {INCIDENTS:,} incidents × {COLUMNS * ROWS:,} cells, stored"
        yield Row(name, ours, "s", _join(databases, filled), "plain PostGIS join, same tables", aim="aim: 5 ×")
        keyed = _join(databases, filled, with_foreign_keys=True)
        yield Row(name, ours, "s", keyed, "plain PostGIS join, foreign keys on the same columns")
        yield Row(name, ours, "s", floor, "COPY of the same rows: the floor")
        yield _located_only(databases, filled)
    finally:
        databases.drop_all()


def _fill(databases: Databases) -> str:
    """The name of a database with ground, heads and waiting cases."""
    url = databases.create("dispatch")
    upgrade(url)
    made = town.build(COLUMNS, ROWS)
    town.settle(url, made)
    west, south, east, north = made.bounds.tolist()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILE, [west, east - west, south, north - south, INCIDENTS])
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return make_url(url).database or ""


@contextmanager
def _copy_of(databases: Databases, filled: str) -> Iterator[psycopg.Connection]:
    """A copy of its own, which settings and engines of this process point to."""
    url = databases.create("copy", filled)
    before = os.environ.get("WANGGE_DATABASE_URL")
    os.environ["WANGGE_DATABASE_URL"] = url
    forget_engines()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            yield connection
    finally:
        os.environ.pop("WANGGE_DATABASE_URL") if before is None else os.environ.update(WANGGE_DATABASE_URL=before)
        forget_engines()


def _ours(databases: Databases, filled: str) -> tuple[float, float]:
    """Seconds of ours, and of COPY of the rows that it left into tables with the same indexes."""
    with _copy_of(databases, filled) as connection:
        ours = seconds(lambda: _check(drain().dispatched))
        return ours, sum(_copy_again(connection, table) for table in ("case_file", "case_event"))


def _copy_again(connection: psycopg.Connection, table: str) -> float:
    connection.execute(f"CREATE TABLE again (LIKE {table} INCLUDING ALL)")
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
        for block in copy:
            buffer.write(block)

    def write() -> None:
        with connection.cursor() as cursor, cursor.copy("COPY again FROM STDIN") as copy:
            copy.write(buffer.getbuffer())

    taken = seconds(write)
    connection.execute("DROP TABLE again")
    return taken


def _join(databases: Databases, filled: str, *, with_foreign_keys: bool = False) -> float:
    with _copy_of(databases, filled) as connection:
        wish = {"metric_srid": settings().metric_srid, "tolerance_m": TOLERANCE_M} | _clocks(connection)
        for table, column, target in FOREIGN_KEYS if with_foreign_keys else ():
            connection.execute(f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {target}")
        return seconds(lambda: _check(_count(connection, JOIN, wish)))


def _clocks(connection: psycopg.Connection) -> dict[str, Any]:
    """When a case that starts now is due, by each limit of a rule."""
    calendar, limits = calendars.read(connection), set(handling.read_rules(connection, today())["time_limit"].dropna())
    deadlines = Deadlines(datetime.now(calendar.zone), calendar)
    counted = [(limit, *(deadlines.of(limit) or (None, False))) for limit in sorted(limits)]
    told = zip(("time_limit", "due_at", "is_provisional"), map(list, zip(*counted, strict=True)), strict=True)
    return dict(told) | {"calendar": calendar.digest}


def _located_only(databases: Databases, filled: str) -> Row:
    """Nothing stored: all of our rules in memory beside nothing but the covering cell with the lowest code in SQL."""
    with _copy_of(databases, filled) as connection:
        places = connection.execute("SELECT ST_X(geom), ST_Y(geom) FROM incident").fetchall()
        ground = situation.look(connection).ground
        ours = seconds(lambda: locate(np.array(places), ground))
        theirs = seconds(lambda: _count(connection, PAIRS))
    return Row("the same, located only", ours, "s", theirs, "ST_Covers join alone: no gap, no candidates, parallel")


def _count(connection: psycopg.Connection, statement: str, wish: dict[str, Any] | None = None) -> int:
    row = connection.execute(statement, wish).fetchone()
    assert row
    return int(row[0])


def _check(dispatched: int) -> None:
    assert dispatched == INCIDENTS
