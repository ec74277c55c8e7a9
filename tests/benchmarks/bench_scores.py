"""Scores of a year's cases by one pass over their events, beside a bare count of events by case: the least that must be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from data import reckoning, score_rows, scores
from data.database import driver_connection
from tests.benchmarks import many_cases
from tests.benchmarks.report import Row, seconds

UNTIL = datetime(2026, 4, 1, tzinfo=UTC)
BARE = text("SELECT count(*), sum(events) FROM (SELECT count(*) AS events FROM case_event GROUP BY case_id) AS cases")
YARDSTICK = "SELECT count(*) FROM case_event GROUP BY case_id"
PERIODS = ("day", "week", "month", "quarter", "year")


def rows() -> Iterator[Row]:
    with many_cases.database(UNTIL) as engine, engine.connect() as opened:
        connection = opened.execution_options(isolation_level="REPEATABLE READ")
        yield from _measured(connection)
        connection.rollback()


def _measured(connection: Connection) -> Iterator[Row]:
    size = f"{many_cases.count():,} cases, {many_cases.count() * many_cases.EVENTS_EACH:,} events"
    connection.exec_driver_sql(scores.ROOM)
    connection.execute(BARE)
    bare = seconds(lambda: connection.execute(BARE))
    known: dict[str, Any] = {}
    read = seconds(
        lambda: known.update(read=reckoning.read(connection, scores.basis(driver_connection(connection), UNTIL)))
    )
    yield Row(f"facts of {size}", read, "s", bare, YARDSTICK, aim="one pass")
    periods = [reckoning.wanted(kind, UNTIL.date().replace(month=3))[0][0] for kind in PERIODS]
    runs: list[dict[str, Any]] = []
    stored = seconds(lambda: runs.extend(reckoning.store(connection, known["read"], period) for period in periods))
    yield Row("five periods reckoned and stored", stored, "s", aim="with the facts: nightly scores in one pass")
    page = seconds(
        lambda: score_rows.page(connection, runs[2]["run"], "street", "110198001000", "on_time_rate", limit=100)
    )
    yield Row("a page of the cases behind a street's rate", page, "s")
