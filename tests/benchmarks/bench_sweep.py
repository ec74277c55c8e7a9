"""Sweeps over a million stored cases, 20,000 of them open: rounds that find nothing and rounds that find plenty; notices of events.

The yardstick of a round is the same question asked plainly, by a statement that knows nothing of limits: which open cases are due
and not on record as late.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator

import psycopg

from data import notices
from data.schema import upgrade
from flows.sweep import ROWS, Sweeper
from geo.notices import Habits
from tests import town
from tests.benchmarks.report import Row, seconds
from tests.conftest import Databases

CASES, ROUNDS, EVENTS, TOLD = 1_000_000, 30, 200_000, 100
FILL = """
    WITH told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        SELECT 'C0101', 116.28, 39.78, 'cgcs2000', 'SRID=4490;POINT(116.28 39.78)' FROM generate_series(1, %s) RETURNING id
    )
    INSERT INTO case_file (id, state, outcome, worker_id, lead, filed_at, dispatched_at, due_at, time_limit, overdue_at, level)
    SELECT id, CASE WHEN id %% 50 = 0 THEN 'handling' ELSE 'closed' END, CASE WHEN id %% 50 > 0 THEN 'solved' END,
           1 + id %% 100, 'worker:1', now() - interval '9 days', now() - interval '9 days',
           CASE WHEN id %% 500 = 0 THEN now() - interval '5 days' ELSE now() + (1 + id %% 20) * interval '1 day' END,
           (ARRAY['4wh', '2wh', '1wd', '2wd', '5wd', '7wd', '90m', '24h', '7d', '4wh/7wd/20wd'])[1 + id / 50 %% 10],
           CASE WHEN id %% 500 = 0 THEN now() - interval '5 days' END, CASE WHEN id %% 500 = 0 THEN 'district' ELSE 'cell' END
    FROM told
"""
PLAINLY = """
    SELECT count(*) FROM case_file
    WHERE state NOT IN ('closed', 'evaluated') AND due_at <= now() AND (overdue_at IS NULL OR overdue_at < due_at)
"""
LATE = """
    UPDATE case_file SET due_at = now() - interval '1 s'
    WHERE id IN (SELECT id FROM case_file WHERE state = 'handling' AND level = 'cell' LIMIT %s)
"""
HAPPEN = """
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id)
    SELECT id, 2, 'dispatch', 'filed', 'dispatched', 'dispatcher', 1 + id %% %s FROM case_file ORDER BY id LIMIT %s
"""


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        url = databases.create("sweep")
        upgrade(url)
        town.settle(url, town.build(13, 13))
        with psycopg.connect(url, autocommit=True) as line:
            line.execute(FILL, [CASES])
            line.execute("VACUUM ANALYZE")
            yield from _sweeps(line)
            yield from _notices(line)
    finally:
        databases.drop_all()


def _sweeps(line: psycopg.Connection) -> Iterator[Row]:
    sweeper = Sweeper(line)
    while sweeper.round().found:
        pass
    idle = [seconds(sweeper.round) for _ in range(ROUNDS)]
    plainly = [seconds(lambda: line.execute(PLAINLY)) for _ in range(ROUNDS)]
    name = f"round without a find, {CASES:,} cases, {CASES // 50:,} open"
    asked = "one plain statement: what is late"
    yield Row(name, statistics.median(idle) * 1e3, "ms", statistics.median(plainly) * 1e3, asked, aim="aim: a few ms")
    line.execute(LATE, [ROWS])
    yield Row(f"round with {ROWS} breaches, each up one level", seconds(sweeper.round), "s")


def _notices(line: psycopg.Connection) -> Iterator[Row]:
    notices.collect(line, ROWS)
    line.execute(HAPPEN, [TOLD, EVENTS])
    yield Row(f"{EVENTS:,} events, nobody has an address", seconds(lambda: notices.collect(line, 5000)) * 1e3, "ms")
    for worker in range(1, TOLD + 1):
        notices.add_address(line, f"worker:{worker}", f"json://127.0.0.1/{worker}", "zh", Habits())
    line.execute(HAPPEN, [TOLD, EVENTS])
    yield Row(f"{EVENTS:,} events, each a notice", seconds(lambda: _collect_all(line)), "s")


def _collect_all(line: psycopg.Connection) -> None:
    while notices.collect(line, 5000):
        pass
